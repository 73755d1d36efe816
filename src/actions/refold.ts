/**
 * Trip rule 18: something arrived that happened earlier than what is already known. The events since are folded again,
 * in their own order, from the state before them, and book, feed and tracks are brought to what comes out.
 */

import type { Fix, JournalEvent, Ping, Reply } from '../domain/events.ts';
import { START, type JournalEntry, type Machine, type OpenTrip, type WaitingReason } from '../domain/machine/state.ts';
import type { Context } from '../domain/machine/turn.ts';
import { chunkOf, decodePoints, type Chunk } from '../domain/points.ts';
import {
  fold,
  inOrder,
  ledgerOf,
  NOTHING,
  remeasure,
  touchedTrips,
  verdictsBefore,
  type Folded,
  type Verdict,
} from '../domain/timeline.ts';
import { windowOf } from '../domain/track.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import { doubt, writeBelieved, writeEntry, writeVerdicts } from './ledger.ts';
import { save, type Loaded } from './machine-docs.ts';
import { chunkId, chunksOf, countIdle, IDLE, keepIdle } from './points.ts';

/** An event on its way into the journal. */
export type Draft = Omit<JournalEntry, 'before' | 'reply' | 'waiting'>;

/** What arrived: at most one event of the journal, and points. Their instants may lie before what is known. */
export interface Arrival {
  readonly entry: Draft | null;
  readonly pings: readonly Ping[];
  readonly receivedAt: number;
}

export interface Refolded {
  readonly machine: Machine;
  readonly reply: Reply | null;
  readonly trips: ReadonlyMap<string, Trip>;
  /** The user settled what this would change: nothing was changed, the event waits for them. */
  readonly settled: boolean;
}

export function* refold(
  deps: Pick<Deps, 'ids'>,
  tx: Tx,
  before: Loaded,
  arrival: Arrival,
  context: Context,
): Work<Refolded> {
  const open = before.active?.patched ? before.active.now.trip.startedAt : Infinity;
  const since = Math.min(open, arrival.entry?.event.at ?? Infinity, ...arrival.pings.map(({ at }) => at));
  const stretch = yield* stretchSince(tx, before, since, arrival);
  const tracks = yield* tracksOf(tx, before, stretch);
  const base = measuredAnew(stretch.base, tracks, stretch.from);
  const own = new Set(stretch.events.flatMap((event) => ('fix' in event && event.fix ? [event.fix.at] : [])));
  const stored = tracks.fixes
    .filter(({ fix }) => fix.at >= stretch.from && !own.has(fix.at))
    .map(({ fix }) => pingOf(fix));
  const arrived = new Set(arrival.pings.map(({ at }) => at));
  const pings = [...stored.filter(({ at }) => !arrived.has(at)), ...arrival.pings];
  const folded = fold(base, inOrder(stretch.events, pings), context);

  const verdicts = verdictsOf(stretch, folded);
  if (yield* changesSettled(tx, before, verdicts)) return yield* keepForReview(tx, before, arrival);
  const trips = yield* writeVerdicts(deps, tx, verdicts, arrival.receivedAt);
  yield* writeTracks(tx, tracks, folded, stretch.from, arrival.receivedAt);
  yield* writeJournal(tx, stretch, folded, arrival);
  const { machine } = folded;
  const tail = null;
  save(tx, before, { machine, tail, patched: false, ...marks(before, stretch, arrival) }, context);
  const reply = replyOf(arrival, folded);
  return { machine, reply, trips, settled: false };
}

/** The events to fold again, and the machine before the first of them. */
interface Stretch {
  readonly base: Machine;
  /** The first instant that is folded again. */
  readonly from: number;
  readonly entries: readonly JournalEntry[];
  readonly events: readonly JournalEvent[];
}

const ENTRIES_AT_ONCE = 500;

function* stretchSince(tx: Tx, before: Loaded, since: number, arrival: Arrival): Work<Stretch> {
  const [earlier] = yield* tx.list('event', { order: 'desc', to: since, limit: 1 });
  const found: JournalEntry[] = [];
  let query: Parameters<Tx['list']>[1] = { order: 'asc', from: earlier?.doc.event.at ?? since, limit: ENTRIES_AT_ONCE };
  for (;;) {
    const rows = yield* tx.list('event', query);
    found.push(...rows.map(({ doc }) => doc));
    const last = rows.at(-1);
    if (!last || rows.length < ENTRIES_AT_ONCE) break;
    query = { ...query, after: last };
  }
  const arrivedId = arrival.entry?.event.id;
  const entries = found.filter(({ event, waiting }) => event.id !== arrivedId && !isLeftOut(waiting));
  const [first] = entries.toSorted(byTime);
  const events = [...entries.map(({ event }) => event), ...(arrival.entry ? [arrival.entry.event] : [])];
  const amended = found.find(({ event }) => event.id === arrivedId);
  const start = [first, amended].filter((entry) => entry !== undefined).toSorted(byTime)[0];
  const base = start?.before ?? before.machine;
  const { settled, voids } = before.machine.memory;
  return {
    base: { ...base, memory: { ...base.memory, settled, voids } },
    from: Math.min(since, start?.event.at ?? since),
    entries,
    events,
  };
}

/** Events that changed nothing when they came do not change anything now. */
function isLeftOut(waiting: WaitingReason | null): boolean {
  return waiting === 'too_old' || waiting === 'late_event';
}

function byTime(a: JournalEntry, b: JournalEntry): number {
  return a.event.at - b.event.at || a.event.receivedAt - b.event.receivedAt || (a.event.id < b.event.id ? -1 : 1);
}

interface Tracks {
  readonly chunks: readonly { readonly tripId: string; readonly chunk: Chunk; readonly stored: boolean }[];
  /** Every point of the chunks with whose it is, in order. */
  readonly fixes: readonly { readonly fix: Fix; readonly tripId: string }[];
}

/** The points of every trip the stretch touches: all of those that began before it, so that they can be measured. */
function* tracksOf(tx: Tx, before: Loaded, { base, from, events }: Stretch): Work<Tracks> {
  const { now } = before.machine;
  const openId = now.phase === 'idle' || now.phase === 'stale' ? null : now.trip.id;
  const ids = new Set([...touchedTrips(base, events), ...(openId ? [openId] : []), IDLE]);
  const older = new Map(tripsOf(base).map((trip) => [trip.id, trip.startedAt]));
  const chunks: { tripId: string; chunk: Chunk; stored: boolean }[] = [];
  for (const tripId of ids) {
    const since = Math.min(from, older.get(tripId) ?? from);
    for (const chunk of yield* chunksOf(tx, tripId, since, Number.MAX_SAFE_INTEGER)) {
      chunks.push({ tripId, chunk, stored: true });
    }
  }
  const tail = before.active?.tail;
  const whole =
    tail && openId
      ? [
          ...chunks.filter(({ tripId, chunk }) => tripId !== openId || chunk.window !== tail.window),
          { tripId: openId, chunk: tail, stored: false },
        ]
      : chunks;
  const fixes = whole.flatMap(({ tripId, chunk }) => decodePoints(chunk).map((fix) => ({ fix, tripId })));
  return { chunks: whole, fixes: fixes.toSorted((a, b) => a.fix.at - b.fix.at) };
}

function tripsOf({ now, memory }: Machine): OpenTrip[] {
  const closed = memory.closed.slice(0, 1).map(({ trip }) => trip);
  return now.phase === 'idle' ? closed : [now.trip, ...closed];
}

/** Late points may have joined the trips of the base since it was taken. */
function measuredAnew(base: Machine, tracks: Tracks, from: number): Machine {
  const anew = (trip: OpenTrip) => {
    const fixes = tracks.fixes.filter(
      ({ tripId, fix }) => tripId === trip.id && fix.at < from && fix.at >= trip.startedAt,
    );
    return remeasure(
      trip,
      fixes.map(({ fix }) => fix),
    );
  };
  const { now, memory } = base;
  const closed = memory.closed.map((one, i) => (i === 0 ? { ...one, trip: anew(one.trip) } : one));
  return {
    now: now.phase === 'idle' ? now : { ...now, trip: anew(now.trip) },
    memory: { ...memory, closed },
  };
}

/** Points come back without the time they were received; their own stands in for it. */
function pingOf(fix: Fix): Ping {
  return { type: 'ping', fix, at: fix.at, receivedAt: fix.at, own: false };
}

function verdictsOf({ base, events }: Stretch, folded: Folded): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>(touchedTrips(base, events).map((id) => [id, NOTHING]));
  for (const [id, verdict] of [...verdictsBefore(base), ...ledgerOf(folded.outputs).trips]) verdicts.set(id, verdict);
  return verdicts;
}

/** Drops what stays as it is; says whether what remains touches a trip the user decided about. */
function* changesSettled(tx: Tx, { machine }: Loaded, verdicts: Map<string, Verdict>): Work<boolean> {
  const settled = [...verdicts.keys()].filter((id) => machine.memory.settled[id]);
  const stored = yield* tx.getMany(settled.map((id) => ({ kind: 'trip' as const, id })));
  for (const [i, id] of settled.entries()) {
    const trip = stored[i] ?? null;
    const { booked } = verdicts.get(id) ?? NOTHING;
    const isSame = trip && booked && trip.startedAt === booked.startedAt && trip.endedAt === booked.endedAt;
    if (!isSame && (trip || booked)) return true;
    verdicts.delete(id);
  }
  return false;
}

function* keepForReview(tx: Tx, before: Loaded, arrival: Arrival): Work<Refolded> {
  if (arrival.entry) {
    writeEntry(tx, { ...arrival.entry, before: before.machine, reply: null, waiting: 'late_event' });
  }
  yield* keepIdle(
    tx,
    arrival.pings.map(({ fix }) => fix),
    arrival.receivedAt,
  );
  return { machine: before.machine, reply: null, trips: new Map(), settled: true };
}

/** Lays every point under the trip it belongs to now. Points before the stretch stay where they are. */
function* writeTracks(tx: Tx, tracks: Tracks, folded: Folded, from: number, receivedAt: number): Work<void> {
  const before = tracks.fixes.filter(({ fix }) => fix.at < from);
  const since = folded.points.map(({ fix, tripId }) => ({ fix, tripId: tripId ?? IDLE }));
  const wanted = Map.groupBy([...before, ...since], ({ fix, tripId }) => chunkId(tripId, windowOf(fix.at)));
  const stored = new Map(tracks.chunks.map((one) => [chunkId(one.tripId, one.chunk.window), one]));
  const idle = new Map<number, number>();
  for (const id of new Set([...stored.keys(), ...wanted.keys()])) {
    const old = stored.get(id);
    const chunk = chunkOf((wanted.get(id) ?? []).map(({ fix }) => fix));
    if (chunk && (chunk.points !== old?.chunk.points || !old.stored)) tx.put('chunk', id, chunk);
    if (!chunk && old?.stored) tx.remove('chunk', id);
    const [tripId, window] = id.split('/');
    const gained = (chunk?.count ?? 0) - (old?.chunk.count ?? 0);
    if (tripId === IDLE && gained !== 0) idle.set(Number(window), gained);
  }
  yield* countIdle(tx, idle, receivedAt);
}

function* writeJournal(tx: Tx, { entries }: Stretch, folded: Folded, arrival: Arrival): Work<void> {
  const ledger = ledgerOf(folded.outputs);
  const fresh = arrival.entry ? [{ ...arrival.entry, before: START, reply: null, waiting: null }] : [];
  for (const entry of [...entries, ...fresh]) {
    const passed = folded.passed.get(entry.event.id);
    if (!passed) continue;
    const waiting = entry.settled ? entry.waiting : (ledger.waiting.get(entry.event.id) ?? null);
    writeEntry(tx, { ...entry, before: passed.before, reply: passed.reply, waiting });
    const doubted = waiting === 'suspicious_reading';
    if ('waiting' in entry && doubted !== (entry.waiting === 'suspicious_reading')) {
      yield* doubt(tx, entry.event.id, doubted);
    }
  }
  yield* writeBelieved(tx, ledger);
}

function marks(before: Loaded, { events }: Stretch, arrival: Arrival) {
  const lastEventAt = Math.max(before.lastEventAt, ...events.map(({ at }) => at));
  const phone = arrival.entry && arrival.entry.event.type !== 'car_reading' ? arrival.entry.event.id : null;
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
  return owner === null
    ? { code: 'no_active_trip', tripId: null, duplicate: false }
    : { code: 'recorded', tripId: owner, duplicate: false };
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
