/** Where documents lie: the paths of `contract` §5, and nowhere else. */

import type { CollectionReference, DocumentReference, Firestore } from '@google-cloud/firestore';
import type { Kind, SystemKind } from '../../seams/store.ts';

const COLLECTIONS: { readonly [K in Exclude<Kind, 'user'>]: string } = {
  active: 'cache',
  memory: 'cache',
  idle: 'cache',
  polls: 'cache',
  lookups: 'cache',
  trip: 'trips',
  chunk: 'track',
  month: 'stats',
  closed_month: 'months',
  location: 'locations',
  odometer_reading: 'odometer_readings',
  car: 'cars',
  rule: 'rules',
  activity: 'activity',
  part: 'activity_parts',
  event: 'events',
  secret: 'secrets',
};

export function collectionOf(kind: Kind): string {
  return kind === 'user' ? 'users' : COLLECTIONS[kind];
}

/** The documents of one user. */
export class UserPaths {
  readonly user: DocumentReference;

  /** `email` is one a user can be kept under. */
  constructor(firestore: Firestore, email: string) {
    this.user = firestore.collection('users').doc(email);
  }

  /** Ask only for an id this kind can have. */
  document(kind: Kind, id: string): DocumentReference {
    if (kind === 'user') return this.user;
    if (kind !== 'chunk') return this.list(kind).doc(id);
    const [trip = '', window = ''] = id.split('/');
    return this.list('chunk', trip).doc(window);
  }

  /** Where documents of a kind lie together; of chunks, those of one trip. */
  list(kind: Kind, trip = ''): CollectionReference {
    const collection = collectionOf(kind);
    return kind === 'chunk'
      ? this.user.collection(COLLECTIONS.trip).doc(trip).collection(collection)
      : this.user.collection(collection);
  }

  /** The hashes of the user's tokens, sessions or links, by their ids. */
  index(shelf: Shelf): CollectionReference {
    return this.user.collection(SHELVES[shelf].index);
  }
}

export type Shelf = 'token' | 'session' | 'link';

/** Where the secrets' hashes lie, outside the users, and below their owner what finds them. */
export const SHELVES: { readonly [S in Shelf]: { readonly collection: string; readonly index: string } } = {
  token: { collection: 'tokens', index: 'tokens_index' },
  session: { collection: 'sessions', index: 'sessions_index' },
  link: { collection: 'signins', index: 'signins_index' },
};

export function tokenDocument(firestore: Firestore, shelf: Shelf, hash: string): DocumentReference {
  return firestore.collection(SHELVES[shelf].collection).doc(hash);
}

/** Any id will do: what cannot stand in a document's name is escaped. */
export function systemDocument(firestore: Firestore, kind: SystemKind, id: string): DocumentReference {
  const name = id.toWellFormed().replaceAll(/[%/\0]/g, (odd) => encodeURIComponent(odd));
  return firestore.collection('system').doc(`${kind}-${name}`);
}
