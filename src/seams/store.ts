/**
 * What is kept between requests, and the only way to change it.
 *
 * A handle is bound to one user; nothing but `due` and `users` sees more than one. A unit of work is a generator:
 * it yields what it wants to read, and the store drives it inside one transaction, so that it runs the same on a store
 * that answers at once and on one that answers over a network. On contention the work is simply run again from its
 * beginning: it must be pure but for its `Tx`. Absent is `null`; a store that cannot be reached throws.
 * Contention that outlasts 8 s throws `Problem('busy_try_again')`. Documents are never changed in place.
 *
 * A document is what JSON can say, at most `MOST_DOCUMENT_BYTES` of it; a larger one throws `Problem('too_large')` and
 * its work writes nothing. Under an id no document can have (`isDocumentId`) there is none: reading answers `null`,
 * putting throws. Ids, months and addresses are ordered by their UTF-8 bytes. A document that is damaged, or written by
 * a newer version of this program, throws `UnreadableDocument` when it is read, and only then.
 */

import type { Activity, ActivityPart } from '../domain/activity.ts';
import type { Car } from '../domain/cars.ts';
import type { RuleInOrder } from '../domain/classification.ts';
import type { Location } from '../domain/locations.ts';
import type { ActiveTrip, IdlePoints, JournalEntry, Memory } from '../domain/machine/state.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import type { Polls } from '../domain/polls.ts';
import type { ProviderState } from '../domain/providers.ts';
import type { Secret } from '../domain/secrets.ts';
import type { Failures, SignIn } from '../domain/sign-in.ts';
import type { ServicePace } from '../domain/services.ts';
import type { ClosedMonth } from '../domain/month-chain.ts';
import type { MonthRows } from '../domain/stats.ts';
import type { DeviceToken } from '../domain/tokens.ts';
import type { Chunk } from '../domain/points.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';

/** The nouns of one user and the shape of each. Paths are those of `contract` §5. */
export interface Docs {
  /** `users/{email}`; its id is always `''`. */
  readonly user: User;
  /** `cache/trip_start`; its id is always `trip_start`. */
  readonly active: ActiveTrip;
  /** `cache/memory`; its id is always `memory`. */
  readonly memory: Memory;
  /** `cache/idle_points`; its id is always `idle_points`. */
  readonly idle: IdlePoints;
  /** `cache/polls`; its id is always `polls`. */
  readonly polls: Polls;
  /** `cache/lookups`; its id is always `lookups`. */
  readonly lookups: Lookups;
  readonly trip: Trip;
  /** `trips/{tripId}/track/{window}`; its id is `{tripId}/{window}`, the window as 15 digits. */
  readonly chunk: Chunk;
  /** `stats/{YYYY-MM}` */
  readonly month: MonthRows;
  /** `months/{YYYY-MM}` */
  readonly closed_month: ClosedMonth;
  readonly location: Location;
  readonly odometer_reading: OdometerReading;
  readonly car: Car;
  readonly rule: RuleInOrder;
  readonly activity: Activity;
  /** `activity_parts/{activityId}_{nth}` */
  readonly part: ActivityPart;
  readonly event: JournalEntry;
  /** `secrets/{id}`; clients never read them. */
  readonly secret: Secret;
}

export type Kind = keyof Docs;

/**
 * What a kind's documents are listed by, newest first or oldest first; ties go by id.
 * trip: startedAt · event: event.at · activity: at · odometer_reading: at · location, car: createdAt · rule: position ·
 * chunk, month, closed_month, part, secret: id.
 */
export interface ListQuery {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** Inclusive bounds of the sort value (of the id where that is what lists go by). */
  readonly from?: number | string;
  readonly to?: number | string;
  /** Continue behind this document. */
  readonly after?: Cursor;
  /** Chunks of this trip only. Chunks are listed no other way, and nothing else is. */
  readonly trip?: string;
  /** Only documents with these values; a kind that has no such value throws (`TRAITS`). */
  readonly where?: Filter;
}

export interface Filter {
  readonly carId?: string;
  readonly tripType?: string;
  readonly needsReview?: boolean;
  /** Events that wait for a decision of the user. */
  readonly waiting?: boolean;
  readonly suspicious?: boolean;
}

export interface Cursor {
  readonly sort: number | string;
  readonly id: string;
}

export interface Row<K extends Kind> {
  readonly id: string;
  readonly sort: number | string;
  readonly doc: Docs[K];
}

export interface DocKey<K extends Kind = Kind> {
  readonly kind: K;
  readonly id: string;
}

export type Read =
  | { readonly read: 'get'; readonly keys: readonly DocKey[] }
  | { readonly read: 'list'; readonly kind: Kind; readonly query: ListQuery };

/** A unit of work, or a part of one to be joined with `yield*`. */
export type Work<T> = Generator<Read, T, unknown>;

export interface Tx {
  /** A document the work has read before is answered from memory: read what is needed for sure together, first. */
  get<K extends Kind>(kind: K, id: string): Work<Docs[K] | null>;
  /** Several documents in one round trip, in the order asked. */
  getMany<K extends Kind>(keys: readonly DocKey<K>[]): Work<readonly (Docs[K] | null)[]>;
  list<K extends Kind>(kind: K, query: ListQuery): Work<readonly Row<K>[]>;
  /** Takes effect at the commit; later reads of the same work see it, lists do not. */
  put<K extends Kind>(kind: K, id: string, doc: Docs[K]): void;
  remove(kind: Kind, id: string): void;
}

export interface UserStore {
  readonly email: string;
  transact<T>(work: (tx: Tx) => Work<T>): Promise<T>;
  get<K extends Kind>(kind: K, id: string): Promise<Docs[K] | null>;
  list<K extends Kind>(kind: K, query: ListQuery): Promise<readonly Row<K>[]>;
}

/** Device tokens lie outside the users, under the SHA-256 of the secret; so do sessions and links, each apart. */
export interface TokenStore {
  get(hash: string): Promise<DeviceToken | null>;
  put(hash: string, token: DeviceToken): Promise<void>;
  /**
   * Reads, changes and writes in one transaction, so that noting a use never undoes a revocation.
   * `change` may run again and answers `null` to leave the token as it is. Answers what is then stored, `null`: no such token.
   */
  update(hash: string, change: (token: DeviceToken) => DeviceToken | null): Promise<DeviceToken | null>;
  /** Reads and removes in one transaction: of two who take, one gets it. */
  take(hash: string): Promise<DeviceToken | null>;
  listOf(owner: string): Promise<readonly DeviceToken[]>;
  /** The hash under which the owner's token with this id lies. */
  hashOf(owner: string, id: string): Promise<string | null>;
}

/** What belongs to the installation, not to a user: `system/{kind}-{id}`. */
export interface SystemDocs {
  readonly provider: ProviderState;
  /** By the service's kind and address. */
  readonly service: ServicePace;
  readonly job: JobTicks;
  /** By the SHA-256 of its state. */
  readonly signin: SignIn;
  /** By the hash of a client's or a user's address. */
  readonly failures: Failures;
}

/** The latest ticks of a scheduler's job, so that one delivered twice counts once. */
export interface JobTicks {
  readonly ticks: readonly string[];
}

export type SystemKind = keyof SystemDocs;

export interface SystemStore {
  get<K extends SystemKind>(kind: K, id: string): Promise<SystemDocs[K] | null>;
  /**
   * Reads, changes and writes in one transaction. `change` may run again and answers `null` to leave things as they are.
   * Answers what is then stored.
   */
  update<K extends SystemKind>(
    kind: K,
    id: string,
    change: (doc: SystemDocs[K] | null) => SystemDocs[K] | null,
  ): Promise<SystemDocs[K] | null>;
  /** Reads and removes in one transaction: of two who take, one gets it. */
  take<K extends SystemKind>(kind: K, id: string): Promise<SystemDocs[K] | null>;
  /** Removes what expired by `now` (documents with `expiresAt`), earliest first. Answers how many. */
  sweep(now: number, limit: number): Promise<number>;
}

export interface DueUser {
  readonly email: string;
  readonly dueAt: number;
}

export interface Store {
  forUser(email: string): UserStore;
  readonly tokens: TokenStore;
  /** What a browser is signed in with. */
  readonly sessions: TokenStore;
  /** Links that sign a browser in, once. */
  readonly links: TokenStore;
  readonly system: SystemStore;
  /** Users of whom a document is due at `now` (`TRAITS`), longest due first, each once, by the earliest. */
  due(now: number, limit: number): Promise<readonly DueUser[]>;
  /** Addresses that have a `user` document, in order, `after` excluded. */
  users(limit: number, after?: string): Promise<readonly string[]>;
  /** Everything of a user: documents, tokens, sessions, links. Safe to repeat; a call that fails may have removed a part. */
  removeUser(email: string): Promise<void>;
  /** Throws when the store does not answer. */
  check(): Promise<void>;
  /** Finishes what waits, then closes. */
  close(): Promise<void>;
}
