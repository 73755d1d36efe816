/** When the trip of a row began and ended. */

import { localDate } from '../calendar.ts';
import type { Cells } from './cells.ts';
import { endOf, startOf, type Said } from './moments.ts';

export interface RowSpan {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** `null`: it cannot be said, and the cells hold why. */
export function spanIn(cells: Cells, timeZone: string): RowSpan | null {
  const startedAt = startIn(cells, timeZone);
  const endedAt = startedAt === null ? null : endIn(cells, startedAt, timeZone);
  return startedAt === null || endedAt === null ? null : { startedAt, endedAt };
}

function startIn(cells: Cells, timeZone: string): number | null {
  const before = cells.errors.length;
  const [day, clock] = [cells.moment('started_at') ?? cells.moment('date'), cells.moment('start_time')];
  if (cells.errors.length > before) return null;
  const at = instantOf(day, clock, timeZone);
  if (at !== null && at >= 0) return at;
  if (at !== null) cells.refuse('started_at', 'a date from 1970 on');
  else if (day === null) cells.refuse('started_at', 'required');
  else cells.refuse('start_time', 'required: when on that day the trip began');
  return null;
}

function instantOf(day: Said | null, clock: Said | null, timeZone: string): number | null {
  const instant = instantIn(day, clock);
  if (instant !== null) return instant;
  const [date, time] = [partIn('date', day, clock), partIn('time', day, clock)];
  return date === null || time === null ? null : startOf(date, time, timeZone);
}

function endIn(cells: Cells, startedAt: number, timeZone: string): number | null {
  const before = cells.errors.length;
  const [day, clock, lastedMs] = [cells.moment('ended_at'), cells.moment('end_time'), cells.durationMs()];
  if (cells.errors.length > before) return null;
  const instant = instantIn(day, clock);
  if (instant !== null) return instant;
  const [date, time] = [partIn('date', day, clock), partIn('time', day, clock)];
  if (time !== null) return endOf(date, time, localDate(startedAt, timeZone), startedAt, timeZone);
  if (lastedMs !== null) return startedAt + lastedMs;
  cells.refuse('ended_at', 'required, or end_time or duration_min');
  return null;
}

function instantIn(...said: readonly (Said | null)[]): number | null {
  const instant = said.find((one) => one?.kind === 'instant');
  return instant?.kind === 'instant' ? instant.at : null;
}

/** A date may stand before a time, or both in one cell. */
function partIn(part: 'date' | 'time', ...said: readonly (Said | null)[]): string | null {
  for (const one of said) if (one?.kind === 'local' && one[part] !== null) return one[part];
  return null;
}
