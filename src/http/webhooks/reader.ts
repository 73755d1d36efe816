/** Reads one field after another out of a request or a point, the body before the query, and notes what could not be read. */

import type { SaidPosition } from '../../actions/said.ts';
import { readTime, type SaidTime } from '../../domain/timestamps.ts';
import { withoutTokens } from '../../domain/tokens.ts';
import { find, isMissing, single, type Field, type Named } from './fields.ts';
import { readAccuracyMetres, readSpeedKmh } from './numbers.ts';
import { readPosition } from './positions.ts';

/** As long as the device names of a car may be. */
const LONGEST_DEVICE = 64;
const LONGEST_ID = 200;

export class Reader {
  readonly #body: Named;
  readonly #query: Named;
  readonly #warnings = new Set<string>();

  constructor(body: Named, query: Named) {
    this.#body = body;
    this.#query = query;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  warn(...warnings: readonly string[]): void {
    for (const warning of warnings) this.#warnings.add(warning);
  }

  /** The value as it came; `undefined`: none did. */
  take(field: Field): unknown {
    const found = find(this.#body, field);
    if (found.conflicting) this.warn('conflicting_fields');
    return found.value === undefined ? find(this.#query, field).value : found.value;
  }

  /** Leaves exactly one warning that says why when there is none. */
  position(): SaidPosition | null {
    const { position, warnings } = readPosition(this.take('lat'), this.take('lng'), this.take('place'));
    this.warn(...warnings);
    const accuracyMetres = this.#measure('accuracy', readAccuracyMetres);
    const speedKmh = this.#measure('speed', readSpeedKmh);
    return position === null ? null : { ...position, accuracyMetres, speedKmh };
  }

  /** Whether it can be believed is known only where it is dated; the warning is left there. */
  time(): SaidTime | null {
    return readTime(single(this.take('timestamp')));
  }

  car(): { readonly carId: string | null; readonly device: string | null } {
    return {
      carId: this.#name('carId', LONGEST_ID, 'unknown_car'),
      device: this.#name('device', LONGEST_DEVICE, 'device_unreadable'),
    };
  }

  eventId(): string | null {
    return this.#label('eventId', LONGEST_ID, 'event_id_unreadable');
  }

  #measure(field: 'accuracy' | 'speed', read: (raw: unknown) => number | null | undefined): number | null {
    const value = read(this.take(field));
    if (value === undefined) this.warn(`${field}_unreadable`);
    return value ?? null;
  }

  /** Is shown again, also to those who may only read. */
  #name(field: Field, longest: number, warning: string): string | null {
    const label = this.#label(field, longest, warning);
    return label === null ? null : withoutTokens(label);
  }

  #label(field: Field, longest: number, warning: string): string | null {
    const value = single(this.take(field));
    if (isMissing(value)) return null;
    if (typeof value === 'string' || typeof value === 'number')
      return cut(String(value).trim().toWellFormed(), longest);
    this.warn(warning);
    return null;
  }
}

/** Between characters, so that no emoji is torn. */
function cut(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}
