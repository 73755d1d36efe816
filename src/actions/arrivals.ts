/** Whether what arrives is the latest thing known, or happened before something that is. Of one instant, the order of arrival counts. */

import type { JournalEvent, Ping } from '../domain/events.ts';
import type { Loaded } from './machine-docs.ts';

/** The event has to be sorted in among what is known; so has everything while late points wait to be measured. */
export function isLate(known: Loaded, event: JournalEvent): boolean {
  if (known.active?.patched || event.at < known.lastAt) return true;
  if (event.at > known.lastAt) return false;
  if (event.type === 'car_reading') return lastFixAt(known) === event.at;
  // A start goes before the points of its instant; a fix of its own takes their place.
  return event.type === 'start' || event.fix !== null;
}

/** The point is not newer than all that is known. */
export function isBehind(known: Loaded, { at }: Ping): boolean {
  if (at < known.lastAt || lastFixAt(known) === at) return true;
  return at <= known.lastEventAt && known.machine.now.phase !== 'driving';
}

/** When the trip that is open, or may go on, was last somewhere. */
function lastFixAt({ machine: { now } }: Loaded): number | null {
  return now.phase === 'idle' ? null : (now.trip.lastFix?.at ?? null);
}

/** A point nothing in the journal came after: it joins the open trip, or lies between trips, and that is all. */
export function liesApart({ machine: { now, memory }, lastEventAt }: Loaded, { at }: Ping): boolean {
  if (now.phase === 'driving') return at > lastEventAt;
  return now.phase === 'idle' && at > lastEventAt && at > (memory.closed[0]?.closingAt ?? 0);
}
