/**
 * Moves a logbook to another address, while events go on coming in. All is copied first, then the old logbook is held
 * for as long as it takes to copy what changed meanwhile; whoever sends an event then waits. From the moment it is held
 * for good the move is decided, and what is left is tokens and tidying up. Stopped anywhere, the same call goes on: until
 * then the old logbook is whole, from then on the new one is, and at no time do both take events.
 */

import { hash } from 'node:crypto';
import { Problem } from '../domain/problem.ts';
import type { Secret } from '../domain/secrets.ts';
import type { User } from '../domain/users.ts';
import type { Docs, Kind, Store, UserStore } from '../seams/store.ts';
import { UnreadableSecret } from '../seams/vault.ts';
import { secretOwner } from './connection-docs.ts';
import type { Deps } from './deps.ts';
import { SINGLES, SINGLE_IDS, tracksOf } from './exports.ts';
import { rowsOf } from './pages.ts';
import { Portions } from './portions.ts';
import { listTokens } from './tokens.ts';
import { removeUser } from './users.ts';

type Needs = Pick<Deps, 'store' | 'clock' | 'vault'>;

const COPIED = [
  'car',
  'location',
  'rule',
  'odometer_reading',
  'trip',
  'month',
  'closed_month',
  'activity',
  'part',
  'event',
  'secret',
] as const;
const COPIED_AT_ONCE = 50;
const HOLD_MS = 60_000;
const MOST_TRIES = 10;

export interface Renaming {
  readonly from: string;
  readonly to: string;
  /** Told after each portion how many documents were copied. */
  readonly onProgress?: (copied: number) => void;
}

/** Throws `not_found` without a logbook to move, `conflict` where the new address has one. */
export async function renameUser(deps: Needs, wish: Renaming): Promise<void> {
  const { store } = deps;
  const [from, to] = [store.forUser(wish.from), store.forUser(wish.to)];
  const [old, taken] = await Promise.all([from.get('user', ''), to.get('user', '')]);
  if (wish.from === wish.to) throw new Problem('conflict', 'The two addresses are the same.');
  if (old === null) throw new Problem('not_found', `There is no user ${wish.from}.`);
  refuseDetour(old, wish.to);
  const decided = isDecided(old, wish.to);
  if (taken !== null && !decided && reservedFor(taken) !== wish.from) {
    throw new Problem('conflict', `${wish.to} has a logbook already; nothing was changed.`);
  }
  if (!decided) await copyAll(deps, wish, from, to, taken !== null);
  await finish(store, from, to);
}

/** What is decided has to be finished: the other address may take events already. */
function refuseDetour({ email, moving }: User, to: string): void {
  if (moving === undefined || !('to' in moving) || moving.until !== null || moving.to === to) return;
  throw new Problem('conflict', `${email} is moving to ${moving.to}; finish that first, with the same command.`);
}

function isDecided({ moving }: User, to: string): boolean {
  return moving !== undefined && 'to' in moving && moving.to === to && moving.until === null;
}

function reservedFor({ moving }: User): string | null {
  return moving !== undefined && 'from' in moving ? moving.from : null;
}

/** `begun`: an earlier call was stopped; what it copied may be old by now. */
async function copyAll(deps: Needs, wish: Renaming, from: UserStore, to: UserStore, begun: boolean): Promise<void> {
  if (begun) await deps.store.removeUser(wish.to);
  await reserve(from, to);
  const copy = new Copy(deps, from, to, wish.onProgress);
  await copy.pass();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const held = await hold(deps, from, to.email);
    await copy.pass();
    if (await decide(deps, from, to.email, held)) return;
  }
  throw new Problem('busy_try_again', `${wish.from} keeps changing; nothing was moved. Please try again.`);
}

async function reserve(from: UserStore, to: UserStore): Promise<void> {
  const user = await from.get('user', '');
  await to.transact(function* (tx) {
    const known = yield* tx.get('user', '');
    if (known !== null || user === null) throw new Problem('conflict', `${to.email} has a logbook already.`);
    tx.put('user', '', { ...user, email: to.email, moving: { from: from.email } });
  });
}

/** What there is one of, as it stands when the hold begins. */
function hold({ clock }: Needs, from: UserStore, to: string): Promise<string> {
  const until = clock.now() + HOLD_MS;
  return from.transact(function* (tx) {
    const singles = yield* tx.getMany(SINGLES.map((kind) => ({ kind, id: SINGLE_IDS[kind] })));
    const user = yield* tx.get('user', '');
    if (user !== null) tx.put('user', '', { ...user, moving: { to, until } });
    return printOf(singles);
  });
}

/** `false`: something changed since the hold began, or it ran out. */
function decide({ clock }: Needs, from: UserStore, to: string, held: string): Promise<boolean> {
  const now = clock.now();
  return from.transact(function* (tx) {
    const singles = yield* tx.getMany(SINGLES.map((kind) => ({ kind, id: SINGLE_IDS[kind] })));
    const user = yield* tx.get('user', '');
    const until = user?.moving !== undefined && 'until' in user.moving ? (user.moving.until ?? 0) : 0;
    if (user === null || until <= now || printOf(singles) !== held) return false;
    tx.put('user', '', { ...user, moving: { to, until: null } });
    return true;
  });
}

function printOf(docs: readonly (Docs[Kind] | null)[]): string {
  return JSON.stringify(docs.map((doc) => (doc !== null && 'settings' in doc ? { ...doc, moving: undefined } : doc)));
}

/** Every step may be done again. The machine comes with the user: nobody is due before that. */
async function finish(store: Store, from: UserStore, to: UserStore): Promise<void> {
  const singles = await from.transact((tx) => tx.getMany(SINGLES.map((kind) => ({ kind, id: SINGLE_IDS[kind] }))));
  await to.transact(function* (tx) {
    const known = yield* tx.get('user', '');
    if (known === null || reservedFor(known) === null) return;
    for (const [i, kind] of SINGLES.entries()) {
      const doc = singles[i];
      if (doc && kind !== 'user') tx.put<Kind>(kind, SINGLE_IDS[kind], doc);
    }
    const [user] = singles;
    // Whoever is known to Google under the old address is somebody else under the new one.
    if (user && 'settings' in user) tx.put('user', '', { ...atRest(user), email: to.email, subject: null });
  });
  for (const { id } of await listTokens(store, from.email)) {
    const key = await store.tokens.hashOf(from.email, id);
    if (key !== null) await store.tokens.update(key, (token) => ({ ...token, owner: to.email }));
  }
  await removeUser(store, null, from.email);
}

function atRest(user: User): User {
  const { moving: _, ...rest } = user;
  return rest;
}

/** `null`: it is gone. */
interface Copied {
  readonly kind: Kind;
  readonly id: string;
  readonly doc: Docs[Kind] | null;
}

/** Copies what is not copied yet, or has changed or gone since. */
class Copy {
  readonly #deps: Needs;
  readonly #from: UserStore;
  readonly #to: UserStore;
  readonly #onProgress: ((copied: number) => void) | undefined;
  /** What was copied, by a print of its text. */
  #known = new Map<string, string>();
  readonly #portions = new Portions<Copied>(COPIED_AT_ONCE, (portion) => this.#write(portion));
  #copied = 0;

  constructor(deps: Needs, from: UserStore, to: UserStore, onProgress: Renaming['onProgress']) {
    this.#deps = deps;
    this.#from = from;
    this.#to = to;
    this.#onProgress = onProgress;
  }

  async pass(): Promise<void> {
    const before = this.#known;
    this.#known = new Map();
    for (const kind of COPIED) await this.#copy(kind, before);
    for await (const trip of tracksOf(this.#from, true)) await this.#copy('chunk', before, trip);
    for (const key of before.keys()) {
      const [kind = '', ...id] = key.split(' ');
      await this.#portions.add({ kind: kind as Kind, id: id.join(' '), doc: null }, 0);
    }
    await this.#portions.flush();
  }

  async #copy(kind: Kind, before: Map<string, string>, trip?: string): Promise<void> {
    const query = { order: 'asc', ...(trip !== undefined && { trip }) } as const;
    for await (const { id, doc } of rowsOf(this.#from, kind, query, null, COPIED_AT_ONCE)) {
      const text = JSON.stringify(doc);
      const key = `${kind} ${id}`;
      const print = hash('sha256', text, 'base64');
      if (before.get(key) !== print) {
        await this.#portions.add({ kind, id, doc: this.#resealed(kind, id, doc) }, text.length);
      }
      this.#known.set(key, print);
      before.delete(key);
    }
  }

  /** Sealed text is bound to the address. What no key opens stays as it is: it opens nowhere. */
  #resealed(kind: Kind, id: string, doc: Docs[Kind]): Docs[Kind] {
    if (kind !== 'secret') return doc;
    const { vault } = this.#deps;
    const secret = doc as Secret;
    try {
      const text = vault.open(secret.sealed, secretOwner(this.#from.email, id));
      return { ...secret, sealed: vault.seal(text, secretOwner(this.#to.email, id)) };
    } catch (error) {
      if (error instanceof UnreadableSecret) return doc;
      throw error;
    }
  }

  async #write(portion: readonly Copied[]): Promise<void> {
    await this.#to.transact(function* (tx) {
      yield* tx.get('user', '');
      for (const { kind, id, doc } of portion) {
        if (doc === null) tx.remove(kind, id);
        else tx.put(kind, id, doc);
      }
    });
    this.#copied += portion.length;
    this.#onProgress?.(this.#copied);
  }
}
