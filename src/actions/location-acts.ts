/** Changing the user's locations, and with them the trips that began, stopped or ended there: one act, undone as one. */

import { partId, type Activity, type Actor, type Written } from '../domain/activity.ts';
import type { Location, UserLocation } from '../domain/locations.ts';
import { following, movesOf, type LocationMove, type LocationMoves } from '../domain/trip-places.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { changeMany, type Done, type Opened } from './acts.ts';
import type { UserDeps } from './deps.ts';
import { rowsOf } from './pages.ts';

export interface Moving {
  readonly by: Actor;
  readonly now: number;
  /** A trial: nothing is written. */
  readonly dryRun: boolean;
}

/** Which locations change, and how; throws `Problem` where they cannot. May run again. */
export type Deciding = (tx: Tx, owner: User) => Work<readonly LocationMove[]>;

/** What was decided, and what became of trips. */
export interface Acted {
  readonly moves: readonly LocationMove[];
  readonly done: Done;
}

/**
 * The locations come first, portion by portion: a trip that is booked meanwhile finds them as they are then. In a trial a
 * portion does not see what those before it would have done.
 */
export async function moveLocations(
  deps: UserDeps,
  user: UserStore,
  { by, now, dryRun }: Moving,
  ...portions: readonly Deciding[]
): Promise<Acted> {
  const act = { cause: 'locations', by, now, decides: false, dryRun } as const;
  const entryId = deps.ids.next('act');
  const acting = new MovingLocations(now);
  const change = (trip: Trip, owner: User) => following(trip, acting.meant, owner);
  const done: Done[] = [];
  for (const [i, decide] of portions.entries()) {
    const ids = i < portions.length - 1 ? [] : acting.concerned(user);
    const opening = (tx: Tx, owner: User) => acting.open(decide, i, tx, owner);
    done.push(await changeMany(deps, user, act, ids, change, opening, entryId));
  }
  const last = done.at(-1);
  if (last === undefined) throw new RangeError('an act on locations has a portion');
  const wrote = done.some(({ activityId }) => activityId !== null);
  return { moves: acting.moves, done: { ...last, activityId: wrote ? entryId : null } };
}

/** What an act did to locations so far. */
class MovingLocations {
  readonly #now: number;
  readonly #moves: (readonly LocationMove[])[] = [];
  #meant: LocationMoves = new Map();
  #owner: User | null = null;

  constructor(now: number) {
    this.#now = now;
  }

  get moves(): readonly LocationMove[] {
    return this.#moves.flat();
  }

  get meant(): LocationMoves {
    return this.#meant;
  }

  /** May run again. */
  *open(decide: Deciding, nth: number, tx: Tx, owner: User): Work<Opened | null> {
    const moves = yield* decide(tx, owner);
    this.#moves[nth] = moves;
    this.#meant = movesOf(this.moves);
    const changed = moves.filter(({ before, after }) => before !== after);
    const opened = openedBy(changed, owner, this.#now);
    this.#owner = opened?.owner ?? owner;
    return opened;
  }

  /** Ids of trips that are to follow, once all is decided. */
  async *concerned(user: UserStore): AsyncGenerator<string> {
    const [owner, meant] = [this.#owner, this.#meant];
    if (meant.size > 0 && owner !== null) yield* changedBy(user, (trip) => following(trip, meant, owner));
  }
}

/**
 * What was not there when an act was done follows when it is taken back: trips booked since, and those that name a
 * location which is gone now. They are told with the undo, and taken back with it.
 */
export async function followBack(
  deps: UserDeps,
  user: UserStore,
  back: Activity,
  { by, now }: Omit<Moving, 'dryRun'>,
): Promise<void> {
  const undone = back.undoes === null ? null : await user.get('activity', back.undoes);
  const owner = await user.get('user', '');
  const moves = await movesIn(user, back);
  const meant = movesOf(moves);
  if (undone === null || owner === null || meant.size === 0) return;
  const gone = movesOf(moves.filter(({ after }) => after === null));
  const change = (trip: Trip, today: User) => following(trip, trip.createdAt >= undone.at ? meant : gone, today);
  const act = { cause: 'locations', by, now, decides: false, dryRun: false } as const;
  await changeMany(
    deps,
    user,
    act,
    changedBy(user, (trip) => change(trip, owner)),
    change,
    null,
    back.id,
  );
}

async function movesIn(user: UserStore, { id, also, parts, ...head }: Activity): Promise<readonly LocationMove[]> {
  const written: Written[] = [head, ...also];
  for (const nth of parts.keys()) written.push(...((await user.get('part', partId(id, nth)))?.written ?? []));
  const locations = written.filter(({ noun }) => noun === 'location');
  return locations.map(({ before, after }) => ({ before: before as Location | null, after: after as Location | null }));
}

/** Ids of trips that something would change. */
async function* changedBy(user: UserStore, change: (trip: Trip) => Trip | null): AsyncGenerator<string> {
  for await (const { id, doc } of rowsOf(user, 'trip', { order: 'asc' })) if (change(doc) !== null) yield id;
}

function openedBy(moves: readonly LocationMove[], owner: User, now: number): Opened | null {
  if (moves.length === 0) return null;
  return {
    owner: withMoves(owner, moves, now),
    written: moves.map(writtenOf),
    write: (tx) => saveLocations(tx, owner, moves, now),
  };
}

function writtenOf({ before, after }: LocationMove): Written {
  return { noun: 'location', nounId: (after ?? before)?.id ?? '', before, after };
}

export function saveLocations(tx: Tx, owner: User, moves: readonly LocationMove[], now: number): void {
  for (const { before, after } of moves) {
    if (after !== null) tx.put('location', after.id, after);
    else if (before !== null) tx.remove('location', before.id);
  }
  tx.put('user', '', withMoves(owner, moves, now));
}

/** Of two that are equally near the older counts, however often it was changed: ids sort by time. */
function withMoves(owner: User, moves: readonly LocationMove[], now: number): User {
  const copies = new Map(owner.locations.map((copy) => [copy.id, copy]));
  for (const { before, after } of moves) {
    if (after !== null) copies.set(after.id, copyOf(after));
    else if (before !== null) copies.delete(before.id);
  }
  return { ...owner, locations: [...copies.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)), updatedAt: now };
}

function copyOf({ id, kind, lat, lng, radiusMetres }: UserLocation): UserLocation {
  return { id, kind, lat, lng, radiusMetres };
}
