/**
 * The version of each kind of document, and the way from an older one to the newest. Both stores read through here.
 *
 * A version is never edited, only followed: append a function that makes the next version of the one before. It must
 * not change what the document is listed, filtered or due by; that takes a migration of the store as well.
 */

import type { DeviceToken } from '../domain/tokens.ts';
import { UnreadableDocument } from './store-errors.ts';
import type { Docs, SystemDocs } from './store.ts';

/** Everything stored as a document with a version. */
export interface StoredDocs extends Docs, SystemDocs {
  readonly token: DeviceToken;
  readonly session: DeviceToken;
  readonly link: DeviceToken;
}

export type StoredKind = keyof StoredDocs;
export type Migration = (doc: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
/** Per kind: from version 1 to 2, from 2 to 3 … */
export type Migrations = { readonly [K in StoredKind]: readonly Migration[] };

export const MIGRATIONS: Migrations = {
  user: [(doc) => ({ ...doc, subject: null, addedBy: 'command' }), (doc) => ({ ...doc, rules: [] })],
  active: [],
  memory: [(doc) => ({ ...doc, scheduled: [] })],
  idle: [(doc) => ({ ...doc, deletedSince: null })],
  polls: [],
  lookups: [],
  trip: [],
  chunk: [],
  month: [],
  closed_month: [],
  location: [],
  odometer_reading: [],
  car: [],
  rule: [],
  activity: [
    (doc) => ({ ...doc, also: [], lost: null, undoes: null, undoneBy: null }),
    (doc) => ({ ...doc, cause: null, parts: [] }),
  ],
  part: [],
  event: [(doc) => ({ ...doc, body: null })],
  secret: [],
  token: [],
  session: [],
  link: [],
  provider: [],
  service: [],
  job: [],
  signin: [],
  failures: [],
};

/** The version this program writes. */
export function versionOf(kind: StoredKind, migrations: Migrations): number {
  return migrations[kind].length + 1;
}

/** A stored document as the newest version of its kind. */
export function decodeDocument<K extends StoredKind>(
  kind: K,
  id: string,
  stored: { readonly version: number; readonly text: string },
  migrations: Migrations,
): StoredDocs[K] {
  const newest = versionOf(kind, migrations);
  const named = `${kind} ${JSON.stringify(id)}`;
  if (stored.version > newest) {
    const versions = `document version ${stored.version}, this program reads up to ${newest}`;
    throw new UnreadableDocument(`${named} was written by a newer version of this program (${versions})`);
  }
  const parsed = parsedObject(stored.text);
  if (parsed === null) throw new UnreadableDocument(`${named} is damaged in the store`);
  const steps = migrations[kind].slice(stored.version - 1);
  // Only this program writes documents, so one of the newest version has the shape of its kind.
  return steps.reduce<unknown>((doc, step) => step(doc as Record<string, unknown>), parsed) as StoredDocs[K];
}

function parsedObject(text: string): object | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}
