/**
 * Trip rule 18: something arrived that happened earlier than what is already known. The events since are folded again,
 * in their own order, from the state before them, once without and once with what arrived; where the two disagree,
 * book, feed and tracks are brought to the second. What a trip says that both agree about is never written anew.
 */

import type { JournalEvent, Ping, Reply } from '../domain/events.ts';
import type { Machine } from '../domain/machine/state.ts';
import { reply, type Context } from '../domain/machine/turn.ts';
import { distinct } from '../domain/points.ts';
import {
  changedVerdicts,
  fold,
  inOrder,
  ledgerOf,
  NOTHING,
  caughtUp,
  type Folded,
  type Verdict,
} from '../domain/timeline.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import { stretchSince, writeJournal, type Arrival, type Revision, type Stretch } from './journal.ts';
import { signCancel, writeEntry, writeVerdicts } from './ledger.ts';
import { save, type Loaded } from './machine-docs.ts';
import { keepIdle } from './points.ts';
import { tracksOf, writeTracks, type Tracks } from './rehome.ts';

export interface Refolded {
  readonly machine: Machine;
  readonly reply: Reply | null;
  readonly trips: ReadonlyMap<string, Trip>;
}

/**
 * The same when the user takes a decision back. `settled`: trips he decided about that would have become others; they
 * stay as they are. `null`: the journal does not reach back so far, and nothing was written.
 */
export function* revise(
  deps: Pick<Deps, 'ids' | 'services'>,
  tx: Tx,
  before: Loaded,
  revision: Revision,
  context: Context,
  now: number,
): Work<(Refolded & { readonly settled: readonly string[] }) | null> {
  const arrival: Arrival = { entry: null, pings: [], receivedAt: now, revision };
  const stretch = yield* stretchOf(tx, before, arrival);
  if (!stretch) return null;
  const found = yield* differenceOf(tx, before, stretch, arrival, context);
  return { ...(yield* rewrite(deps, tx, before, stretch, arrival, context, found)), settled: found.settled };
}

export function* refold(
  deps: Pick<Deps, 'ids' | 'services'>,
  tx: Tx,
  before: Loaded,
  arrival: Arrival,
  context: Context,
): Work<Refolded> {
  const stretch = yield* stretchOf(tx, before, arrival);
  if (!stretch) return yield* keepAside(tx, before, arrival, context);

  const found = yield* differenceOf(tx, before, stretch, arrival, context);
  const isPhone = arrival.entry !== null && arrival.entry.event.type !== 'car_reading';
  if (isPhone && found.settled.length > 0) return yield* keepAside(tx, before, arrival, context);
  return yield* rewrite(deps, tx, before, stretch, arrival, context, found);
}

interface Difference {
  readonly tracks: Tracks;
  readonly is: Folded;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Of those, what the user decided about. */
  readonly settled: readonly string[];
}

function* differenceOf(tx: Tx, before: Loaded, stretch: Stretch, arrival: Arrival, context: Context): Work<Difference> {
  const tracks = yield* tracksOf(tx, before, stretch);
  const { was, is } = histories(before, stretch, tracks, arrival, context);
  const changed = changedVerdicts(stretch.base, was, is);
  const verdicts = new Map([...changed].map(([id, verdict]): [string, Verdict] => [id, verdict.is]));
  return { tracks, is, verdicts, settled: [...changed.keys()].filter((id) => before.machine.memory.settled[id]) };
}

function* rewrite(
  deps: Pick<Deps, 'ids' | 'services'>,
  tx: Tx,
  before: Loaded,
  stretch: Stretch,
  arrival: Arrival,
  context: Context,
  { tracks, is, verdicts }: Difference,
): Work<Refolded> {
  const { machine } = is;
  const events = [...stretch.entries, ...(arrival.entry ? [arrival.entry] : [])].map(({ event }) => event);
  const untold = arrival.revision?.tripId ?? null;
  const trips = yield* writeVerdicts(deps, tx, verdicts, machine.memory, arrival.receivedAt, untold);
  yield* writeTracks(tx, tracks, is, arrival);
  yield* writeJournal(tx, stretch, is, arrival);
  for (const { discard } of verdicts.values()) {
    if (discard?.reason !== 'cancelled') continue;
    const cancel = events.find(({ type, at }) => type === 'cancel' && at === discard.endedAt);
    if (cancel) yield* signCancel(tx, discard.tripId, cancel.id, context);
  }
  save(tx, before, { machine, tail: null, patched: false, ...marks(before, stretch, arrival) }, context);
  return { machine, reply: replyOf(arrival, is), trips };
}

/** From what arrived or, should late points have joined the open trip since, from the last event known. */
function* stretchOf(tx: Tx, before: Loaded, arrival: Arrival): Work<Stretch | null> {
  const instants = [...(arrival.entry ? [arrival.entry.event] : []), ...arrival.pings].map(({ at }) => at);
  const since = Math.min(before.lastAt + 1, arrival.revision?.since ?? Infinity, ...instants);
  if (!before.active?.patched) return yield* stretchSince(tx, before, since, arrival);
  const patched = yield* stretchSince(tx, before, Math.min(since, before.lastEventAt), arrival);
  return patched ?? (yield* stretchSince(tx, before, since, arrival));
}

/** The same stretch as it was known, and with what arrived. */
function histories(
  before: Loaded,
  { base, entries, silent, was, is }: Stretch,
  { since }: Tracks,
  arrival: Arrival,
  context: Context,
): { was: Folded; is: Folded } {
  const stored = since.map(({ fix }) => pingOf(fix));
  const befores = new Map(entries.map((entry) => [entry.event.id, entry.before]));
  const now = { at: Math.max(before.lastAt, arrival.receivedAt), receivedAt: arrival.receivedAt };
  const folded = (events: readonly JournalEvent[], pings: readonly Ping[], mute: ReadonlySet<string>): Folded => {
    const heard = events.filter(({ id }) => !mute.has(id));
    const all = inOrder(events, pingsBeside(heard, pings));
    const history = fold(base, all, context, (id) => befores.get(id) ?? null, mute);
    const { machine, outputs } = caughtUp(history.machine, before.machine, now, context);
    return { ...history, machine, outputs: [...history.outputs, ...outputs] };
  };
  const back = new Set(arrival.revision?.back.map(({ event }) => event.id));
  const silentNow = new Set([...silent].filter((id) => !back.has(id)));
  const told = folded(was, stored, silent);
  // Late points lie in the open trip's track already, but nothing was concluded from them yet.
  const known = before.active?.patched ? { ...told, machine: before.machine } : told;
  return { was: known, is: folded(is, joined(stored, arrival.pings), silentNow) };
}

/** An event's own fix stands for whatever else is known of its instant. */
function pingsBeside(events: readonly JournalEvent[], pings: readonly Ping[]): readonly Ping[] {
  const own = new Set(events.flatMap((event) => ('fix' in event && event.fix ? [event.fix.at] : [])));
  return pings.filter(({ at }) => !own.has(at));
}

/** Points come back without the time they were received; their own stands in for it. */
function pingOf(fix: Ping['fix']): Ping {
  return { type: 'ping', fix, at: fix.at, receivedAt: fix.at, own: false };
}

function joined(stored: readonly Ping[], arrived: readonly Ping[]): readonly Ping[] {
  const pings = new Map([...stored, ...arrived].map((ping) => [ping.fix, ping]));
  return distinct([...pings.keys()]).map((fix) => pings.get(fix) ?? pingOf(fix));
}

/**
 * The journal does not reach back so far, or the user settled what this would change: an event waits for them, points
 * wait for nobody.
 */
function* keepAside(tx: Tx, before: Loaded, arrival: Arrival, context: Context): Work<Refolded> {
  const { entry, pings, receivedAt } = arrival;
  const { machine, lastEventAt } = before;
  const isNew = entry !== null && (yield* tx.get('event', entry.event.id)) === null;
  if (isNew) writeEntry(tx, { ...entry, before: machine, reply: null, waiting: 'late_event' });
  const fixes = pings.map(({ fix }) => fix);
  yield* keepIdle(tx, fixes, receivedAt);
  const lastEventId = isNew ? entry.event.id : (before.stored?.lastEventId ?? null);
  const { tail = null, patched = false } = before.active ?? {};
  save(tx, before, { machine, tail, patched, lastEventAt, lastEventId }, context);
  return { machine, reply: null, trips: new Map() };
}

function marks(before: Loaded, { entries, is }: Stretch, { entry }: Arrival) {
  const lastEventAt = Math.max(before.lastEventAt, ...is.map(({ at }) => at));
  const isNew = entry !== null && !entries.some(({ event }) => event.id === entry.event.id);
  const phone = isNew && entry.event.type !== 'car_reading' ? entry.event.id : null;
  return { lastEventAt, lastEventId: phone ?? before.stored?.lastEventId ?? null };
}

/** What the caller is told: about a point, that it was kept; about an event, what became of its trip by now. */
function replyOf(arrival: Arrival, folded: Folded): Reply | null {
  if (arrival.entry) {
    const said = folded.passed.get(arrival.entry.event.id)?.reply ?? null;
    return said && asOfNow(said, folded);
  }
  const last = arrival.pings.at(-1);
  const owner = folded.points.findLast(({ fix }) => fix.at === last?.at)?.tripId ?? null;
  return owner === null ? null : reply('recorded', owner);
}

const ABOUT_A_TRIP: ReadonlySet<Reply['code']> = new Set<Reply['code']>([
  'started',
  'resumed',
  'ending',
  'paused_at_stop',
  'finished',
  'discarded',
]);

function asOfNow(said: Reply, { machine, outputs }: Folded): Reply {
  if (said.tripId === null || !ABOUT_A_TRIP.has(said.code)) return said;
  const verdict = ledgerOf(outputs).trips.get(said.tripId) ?? NOTHING;
  const isOpen = machine.now.phase !== 'idle' && machine.now.phase !== 'stale' && machine.now.trip.id === said.tripId;
  if (isOpen) return said;
  if (verdict.booked) return { ...said, code: 'finished' };
  return verdict.discard ? { ...said, code: 'discarded' } : said;
}
