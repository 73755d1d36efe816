/** From what a phone, a tracker or a car said to a trip in the logbook. One transaction per request. */

import { BY_RULES, type Actor } from '../domain/activity.ts';
import { localMonth } from '../domain/calendar.ts';
import type { CarClaim } from '../domain/cars.ts';
import type { Fix, JournalEvent, PhoneEvent, Ping, Reply } from '../domain/events.ts';
import type { ActiveTrip, JournalEntry } from '../domain/machine/state.ts';
import { reply } from '../domain/machine/turn.ts';
import { distinct, storable } from '../domain/points.ts';
import { LIMITS } from '../domain/settings.ts';
import { dateBatch, dateEvent, type Dated } from '../domain/timestamps.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { advance, followTrip } from './advance.ts';
import { isBehind, isLate, liesApart } from './arrivals.ts';
import { isMonthClosed } from './closed-months.ts';
import { isDecidedAlready } from './decided.ts';
import type { Deps } from './deps.ts';
import type { Arrival, Draft } from './journal.ts';
import { signCancel, writeEntry } from './ledger.ts';
import { contextOf, load, loaded, readTogether, save, type Loaded } from './machine-docs.ts';
import { keepIdle } from './points.ts';
import { refold } from './refold.ts';
import type { Outcome, SaidEvent, SaidPing } from './said.ts';
import { identify, type Identified } from './sameness.ts';
import { ensureUser } from './users.ts';

type Needs = Pick<Deps, 'clock' | 'ids' | 'newUser' | 'services' | 'unknownUsers'>;

/** Records a start, end, finalize or cancel; `by` is noted where it throws a drive away. A user unknown to the store is created (the edge decides who may be). */
export async function recordEvent(
  deps: Needs,
  store: UserStore,
  said: SaidEvent,
  by: Actor = BY_RULES,
): Promise<Outcome> {
  const receivedAt = deps.clock.now();
  return store.transact(function* (tx) {
    yield* readTogether(tx, 'user', 'active', 'memory');
    const user = yield* ensureUser(deps, tx, store.email, receivedAt);
    const dated = dateEvent(said.time, receivedAt, user.settings.timeZone, LIMITS.oldestEventMs);
    const warnings = [...said.warnings, ...dated.warnings];
    const before = yield* load(tx);
    const same = yield* identify(deps, tx, said, before, user, receivedAt);
    if (same.first) return yield* repeat(deps, tx, before, same.first, said, user, receivedAt, warnings);
    if (same.reused) warnings.push('event_id_reused');
    const plain = draftOf(same, said, dated, user, receivedAt, warnings);
    const draft = said.type === 'cancel' ? { ...plain, by } : plain;
    if (unknownCar(said, user)) warnings.push('unknown_car');
    const { reply: told, trip } = yield* receive(deps, tx, before, draft, dated.tooOld, user);
    if (told.code === 'cancelled' && told.tripId !== null) {
      yield* signCancel(tx, told.tripId, draft.event.id, contextOf(user));
    }
    return outcome(told, trip, warnings);
  });
}

function unknownCar({ carId }: CarClaim, user: User): boolean {
  return carId !== null && !user.cars.some(({ id }) => id === carId);
}

function draftOf(
  { id, identity, body }: Identified,
  said: SaidEvent,
  dated: Dated,
  user: User,
  receivedAt: number,
  warnings: readonly string[],
): Draft {
  const { at } = dated;
  const fix = said.position && storable({ ...said.position, at });
  const event: PhoneEvent = {
    type: said.type,
    id,
    at,
    receivedAt,
    fix,
    car: { carId: said.carId, device: said.device, tokenCarId: said.tokenCarId },
    timeZone: user.settings.timeZone,
  };
  return { event, identity, body, warnings, said: said.said.slice(0, LONGEST_SAID), settled: false };
}

const LONGEST_SAID = 1_000;

/** The same event again: the first answer, with whatever position the first lacked. */
function* repeat(
  deps: Needs,
  tx: Tx,
  before: Loaded,
  first: JournalEntry,
  said: SaidEvent,
  user: User,
  receivedAt: number,
  warnings: readonly string[],
): Work<Outcome> {
  const told = first.reply ?? reply('recorded');
  const again: Reply =
    said.type === 'start' ? reply('already_active', told.tripId, true) : { ...told, duplicate: true };
  const filled = yield* fillIn(deps, tx, before, first.event, said.position, user, receivedAt);
  return outcome(again, filled ?? (yield* tripOf(tx, again)), warnings);
}

/** Gives an event of the journal the position it lacked; its trip is measured again. */
function* fillIn(
  deps: Needs,
  tx: Tx,
  before: Loaded,
  event: JournalEvent,
  position: SaidEvent['position'],
  user: User,
  receivedAt: number,
): Work<Trip | null> {
  const entry = yield* tx.get('event', event.id);
  const isDecided = entry !== null && entry.settled && entry.waiting !== null;
  if (!entry || isDecided || entry.event.type === 'car_reading' || entry.event.fix !== null || position === null)
    return null;
  const fix = storable({ ...position, at: entry.event.at });
  const { before: _before, reply: told, waiting: _waiting, ...draft } = entry;
  const arrival: Arrival = { entry: { ...draft, event: { ...entry.event, fix } }, pings: [], receivedAt };
  const { trips } = yield* refold(deps, tx, before, arrival, contextOf(user));
  return (told?.tripId && trips.get(told.tripId)) || null;
}

/** A new event: on the fast path when it is the latest thing known, else by folding again what came after it. */
function* receive(
  deps: Needs,
  tx: Tx,
  before: Loaded,
  draft: Draft,
  tooOld: boolean,
  user: User,
): Work<{ readonly reply: Reply; readonly trip: Trip | null }> {
  if (tooOld) return setAside(tx, before, draft, user, 'too_old');
  if (isStruckOut(before, draft.event)) return setAside(tx, before, draft, user, null);
  if (liesInClosedMonth(draft.event, user)) return setAside(tx, before, draft, user, 'late_event');
  const arrival = { entry: draft, pings: [], receivedAt: draft.event.receivedAt };
  const late = isLate(before, draft.event);
  if (late && (yield* isDecidedAlready(tx, draft.event, user))) return setAside(tx, before, draft, user, 'late_event');
  const done = late
    ? yield* refold(deps, tx, before, arrival, contextOf(user))
    : yield* advance(deps, tx, before, { ...arrival, tick: null }, contextOf(user));
  const said = done.reply ?? waitingReply(before);
  return { reply: said, trip: done.trips.get(said.tripId ?? '') ?? (yield* tripOf(tx, said)) };
}

/** Trip rule 19: what happened in a cancelled trip and is told after the `cancel` opens and completes nothing. */
function isStruckOut({ machine }: Loaded, { type, at }: JournalEvent): boolean {
  return type !== 'cancel' && machine.memory.voids.some(({ from, to }) => at >= from && at <= to);
}

/** Trip rule 18: what would change a closed month is for its user to decide. */
function liesInClosedMonth({ at, timeZone }: JournalEvent, { closed }: User): boolean {
  return closed !== undefined && isMonthClosed(closed, localMonth(at, timeZone));
}

/** It changes nothing: it waits for the user, or is done with. */
function setAside(tx: Tx, before: Loaded, draft: Draft, user: User, waiting: 'too_old' | 'late_event' | null) {
  const told = waitingReply(before);
  writeEntry(tx, { ...draft, before: before.machine, reply: told, waiting, settled: waiting === null });
  const { machine, lastEventAt } = before;
  const { tail = null, patched = false } = before.active ?? {};
  save(tx, before, { machine, tail, patched, lastEventAt, lastEventId: draft.event.id }, contextOf(user));
  return { reply: told, trip: null };
}

function waitingReply({ active }: Loaded): Reply {
  return active ? reply('recorded', active.now.trip.id) : reply('no_active_trip');
}

function* tripOf(tx: Tx, { code, tripId }: Reply): Work<Trip | null> {
  return code === 'finished' && tripId !== null ? yield* tx.get('trip', tripId) : null;
}

function outcome(told: Reply, trip: Trip | null, warnings: readonly string[], accepted = 0, rejected = 0): Outcome {
  return { reply: told, trip: told.code === 'finished' ? trip : null, warnings, accepted, rejected };
}

/** Records points, one or a batch. In order and while driving it reads two documents and writes one or two. */
export async function recordPing(deps: Needs, store: UserStore, said: SaidPing): Promise<Outcome> {
  const receivedAt = deps.clock.now();
  return store.transact(function* (tx) {
    yield* readTogether(tx, 'user', 'active');
    const user = yield* ensureUser(deps, tx, store.email, receivedAt);
    const { pings, tooOld, warnings } = datedPings(said, receivedAt, user);
    const active = yield* tx.get('active', 'trip_start');
    const followed = active && (pings.length > 0 ? yield* followTrip(tx, active, [], pings, contextOf(user)) : null);
    const done = followed
      ? { reply: reply('recorded', followed.tripId), refused: followed.refused }
      : yield* receivePings(deps, tx, active, pings, user, receivedAt);
    const rejected = said.unreadable + tooOld + done.refused;
    return outcome(done.reply, null, warnings, said.points.length - tooOld - done.refused, rejected);
  });
}

interface DatedPings {
  readonly pings: readonly Ping[];
  readonly tooOld: number;
  readonly warnings: readonly string[];
}

function datedPings(said: SaidPing, receivedAt: number, user: User): DatedPings {
  const times = said.points.map(({ time }) => time);
  const { dated, warnings } = dateBatch(times, receivedAt, user.settings.timeZone, LIMITS.oldestPointMs);
  const fixes = said.points.flatMap((point, i): Fix[] => {
    const { at, tooOld } = dated[i] ?? { at: receivedAt, tooOld: true };
    return tooOld ? [] : [storable({ ...point, at })];
  });
  const pings = distinct(fixes).map((fix): Ping => ({ type: 'ping', fix, at: fix.at, receivedAt, own: false }));
  const all = warnings.length === 0 ? said.warnings : [...said.warnings, ...warnings];
  return { pings, tooOld: said.points.length - fixes.length, warnings: all };
}

function* receivePings(
  deps: Needs,
  tx: Tx,
  active: ActiveTrip | null,
  pings: readonly Ping[],
  user: User,
  receivedAt: number,
): Work<{ readonly reply: Reply; readonly refused: number }> {
  const before = loaded(active, yield* tx.get('memory', 'memory'));
  if (pings.length === 0) return { reply: waitingReply(before), refused: 0 };
  const context = contextOf(user);
  const late = pings.filter((ping) => isBehind(before, ping));
  const rest = pings.slice(late.length);
  const fixes = late.map(({ fix }) => fix);
  const isApart = late.every((ping) => liesApart(before, ping));
  if (active && isApart && late.length > 0) {
    const followed = yield* followTrip(tx, active, fixes, rest, context);
    if (followed) return { reply: reply('recorded', followed.tripId), refused: followed.refused };
  }
  if (active?.patched || (late.length > 0 && (active !== null || !isApart))) {
    const { reply: told } = yield* refold(deps, tx, before, { entry: null, pings, receivedAt }, context);
    return { reply: told ?? waitingReply(before), refused: 0 };
  }
  yield* keepIdle(tx, fixes, receivedAt);
  if (rest.length === 0) return { reply: waitingReply(before), refused: 0 };
  const done = yield* advance(deps, tx, before, { entry: null, pings: rest, tick: null, receivedAt }, context);
  return { reply: done.reply ?? waitingReply(before), refused: done.refused };
}
