/** Between what is kept (metres, epoch milliseconds) and what people read (kilometres, ISO 8601). Nothing else converts but `lengths`. */

export const METRES_PER = { km: 1_000, mi: 1_609.344, m: 1 } as const;
export type DistanceUnit = keyof typeof METRES_PER;

const MINUTE_MS = 60_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** At most 3 decimals, as a length has whole metres. */
export function kmOf(metres: number): number {
  return Math.round(metres) / METRES_PER.km;
}

/** Rounded to 3 decimals. */
export function milesOf(metres: number): number {
  return Math.round((metres / METRES_PER.mi) * 1_000) / 1_000;
}

/** Whole metres. */
export function metresOf(length: number, unit: DistanceUnit): number {
  return Math.round(length * METRES_PER[unit]);
}

/** ISO 8601 in UTC, with milliseconds. */
export function isoOf(at: number): string {
  return new Date(at).toISOString();
}

/** For libraries that want one. */
export function dateOf(at: number): Date {
  return new Date(at);
}

/** The instant an ISO 8601 text with offset names, or `null` when it names none. */
export function instantOf(text: string): number | null {
  if (!INSTANT.test(text)) return null;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

/** Whole minutes of a span. */
export function minutesOf(spanMs: number): number {
  return Math.round(spanMs / MINUTE_MS);
}

/** Seven decimals are a centimetre. */
export function degreesOf(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

export function kmOrNull(metres: number | null): number | null {
  return metres === null ? null : kmOf(metres);
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : isoOf(at);
}
