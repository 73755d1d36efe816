/** From what a phone, a tracker or a car said to a trip in the logbook. One transaction per request. */

import type { CarClaim } from '../domain/cars.ts';
import type { Fix, JournalEvent, PhoneEvent, Ping, Reply } from '../domain/events.ts';
import type { ActiveTrip, JournalEntry } from '../domain/machine/state.ts';
import { eventIdOf } from '../domain/machine/open-trip.ts';
import { step } from '../domain/machine/table.ts';
import { reply } from '../domain/machine/turn.ts';
import { storable } from '../domain/points.ts';
import { LIMITS } from '../domain/settings.ts';
import { dateBatch, dateEvent, type Dated } from '../domain/timestamps.ts';
import { measure } from '../domain/track.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { advance, followTrip, tailOf } from './advance.ts';
import type { Deps } from './deps.ts';
import { writeEntry } from './ledger.ts';
import { contextOf, loaded, save, type Loaded } from './machine-docs.ts';
import { insertPoints, keepIdle } from './points.ts';
import { refold, type Arrival, type Draft } from './refold.ts';
import type { Outcome, SaidEvent, SaidPing } from './said.ts';
import { ensureUser } from './users.ts';

type Needs = Pick<Deps, 'clock' | 'ids' | 'newUser' | 'unknownUsers'>;

/** Records a start, end, finalize or cancel. A user unknown to the store is created (the edge decides who may be). */
export async function recordEvent(deps: Needs, store: UserStore, said: SaidEvent): Promise<Outcome> {
  const receivedAt = deps.clock.now();
  return store.transact(function* (tx) {
    const user = yield* ensureUser(deps, tx, store.email, receivedAt);
    const dated = dateEvent(said.time, receivedAt, user.settings.timeZone, LIMITS.oldestEventMs);
    const warnings = [...said.warnings, ...dated.warnings];
    const before = yield* load(tx);
    const same = yield* sameEvent(deps, tx, said, before, user, receivedAt);
    if (same.first) return yield* repeat(deps, tx, before, same.first, said, user, receivedAt, warnings);
    if (same.reused) warnings.push('event_id_reused');
    const draft = draftOf(same.id, same.identity, said, dated, user, receivedAt, warnings);
    if (unknownCar(said, user)) warnings.push('unknown_car');
    return yield* receive(deps, tx, before, draft, dated.tooOld, user, warnings);
  });
}

function* load(tx: Tx): Work<Loaded> {
  const active = yield* tx.get('active', 'trip_start');
  const memory = yield* tx.get('memory', 'memory');
  return loaded(active, memory);
}

function unknownCar({ carId }: CarClaim, user: User): boolean {
  return carId !== null && !user.cars.some(({ id }) => id === carId);
}

interface Identified {
  readonly id: string;
  readonly identity: string | null;
  /** The event this one is the same as. */
  readonly first: JournalEntry | null;
  readonly reused: boolean;
}

/** Whether this event came before: by its id within the duplicate window, or by an equal body with a time in it. */
function* sameEvent(
  deps: Needs,
  tx: Tx,
  said: SaidEvent,
  before: Loaded,
  user: User,
  receivedAt: number,
): Work<Identified> {
  const identity = identityOf(said);
  if (identity === null) return { id: deps.ids.next('evt'), identity, first: null, reused: false };
  const id = deps.ids.of('evt', identity);
  const entry = yield* tx.get('event', id);
  if (!entry) return { id, identity, first: null, reused: false };
  const ageMs = receivedAt - entry.event.receivedAt;
  const byBody = said.eventId === null;
  const isSame = byBody
    ? ageMs <= LIMITS.sameBodyMs
    : ageMs <= user.settings.duplicateWindowMs && before.stored?.lastEventId === id;
  if (isSame) return { id, identity, first: entry, reused: false };
  return { id: deps.ids.next('evt'), identity: null, first: null, reused: !byBody };
}

function identityOf({ type, eventId, time, said }: SaidEvent): string | null {
  const at = time?.kind === 'instant' ? String(time.at) : time?.kind === 'local' ? time.text : null;
  if (eventId !== null) return JSON.stringify([type, eventId, at]);
  return at === null ? null : JSON.stringify([type, 'body', said]);
}

function draftOf(
  id: string,
  identity: string | null,
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
  return { event, identity, warnings, said: said.said.slice(0, LONGEST_SAID), settled: false };
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
  if (!entry || entry.event.type === 'car_reading' || entry.event.fix !== null || position === null) return null;
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
  warnings: readonly string[],
): Work<Outcome> {
  const { event } = draft;
  if (tooOld) return yield* setAside(tx, before, draft, user, warnings);
  const context = contextOf(user);
  const { receivedAt } = event;
  const told = yield* fillFirst(deps, tx, before, draft, user);
  if (told) return outcome(told.reply, told.trip, warnings);
  const isLate = event.at < before.lastAt || (before.active?.patched ?? false);
  const done = isLate
    ? yield* refold(deps, tx, before, { entry: draft, pings: [], receivedAt }, context)
    : yield* advance(
        deps,
        tx,
        before,
        { entry: draft, pings: [], tick: null, receivedAt, tail: tailOf(before.active), patched: false },
        context,
      );
  const said = done.reply ?? waitingReply(before);
  return outcome(said, done.trips.get(said.tripId ?? '') ?? (yield* tripOf(tx, said)), warnings);
}

/** A repeated start or end without an id may still bring the position the first one lacked. */
function* fillFirst(
  deps: Needs,
  tx: Tx,
  before: Loaded,
  draft: Draft,
  user: User,
): Work<{ reply: Reply; trip: Trip | null } | null> {
  const { event } = draft;
  if (event.type === 'car_reading' || event.fix === null) return null;
  const firstId = firstWithoutFix(before, event);
  if (firstId === null) return null;
  const told = step(before.machine, event, contextOf(user)).reply;
  const first = told?.duplicate ? yield* tx.get('event', firstId) : null;
  if (!told || !first) return null;
  const filled = yield* fillIn(deps, tx, before, first.event, event.fix, user, event.receivedAt);
  writeEntry(tx, { ...draft, before: before.machine, reply: told, waiting: null });
  return { reply: told, trip: filled };
}

function firstWithoutFix({ machine }: Loaded, event: PhoneEvent): string | null {
  const { now, memory } = machine;
  if (event.type === 'end') return memory.lastEnd && !memory.lastEnd.hadFix ? memory.lastEnd.eventId : null;
  if (event.type !== 'start' || now.phase !== 'driving' || now.trip.startFix !== null) return null;
  return eventIdOf(now.trip.id);
}

/** Too old to change anything: it waits for the user. */
function* setAside(tx: Tx, before: Loaded, draft: Draft, user: User, warnings: readonly string[]): Work<Outcome> {
  const told = waitingReply(before);
  writeEntry(tx, { ...draft, before: before.machine, reply: told, waiting: 'too_old' });
  const { machine, lastEventAt } = before;
  const tail = before.active?.tail ?? null;
  const patched = before.active?.patched ?? false;
  save(tx, before, { machine, tail, patched, lastEventAt, lastEventId: draft.event.id }, contextOf(user));
  return outcome(told, null, warnings);
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
    const user = yield* ensureUser(deps, tx, store.email, receivedAt);
    const { pings, tooOld, warnings } = datedPings(said, receivedAt, user);
    const active = yield* tx.get('active', 'trip_start');
    const followed = active && (yield* followTrip(tx, active, pings, contextOf(user)));
    const done = followed
      ? { reply: reply('recorded', followed.tripId), refused: followed.refused }
      : yield* receivePings(deps, tx, active, pings, user, receivedAt);
    const rejected = said.unreadable + tooOld + done.refused;
    return outcome(done.reply, null, warnings, pings.length - done.refused, rejected);
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
  const pings = fixes
    .toSorted((a, b) => a.at - b.at)
    .map((fix): Ping => ({ type: 'ping', fix, at: fix.at, receivedAt, own: false }));
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
): Work<{ reply: Reply; refused: number }> {
  const before = loaded(active, yield* tx.get('memory', 'memory'));
  if (pings.length === 0) return { reply: waitingReply(before), refused: 0 };
  const context = contextOf(user);
  const late = pings.filter(({ at, fix }) => at < before.lastAt || isSameInstant(before, fix));
  const first = late[0];
  if (first && !isApart(before, first)) {
    const { reply: told } = yield* refold(deps, tx, before, { entry: null, pings, receivedAt }, context);
    return { reply: told ?? waitingReply(before), refused: 0 };
  }
  const fixes = late.map(({ fix }) => fix);
  const owner = active?.now.phase === 'driving' ? active.now.trip.id : null;
  let tail = tailOf(active);
  if (owner !== null) tail = yield* insertPoints(tx, tail, owner, fixes);
  else yield* keepIdle(tx, fixes, receivedAt);
  const isPatched = owner !== null && late.length > 0;
  const done = yield* advance(
    deps,
    tx,
    before,
    {
      entry: null,
      pings: pings.slice(late.length),
      tick: null,
      receivedAt,
      tail,
      patched: isPatched || (active?.patched ?? false),
    },
    context,
  );
  return { reply: done.reply ?? waitingReply(before), refused: done.refused };
}

function isSameInstant({ active }: Loaded, fix: Fix): boolean {
  return active?.now.trip.lastFix?.at === fix.at;
}

/** A late point that nothing in the journal came after: it joins the open trip, or lies between trips, and that is all. */
function isApart({ machine, lastEventAt }: Loaded, { at }: Ping): boolean {
  if (at < lastEventAt) return false;
  const { now, memory } = machine;
  if (now.phase === 'driving') return at >= now.trip.startedAt && at >= lastEventAt;
  return now.phase === 'idle' && at > (memory.closed[0]?.closingAt ?? 0);
}
