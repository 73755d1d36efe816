/**
 * One act of somebody's that changes many trips: portion by portion, each whole, all of them one entry of the feed that
 * is undone as one. What it does to a trip is a pure function; a trial asks it the same and writes nothing. Stopped in
 * between, the portions that were written stand, and the entry tells of them.
 */

import type { Actor, Cause, Written } from '../domain/activity.ts';
import { localDate } from '../domain/calendar.ts';
import { spanOf, type Moved } from '../domain/overlaps.ts';
import { Problem, type FieldError, type ProblemCode } from '../domain/problem.ts';
import { NOTHING, plus, rowOf, type Sum } from '../domain/stats.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import type { UserDeps } from './deps.ts';
import { settleTrip } from './settle.ts';
import { PORTION_LENGTH, tell } from './telling.ts';
import { ensureUser, newUser } from './users.ts';

export interface Act {
  readonly cause: Cause;
  readonly by: Actor;
  readonly now: number;
  /** Somebody decided what the trips were for: from then on the rules leave that alone. */
  readonly decides: boolean;
  /** And how they were driven: nothing that comes later changes that either. */
  readonly measures?: boolean;
  /**
   * Throws `Problem` for a change that cannot stand beside what is stored. `others` changed before it in the same act.
   */
  readonly admit?: (tx: Tx, changed: Changed, others: readonly Moved[]) => Work<void>;
  /** A trial: nothing is written. */
  readonly dryRun: boolean;
}

/** A trip as it is to be; `null`: it stays. Throws `Problem` for one that cannot take it. */
export type Change = (trip: Trip, owner: User) => Trip | null;

/** What an act changes besides trips, in the transaction of its first portion. */
export interface Opened {
  /** As the act leaves the user's own document. */
  readonly owner: User;
  readonly written: readonly Written[];
  readonly write: (tx: Tx) => void;
}

export type Opening = (tx: Tx, owner: User) => Work<Opened | null>;

export interface Changed {
  readonly before: Trip;
  readonly after: Trip;
}

export interface Refused {
  readonly id: string;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
}

export interface Done {
  /** The entry to undo it by; `null`: nothing changed, or a trial. */
  readonly activityId: string | null;
  readonly changed: number;
  readonly unchanged: number;
  readonly refusals: number;
  /** The first of those that could not be changed. */
  readonly refused: readonly Refused[];
  /** The first of those that changed. */
  readonly trips: readonly Changed[];
  /** Of the trips that changed. */
  readonly before: Sum;
  readonly after: Sum;
}

/** Of those that changed, and of those that were refused, an answer holds this many. */
export const MOST_SHOWN = 200;

const TRIPS_AT_ONCE = 50;

const NOTHING_DONE: Done = {
  activityId: null,
  changed: 0,
  unchanged: 0,
  refusals: 0,
  refused: [],
  trips: [],
  before: NOTHING,
  after: NOTHING,
};

/** `ids` may name trips that are gone by now; each is named once. `entryId`: an entry that is there already is added to. */
export async function changeMany(
  deps: UserDeps,
  user: UserStore,
  act: Act,
  ids: AsyncIterable<string> | Iterable<string>,
  change: Change,
  opening: Opening | null = null,
  entryId = deps.ids.next('act'),
): Promise<Done> {
  const acting = { deps, user, act, change, entryId };
  let step: Step = { done: NOTHING_DONE, left: [], owner: null, moved: [] };
  if (opening !== null) step = await takeStep(acting, step, opening);
  for await (const id of ids) {
    step = { ...step, left: [...step.left, id] };
    if (step.left.length >= TRIPS_AT_ONCE) step = await takeStep(acting, step);
  }
  while (step.left.length > 0) step = await takeStep(acting, step);
  return step.done;
}

interface Acting {
  readonly deps: UserDeps;
  readonly user: UserStore;
  readonly act: Act;
  readonly change: Change;
  readonly entryId: string;
}

interface Step {
  readonly done: Done;
  readonly left: readonly string[];
  /** The user's document as a trial would leave it. */
  readonly owner: User | null;
  /** What an act that asks whether it may was told so far. */
  readonly moved: readonly Moved[];
}

async function takeStep(
  acting: Acting,
  { done, left, owner, moved }: Step,
  opening: Opening | null = null,
): Promise<Step> {
  const { user, act, entryId } = acting;
  const portion = await user.transact(function* (tx) {
    const before = owner ?? (yield* ownerOf(acting, tx));
    const opened = opening ? yield* opening(tx, before) : null;
    const made = yield* changesOf(tx, left, opened?.owner ?? before, acting, moved);
    if (!act.dryRun) yield* write(acting, tx, opened, made.changed);
    return { ...made, opened };
  });
  const wrote = !act.dryRun && (portion.opened !== null || portion.changed.length > 0);
  return {
    done: { ...counted(done, portion), activityId: wrote ? entryId : done.activityId },
    left: left.slice(portion.taken),
    owner: act.dryRun ? (portion.opened?.owner ?? owner) : null,
    moved: act.admit ? portion.moved : moved,
  };
}

/** Whose first request is a trial has no logbook by it. */
function* ownerOf({ deps, user, act }: Acting, tx: Tx): Work<User> {
  const isKnown = !act.dryRun || (yield* tx.get('user', '')) !== null;
  return isKnown ? yield* ensureUser(deps, tx, user.email, act.now) : newUser(user.email, deps.newUser, act.now);
}

interface Portion {
  /** How many of the trips were looked at. */
  readonly taken: number;
  readonly changed: readonly Changed[];
  readonly refused: readonly Refused[];
  readonly moved: readonly Moved[];
}

function* changesOf(
  tx: Tx,
  ids: readonly string[],
  owner: User,
  { act, change }: Acting,
  movedBefore: readonly Moved[],
): Work<Portion> {
  const trips = yield* tx.getMany(ids.map((id) => ({ kind: 'trip' as const, id })));
  const changed: Changed[] = [];
  const refused: Refused[] = [];
  const moved = [...movedBefore];
  let taken = 0;
  let length = 0;
  for (const before of trips) {
    if (length > PORTION_LENGTH) break;
    taken += 1;
    const after = before && (yield* changedOrRefused(tx, before, owner, { act, change }, moved));
    if (!before || !after) continue;
    if ('code' in after) {
      refused.push(after);
      continue;
    }
    changed.push({ before, after });
    moved.push({ before: spanOf(before), after: spanOf(after) });
    length += JSON.stringify([before, after]).length;
  }
  return { taken, changed, refused, moved };
}

function* changedOrRefused(
  tx: Tx,
  trip: Trip,
  owner: User,
  { act, change }: Pick<Acting, 'act' | 'change'>,
  moved: readonly Moved[],
): Work<Trip | Refused | null> {
  try {
    const after = change(trip, owner);
    if (after === null || JSON.stringify(after) === JSON.stringify(trip)) return null;
    if (act.admit) yield* act.admit(tx, { before: trip, after }, moved);
    return after;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { id: trip.id, code: error.code, detail: error.message, errors: error.errors };
  }
}

function* write(
  { deps, act, entryId }: Acting,
  tx: Tx,
  opened: Opened | null,
  changes: readonly Changed[],
): Work<void> {
  opened?.write(tx);
  const stamped = changes.map(({ before, after }) => ({ before, after: { ...after, updatedAt: act.now } }));
  yield* bookTrips(
    tx,
    stamped.map((one) => ({ ...one, untold: true })),
    act.by,
    deps.ids,
    act.now,
    deps.services,
  );
  if (act.decides) for (const { after } of stamped) yield* settleTrip(tx, after, act.measures ?? false, act.now);
  const trips = stamped.map(({ before, after }): Written => ({ noun: 'trip', nounId: after.id, before, after }));
  yield* tell(tx, act, entryId, [...(opened?.written ?? []), ...trips]);
}

function counted(done: Done, { taken, changed, refused }: Portion): Done {
  return {
    ...done,
    changed: done.changed + changed.length,
    unchanged: done.unchanged + taken - changed.length - refused.length,
    refusals: done.refusals + refused.length,
    refused: [...done.refused, ...refused].slice(0, MOST_SHOWN),
    trips: [...done.trips, ...changed].slice(0, MOST_SHOWN),
    before: changed.reduce((sum, { before }) => plus(sum, sumOf(before)), done.before),
    after: changed.reduce((sum, { after }) => plus(sum, sumOf(after)), done.after),
  };
}

function sumOf(trip: Trip): Sum {
  return rowOf(trip, localDate(trip.startedAt, trip.timeZone));
}
