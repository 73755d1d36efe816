/** Whether an event was told before (trip rules, "the same"). Looks into the journal and decides; writes nothing. */

import type { JournalEntry } from '../domain/machine/state.ts';
import { LIMITS } from '../domain/settings.ts';
import type { User } from '../domain/users.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import type { Loaded } from './machine-docs.ts';
import type { SaidEvent } from './said.ts';

/** What to keep the event under, and what it is the same as. */
export interface Identified extends Pick<JournalEntry, 'identity' | 'body'> {
  readonly id: string;
  /** The event this one is the same as. */
  readonly first: JournalEntry | null;
  /** Its `event_id` was another event's before. */
  readonly reused: boolean;
}

/** By its id with nothing but itself since, within the duplicate window; or by a wholly equal body with a time in it. */
export function* identify(
  { ids }: Pick<Deps, 'ids'>,
  tx: Tx,
  said: SaidEvent,
  { stored }: Loaded,
  user: User,
  receivedAt: number,
): Work<Identified> {
  const { type, eventId } = said;
  const at = timeOf(said);
  const identity = eventId === null ? null : JSON.stringify([type, eventId, at]);
  const body = at === null ? null : ids.of('evt', JSON.stringify([type, eventId, 'body', said.said]));
  const named = eventId === null ? body : ids.of('evt', JSON.stringify([type, eventId]));
  const unlike = { identity, body, first: null };
  if (named === null) return { ...unlike, id: ids.next('evt'), reused: false };
  const known = yield* tx.get('event', named);
  if (known === null) return { ...unlike, id: named, reused: false };

  const age = ({ event }: JournalEntry) => receivedAt - event.receivedAt;
  const last = identity === null ? null : yield* lastEvent(tx, stored?.lastEventId ?? null, known);
  const isAgain = last !== null && last.identity === identity && age(last) <= user.settings.duplicateWindowMs;
  if (isAgain) return { ...unlike, id: last.event.id, first: last, reused: false };
  const equal = body === null ? null : known.body === body ? known : yield* tx.get('event', body);
  if (equal && age(equal) <= LIMITS.sameBodyMs) return { ...unlike, id: equal.event.id, first: equal, reused: false };
  const isFree = body !== null && equal === null;
  return { ...unlike, id: isFree ? body : ids.next('evt'), reused: eventId !== null };
}

function* lastEvent(tx: Tx, id: string | null, known: JournalEntry): Work<JournalEntry | null> {
  return id === null || id === known.event.id ? known : yield* tx.get('event', id);
}

/** The time it carries, as far as it tells one event from another. */
function timeOf({ time }: SaidEvent): string | null {
  if (time?.kind === 'instant') return String(time.at);
  return time?.kind === 'local' ? time.text : null;
}
