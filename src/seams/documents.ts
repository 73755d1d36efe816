/** What every store must agree on about documents: which ids and sizes there are, what lists go by, when a user is due. */

import { Problem } from '../domain/problem.ts';
import type { Docs, Filter, Kind, ListQuery } from './store.ts';

/** A document as JSON in UTF-8: Firestore's 1 MiB less what its names, ids and indexed fields may need. */
export const MOST_DOCUMENT_BYTES = 1_000_000;
export const MOST_ID_BYTES = 1_500;
export const MOST_ADDRESS_LENGTH = 254;

export interface Traits<D> {
  /** A user has one document of this kind at most, under this id. It is never listed. */
  readonly onlyId?: string;
  /** When the clock may have something to say about it. */
  readonly dueAt?: (doc: D) => number | null;
  /** What lists go by: a number of the document, or `id` for the id alone. */
  readonly sort?: 'id' | ((doc: D) => number);
  /** What lists may be filtered by. */
  readonly filters?: { readonly [F in keyof Filter]?: (doc: D) => Required<Filter>[F] | null };
}

export const TRAITS: { readonly [K in Kind]: Traits<Docs[K]> } = {
  user: { onlyId: '' },
  active: { onlyId: 'trip_start', dueAt: (active) => active.dueAt },
  memory: { onlyId: 'memory', dueAt: (memory) => memory.dueAt },
  idle: { onlyId: 'idle_points', dueAt: (idle) => idle.dueAt },
  polls: { onlyId: 'polls', dueAt: (polls) => polls.dueAt },
  lookups: { onlyId: 'lookups', dueAt: (lookups) => lookups.dueAt },
  trip: {
    sort: (trip) => trip.startedAt,
    filters: { carId: (trip) => trip.carId, tripType: (trip) => trip.type, needsReview: (trip) => trip.needsReview },
  },
  chunk: { sort: 'id' },
  month: { sort: 'id' },
  closed_month: { sort: 'id' },
  location: { sort: (location) => location.createdAt },
  odometer_reading: {
    sort: (reading) => reading.at,
    filters: { carId: (reading) => reading.carId, suspicious: (reading) => reading.suspicious },
  },
  car: { sort: (car) => car.createdAt },
  rule: { sort: (rule) => rule.position },
  activity: { sort: (activity) => activity.at },
  part: { sort: 'id' },
  event: {
    sort: (entry) => entry.event.at,
    filters: { waiting: (entry) => entry.waiting !== null && !entry.settled },
  },
  secret: { sort: 'id' },
};

const KINDS = Object.keys(TRAITS) as Kind[];

/** Kinds of which a user has one document at most. */
export const SINGLE_KINDS: readonly Kind[] = KINDS.filter((kind) => TRAITS[kind].onlyId !== undefined);

const CHUNK_ID = /^([^/]+)\/\d{15}$/;
const RESERVED = /^(\.{1,2}|__.*__)$/s;

/** Whether a document of this kind can lie under this id; under any other there is none, whatever the store. */
export function isDocumentId(kind: Kind, id: string): boolean {
  const { onlyId } = TRAITS[kind];
  if (onlyId !== undefined) return id === onlyId;
  if (kind !== 'chunk') return isSegment(id);
  const trip = CHUNK_ID.exec(id)?.[1];
  return trip !== undefined && isSegment(trip);
}

/** Whether a text can be the name of one document or collection. */
export function isSegment(id: string): boolean {
  if (id === '' || id.includes('/') || id.includes('\0') || RESERVED.test(id)) return false;
  return id.isWellFormed() && Buffer.byteLength(id) <= MOST_ID_BYTES;
}

/** Whether a user can be kept under this address, as `normaliseAddress` makes them. */
export function isKeptAddress(email: string): boolean {
  return email.length <= MOST_ADDRESS_LENGTH && isSegment(email);
}

/** The value lists order a document by. */
export function sortOf<K extends Kind>(kind: K, id: string, doc: Docs[K]): number | string {
  const { sort } = TRAITS[kind];
  if (sort === undefined || sort === 'id') return id;
  const value = sort(doc);
  if (!Number.isFinite(value)) throw new Error(`${kind} ${JSON.stringify(id)} has nothing to be listed by`);
  return value;
}

/** Throws where no store can answer a list. */
export function refuseNonsense(kind: Kind, { limit, trip, where = {} }: ListQuery): void {
  const { sort, filters = {} } = TRAITS[kind];
  if (sort === undefined) throw new Error(`${kind} is not listed`);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`a list of ${kind} needs a limit of at least 1`);
  if ((kind === 'chunk') !== (trip !== undefined)) throw new Error('chunks, and only they, are listed of one trip');
  for (const field of Object.keys(where)) {
    if (!Object.hasOwn(filters, field)) throw new Error(`${kind} is not filtered by ${field}`);
  }
}

/** When a document of the installation is no longer of use, `null`: never. */
export function expiryOf(doc: object): number | null {
  return 'expiresAt' in doc && typeof doc.expiresAt === 'number' ? doc.expiresAt : null;
}

/** The document as it is stored. Throws `too_large` when no store would take it. */
export function encodeDocument(kind: string, doc: object): string {
  const text = JSON.stringify(doc);
  const surelySmall = text.length * 3 <= MOST_DOCUMENT_BYTES;
  if (surelySmall || Buffer.byteLength(text) <= MOST_DOCUMENT_BYTES) return text;
  throw new Problem('too_large', `This ${kind.replace('_', ' ')} holds more than one document can.`);
}
