/** Somebody leaves with DELETE /me: afterwards the store is as if they had never been there. On every store. */

import { hash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { FailedSignIns } from '../../../src/actions/failed-sign-ins.ts';
import { pollAll } from '../../../src/actions/poll.ts';
import { renameUser } from '../../../src/actions/rename.ts';
import { makeLink, openSession, takeLink } from '../../../src/actions/sign-in.ts';
import { oncePerTick } from '../../../src/actions/ticks.ts';
import { createToken, tokenHash } from '../../../src/actions/tokens.ts';
import { addUser } from '../../../src/actions/users.ts';
import { createApp } from '../../../src/app.ts';
import { EVERY_KIND, KINDS } from '../../contract/samples.ts';
import { OPTIONS } from '../../support/app.ts';
import { HIDDEN, simulator } from '../../support/connections.ts';
import { sceneOf, type Scene } from '../../support/stage.ts';
import type { TempStore } from '../../support/store.ts';
import { DAY, HOUR, MINUTE } from './logbook.ts';

const BOB = 'bob@example.nl';
const BEFORE = 'maiden.canary@example.nl';
const ANNA = 'anna.canary@example.nl';
const CLIENT = '203.0.113.7';
const EVERYTHING = ['events', 'read', 'write', 'account'] as const;

export interface Laid extends TempStore {
  /** Every document, past our own code. */
  everything(): Promise<readonly string[]>;
  /** All there is, also what no document is made of. */
  bytes(): Promise<string>;
}

class Person {
  readonly #app: ReturnType<typeof createApp>;
  readonly #scene: Scene;
  /** What everything of theirs is called. */
  readonly name: string;
  email: string;
  token = '';

  constructor(scene: Scene, name: string, email: string) {
    this.#scene = scene;
    this.name = name;
    this.#app = createApp({ ...scene.deps, unknownUsers: 'refuse' }, { ...OPTIONS, auth: 'required' });
    this.email = email;
  }

  async moveIn(): Promise<void> {
    await addUser(this.#scene.deps, this.email);
    this.token = (await this.makeToken(null)).secret;
  }

  makeToken(expiresAt: number | null) {
    const wish = { owner: this.email, label: `${this.name} phone`, scopes: EVERYTHING, carId: null, expiresAt };
    return createToken(this.#scene.deps, wish);
  }

  /** The id of what was made, if something was. */
  async ask(method: string, path: string, body?: unknown): Promise<string> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${this.token}`, ...type };
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await this.#app.request(path, { method, headers, ...sent });
    const text = await response.text();
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return path === '/me/export' ? text : (/"(?:trip_)?id":"(\w+)"/.exec(text)?.[1] ?? '');
  }

  async drive(...events: readonly string[]): Promise<string> {
    let tripId = '';
    for (const [i, event] of events.entries()) {
      tripId = await this.ask('POST', `/webhook/${event}`, { lat: 52 + i / 20, lng: 5, device: this.name });
      this.#scene.clock.advance(5 * MINUTE);
    }
    this.#scene.clock.advance(HOUR);
    return tripId;
  }
}

/** A logbook with a trip, a car, a place. */
async function livesPlainly(person: Person): Promise<void> {
  await person.moveIn();
  await person.ask('POST', '/cars', { name: 'Polo' });
  await person.ask('POST', '/locations', { name: 'Home', lat: 51, lng: 4 });
  await person.drive('start', 'ping', 'end');
}

/** Something of everything a logbook holds, up to an open drive whose car is asked. */
async function livesFully(person: Person, { deps }: Scene): Promise<void> {
  const { email } = person;
  const carId = await person.ask('POST', '/cars', { name: 'canary car', device_names: ['canary'] });
  await person.ask('POST', '/locations', { name: 'canary home', lat: 52, lng: 5 });
  await person.ask('POST', '/odometer-readings', { car_id: carId, odometer_km: 1_000, note: 'canary' });
  await person.ask('PATCH', '/settings', { language: 'nl', default_car_id: carId });
  const deleted = await person.drive('start', 'ping', 'ping', 'end');
  await person.ask('PATCH', `/trips/${deleted}`, { notes: 'canary', purpose: 'canary' });
  await person.ask('DELETE', `/trips/${deleted}`);
  const undone = await person.drive('start', 'ping', 'end');
  await person.ask('DELETE', `/trips/${undone}`);
  const [entry] = await deps.store.forUser(email).list('activity', { order: 'desc', limit: 1 });
  await person.ask('POST', `/activity/${entry?.id}/undo`);
  await person.drive('start', 'ping', 'cancel');
  await person.drive('ping', 'end');
  await person.ask('POST', '/me/import', await person.ask('GET', '/me/export'));
  await person.ask('PUT', `/cars/${carId}/connection`, simulator());
  await person.ask('POST', `/cars/${carId}/connection/test`);
  await person.drive('start', 'ping', 'ping');
  await oncePerTick(deps, 'every-minute', 'now', () => pollAll(deps));
}

/** A document of every kind there is, also of those nothing above makes. */
function holdsEverything({ deps, user }: Scene): Promise<void> {
  return deps.store.forUser(user).transact(function* (tx) {
    for (const kind of KINDS) {
      const { id, doc } = EVERY_KIND[kind];
      if ((yield* tx.get(kind, id)) === null) tx.put(kind, id, doc);
    }
  });
}

/** Every way to come in: open, used up, over, and tried in vain. */
async function comesIn(person: Person, { deps, clock }: Scene): Promise<void> {
  const { email } = person;
  const revoked = await person.makeToken(null);
  await person.ask('DELETE', `/tokens/${revoked.token.id}`);
  const rotated = await person.makeToken(clock.now() + DAY);
  await person.ask('POST', `/tokens/${rotated.token.id}/rotate`);
  await person.makeToken(clock.now() + 1);
  await openSession(deps, email);
  await makeLink(deps, email);
  await takeLink(deps, [], await makeLink(deps, email));
  await new FailedSignIns(deps).note(CLIENT, email);
}

/** What names somebody: addresses, hashes, ids of documents, and what they wrote themselves. */
function tracesIn(documents: readonly string[]): Set<string> {
  const addresses = [BEFORE, ANNA].flatMap((email) => [email, encodeURIComponent(email), hash('sha256', email, 'hex')]);
  const named = documents.join('\n').match(/\b(?:trip|evt|car|loc|odo|act|tok|ses|lnk)_[0-9a-z]{20}|[0-9a-f]{64}/g);
  return new Set(['canary', ...addresses, ...HIDDEN, ...(named ?? [])]);
}

/** The installation's own, which names nobody: makers’ budgets and the scheduler's ticks. */
const isOfNobody = (document: string) => /^\/?system\W.{0,12}\b(?:provider|job)\b/.test(document);

export function deletedContract(open: () => Laid): void {
  test('after DELETE /me the store is as if they had never been there', { timeout: 120_000 }, async () => {
    const laid = open();
    onTestFinished(laid.remove);
    const { store, path, everything, bytes } = laid;
    const scene = sceneOf(store, path, ANNA);
    await livesPlainly(new Person(scene, 'bob', BOB));
    const without = await everything();

    const anna = new Person(scene, 'canary', BEFORE);
    await anna.moveIn();
    await livesFully(anna, scene);
    await comesIn(anna, scene);
    await renameUser(scene.deps, { from: BEFORE, to: ANNA });
    anna.email = ANNA;
    await comesIn(anna, scene);
    await anna.drive('ping');
    await holdsEverything(scene);
    const hers = (await everything()).filter((document) => !without.includes(document));
    const traces = [...tracesIn(hers)].filter((trace) => !without.join('\n').includes(trace));
    expect(traces.length).toBeGreaterThan(60);
    expect(traces).toContain(tokenHash(anna.token));

    // Its failures are a client's own, and forgotten within a minute.
    await store.system.take('failures', `client-${tokenHash(CLIENT)}`);
    await anna.ask('DELETE', '/me');
    const left = await everything();
    expect(left.filter((document) => !without.includes(document) && !isOfNobody(document))).toEqual([]);
    expect(without.filter((document) => !left.includes(document))).toEqual([]);
    const all = `${left.join('\n')}\n${await bytes()}`;
    expect(traces.filter((trace) => all.includes(trace))).toEqual([]);
  });
}
