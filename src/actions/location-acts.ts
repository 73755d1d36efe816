/** Changing the user's locations, and with them the trips that began, stopped or ended there: one act, undone as one. */

import type { Actor, Written } from '../domain/activity.ts';
import type { UserLocation } from '../domain/locations.ts';
import { following, movesOf, type LocationMove, type LocationMoves } from '../domain/trip-places.ts';
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

/** The locations come first: a trip that is booked meanwhile finds them as they are then. */
export async function moveLocations(
  deps: UserDeps,
  user: UserStore,
  { by, now, dryRun }: Moving,
  decide: Deciding,
): Promise<Acted> {
  const act = { cause: 'locations', by, now, decides: false, dryRun } as const;
  let moves: readonly LocationMove[] = [];
  let meant: LocationMoves = new Map();
  let decided: User | null = null;
  function* opening(tx: Tx, owner: User): Work<Opened | null> {
    moves = yield* decide(tx, owner);
    meant = movesOf(moves);
    const opened = openedBy(
      moves.filter(({ before, after }) => before !== after),
      owner,
      now,
    );
    decided = opened?.owner ?? owner;
    return opened;
  }
  async function* concerned(): AsyncGenerator<string> {
    if (meant.size === 0 || decided === null) return;
    for await (const { id, doc } of rowsOf(user, 'trip', { order: 'asc' })) {
      if (following(doc, meant, decided) !== null) yield id;
    }
  }
  const done = await changeMany(deps, user, act, concerned(), (trip, owner) => following(trip, meant, owner), opening);
  return { moves, done };
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
