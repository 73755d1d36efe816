/**
 * Everything of a user as records, read page by page. The open drive comes first: one that ends while the rest is read
 * is then told twice, never left out. What was there before the first record and was not changed since is among them.
 */

import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import { ofOwner, type OwnAccount, type PublicToken } from './account.ts';
import type { Docs, Kind, UserStore } from '../seams/store.ts';
import { IDLE } from './points.ts';
import { rowsOf } from './pages.ts';

/** The user's own document as it is told: what an event needs of cars and places is made of them anew. */
export type Logbook = Pick<User, 'createdAt' | 'updatedAt' | 'settings' | 'rates'>;

/** Secrets are in no export. */
export type ExportedKind = Exclude<Kind, 'secret'>;

/** One document of the user; tokens without what opens anything. */
export type Exported =
  | { readonly [K in ExportedKind]: { readonly kind: K; readonly id: string; readonly doc: Docs[K] } }[ExportedKind]
  | { readonly kind: 'token'; readonly id: string; readonly doc: PublicToken };

export const SINGLES = [
  'user',
  'active',
  'memory',
  'idle',
  'polls',
  'lookups',
] as const satisfies readonly ExportedKind[];
export const SINGLE_IDS = {
  user: '',
  active: 'trip_start',
  memory: 'memory',
  idle: 'idle_points',
  polls: 'polls',
  lookups: 'lookups',
} as const;

const LISTED = ['car', 'location', 'rule', 'trip'] as const satisfies readonly ExportedKind[];
const LISTED_LATER = [
  'odometer_reading',
  'activity',
  'part',
  'closed_month',
  'event',
  'month',
] as const satisfies readonly ExportedKind[];

/** Documents may be large: a page of them is what is in hand. */
const AT_ONCE = 50;

/** Of somebody unknown: nothing. */
export async function* exportRecords(user: UserStore, tokens: OwnAccount['tokens']): AsyncGenerator<Exported, void> {
  const singles = await user.transact((tx) => tx.getMany(SINGLES.map((kind) => ({ kind, id: SINGLE_IDS[kind] }))));
  for (const [i, kind] of SINGLES.entries()) {
    const doc = singles[i] ?? null;
    if (doc !== null) yield { kind, id: SINGLE_IDS[kind], doc } as Exported;
  }
  for (const kind of LISTED) yield* recordsOf(user, kind);
  for await (const tripId of tracksOf(user)) yield* recordsOf(user, 'chunk', tripId);
  for (const kind of LISTED_LATER) yield* recordsOf(user, kind);
  for (const token of await tokens()) {
    yield { kind: 'token', id: token.id, doc: ofOwner(token) };
  }
}

async function* recordsOf(user: UserStore, kind: ExportedKind, trip?: string): AsyncGenerator<Exported> {
  const query = { order: 'asc', ...(trip !== undefined && { trip }) } as const;
  for await (const { id, doc } of rowsOf(user, kind, query, null, AT_ONCE)) yield { kind, id, doc } as Exported;
}

/**
 * Whose points there are: trips', those of trips that went into others, drives' that are none or not yet, nobody's;
 * `deleted`: also those that may come back.
 */
export async function* tracksOf(user: UserStore, deleted = false): AsyncGenerator<string> {
  yield IDLE;
  const [active, memory] = await Promise.all([user.get('active', 'trip_start'), user.get('memory', 'memory')]);
  const remembered = [
    active?.now.trip.id,
    memory?.stale?.id,
    memory?.memory.interrupted?.trip.id,
    ...(memory?.memory.closed ?? []).map(({ trip }) => trip.id),
  ];
  const others = new Set(remembered.filter((id) => id !== undefined));
  if (deleted) for await (const id of deletedTracks(user)) others.add(id);
  for await (const { id, doc } of rowsOf(user, 'trip', { order: 'asc' })) {
    yield id;
    for (const other of doc.tracks ?? []) if (other !== id) others.add(other);
  }
  for (const id of others) if ((await user.get('trip', id)) === null) yield id;
}

async function* deletedTracks(user: UserStore): AsyncGenerator<string> {
  for await (const { doc } of rowsOf(user, 'activity', { order: 'asc' })) {
    for (const { noun, nounId, before, after } of [doc, ...doc.also]) {
      if (noun !== 'trip' || after !== null) continue;
      yield nounId;
      yield* (before as Trip | null)?.tracks ?? [];
    }
  }
}
