/** Whether what arrives is the latest thing known, or happened before something that is. Of one instant, the order of arrival counts. */

import type { JournalEvent, Ping } from '../domain/events.ts';
import type { Loaded } from './machine-docs.ts';

/** The event has to be sorted in among what is known; so has everything while late points wait to be measured. */
export function isLate({ active, lastAt }: Loaded, event: JournalEvent): boolean {
  if (active?.patched || event.at < lastAt) return true;
  if (event.at > lastAt) return false;
  return event.type !== 'car_reading' || active?.now.trip.lastFix?.at === event.at;
}

/** The point is not newer than all that is known. */
export function isBehind({ active, lastAt, lastEventAt }: Loaded, { at }: Ping): boolean {
  if (at < lastAt || active?.now.trip.lastFix?.at === at) return true;
  return at <= lastEventAt && active?.now.phase !== 'driving';
}

/** A point nothing in the journal came after: it joins the open trip, or lies between trips, and that is all. */
export function liesApart({ machine: { now, memory }, lastEventAt }: Loaded, { at }: Ping): boolean {
  if (now.phase === 'driving') return at > lastEventAt;
  return now.phase === 'idle' && at > lastEventAt && at > (memory.closed[0]?.closingAt ?? 0);
}
