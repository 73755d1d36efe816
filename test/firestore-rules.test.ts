/** What clients may do in the database past the service (`firestore.rules`): read what is theirs, and nothing else. */

import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectionOf } from '../src/adapters/firestore/paths.ts';
import { everything, fill, type Stored } from './adapters/firestore/stored.ts';
import { ANNA, BOB, KINDS } from './contract/samples.ts';
import { Firebase, RULES, type Caller } from './support/firebase.ts';
import { describeFirestore, emulatorHost, openTempFirestore, type TempFirestore } from './support/firestore.ts';

const OWN = `users/${ANNA}`;

/** What of a user the user may read, and how. Everything else that is stored is closed; nobody may change anything. */
const OPEN: Readonly<Record<string, readonly ('get' | 'list')[]>> = {
  [OWN]: ['get'],
  [`${OWN}/cache/trip_start`]: ['get'],
  [`${OWN}/trips/trip_1`]: ['get', 'list'],
  [`${OWN}/trips/trip_1/track/000000000120000`]: ['get', 'list'],
  [`${OWN}/stats/2026-03`]: ['get', 'list'],
  [`${OWN}/locations/loc_1`]: ['get', 'list'],
  [`${OWN}/odometer_readings/odo_1`]: ['get', 'list'],
  [`${OWN}/cars/car_1`]: ['get', 'list'],
  [`${OWN}/months/2026-02`]: ['get', 'list'],
  [`${OWN}/rules/rul_1`]: ['get', 'list'],
  [`${OWN}/activity/act_1`]: ['get', 'list'],
  [`${OWN}/activity_parts/act_1_0`]: ['get', 'list'],
  [`${OWN}/events/evt_1`]: ['get', 'list'],
};

/** Written by no store of ours, and closed as well. */
const UNHEARD_OF = [
  'elsewhere/one',
  `${OWN}/unheard_of/one`,
  `${OWN}/trips/trip_1/secrets/one`,
  `${OWN}/trips/trip_1/track/000000000120000/deeper/one`,
  `${OWN}/cars/car_1/secrets/one`,
  `${OWN}/cache/trip_start/secrets/one`,
];

const verified = (email: unknown): Caller => ({ email, email_verified: true });

const OWNERS: readonly (readonly [string, Caller])[] = [
  ['the owner', verified(ANNA)],
  ['the owner, with capitals in the claim', verified('Anna@Example.ORG')],
];

const STRANGERS: readonly (readonly [string, Caller])[] = [
  ['nobody', null],
  ['somebody else', verified(BOB)],
  ['the owner’s address, not verified', { email: ANNA, email_verified: false }],
  ['the owner’s address, verified says nobody', { email: ANNA }],
  ['an identity without an address', { email_verified: true }],
  ['an identity that calls its user the address', { sub: ANNA, user_id: ANNA, email_verified: true }],
];

/** Claims that come near the owner’s. */
const RESEMBLING: readonly (readonly [string, Caller])[] = [
  ['the owner’s address, verified in words', { email: ANNA, email_verified: 'true' }],
  ['the owner’s address, verified as a number', { email: ANNA, email_verified: 1 }],
  ['an address that is null', verified(null)],
  ['an empty address', verified('')],
  ['a list of addresses', verified([ANNA])],
  ['an address as a map', verified({ email: ANNA })],
  ['a pattern', verified('.*')],
  ['a longer address', verified(`${ANNA}.evil.example`)],
  ['a longer local part', verified(`x${ANNA}`)],
  ['a tag', verified(ANNA.replace('@', '+x@'))],
  ['an address with a blank', verified(`${ANNA} `)],
  ['an address and a line more', verified(`${ANNA}\n${BOB}`)],
  ['an address that looks like a path', verified(`${ANNA}/trips`)],
  ['an address with a scheme', verified(`mailto:${ANNA}`)],
  ['full-width letters', verified('ａnna@example.org')],
  ['a Cyrillic letter', verified('аnna@example.org')],
  ['a combined letter', verified('a\u0301nna@example.org')],
];

type Asked = 'get' | 'list' | 'query' | 'count' | 'create' | 'update' | 'delete' | 'commit';

const FIELDS = { body: { stringValue: 'mine' } };

/** Each way to ask for a document, or the collection it lies in. */
const ASKS: Readonly<Record<Asked, (firebase: Firebase, caller: Caller, path: string) => Promise<{ status: number }>>> =
  {
    get: (firebase, caller, path) => firebase.ask(caller, 'GET', path),
    list: (firebase, caller, path) => firebase.ask(caller, 'GET', parts(path).collection),
    query: (firebase, caller, path) =>
      firebase.ask(caller, 'POST', `${parts(path).parent}:runQuery`, { structuredQuery: selection(path) }),
    count: (firebase, caller, path) =>
      firebase.ask(caller, 'POST', `${parts(path).parent}:runAggregationQuery`, {
        structuredAggregationQuery: {
          structuredQuery: selection(path),
          aggregations: [{ alias: 'all', count: {} }],
        },
      }),
    create: (firebase, caller, path) =>
      firebase.ask(caller, 'POST', `${parts(path).collection}?documentId=a-new-one`, { fields: FIELDS }),
    update: (firebase, caller, path) => firebase.ask(caller, 'PATCH', path, { fields: FIELDS }),
    delete: (firebase, caller, path) => firebase.ask(caller, 'DELETE', path),
    commit: (firebase, caller, path) =>
      firebase.ask(caller, 'POST', ':commit', { writes: [{ update: { name: firebase.name(path), fields: FIELDS } }] }),
  };

/** The permission a read takes. */
const READS: { readonly [A in Asked]?: 'get' | 'list' } = { get: 'get', list: 'list', query: 'list', count: 'list' };

const EVERY_ASK = Object.keys(ASKS) as Asked[];

function parts(path: string): { parent: string; collection: string; id: string } {
  const names = path.split('/');
  const collection = names.slice(0, -1);
  return { parent: collection.slice(0, -1).join('/'), collection: collection.join('/'), id: collection.at(-1) ?? '' };
}

function selection(path: string, more: object = {}): object {
  return { from: [{ collectionId: parts(path).id, ...more }] };
}

/** Which of the asks are answered, place by place. Every other one must be refused. */
async function granted(
  firebase: Firebase,
  caller: Caller,
  paths: readonly string[],
  asks = EVERY_ASK,
): Promise<Record<string, Asked[]>> {
  const answers = paths.map(async (path) => {
    const statuses = await Promise.all(asks.map(async (ask) => (await ASKS[ask](firebase, caller, path)).status));
    expect(statuses.filter((status) => status !== 200 && status !== 403)).toEqual([]);
    return [path, asks.filter((_, index) => statuses[index] === 200)];
  });
  return Object.fromEntries(await Promise.all(answers));
}

const nothing = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, []]));

/** The names of all collections the rules decide about, in order. */
function decided(rules: string): string[] {
  const bare = rules.replaceAll(/\/\/.*$/gm, '');
  return [...bare.matchAll(/match \/(\w+)\//g)].map(([, name = '']) => name).filter((name) => name !== 'databases');
}

/** The names of all collections the adapter reads or writes. */
function used(): string[] {
  const folder = resolve(import.meta.dirname, '../src/adapters/firestore');
  const sources = readdirSync(folder).map((name) => readFileSync(resolve(folder, name), 'utf8'));
  const literal = sources.flatMap((text) => [...text.matchAll(/\bcollection(?:Group)?\(\s*'(\w+)'/g)]);
  const shaped = sources.flatMap((text) => [...text.matchAll(/\b(?:collection|index): '(\w+)'/g)]);
  return [...new Set([...KINDS.map(collectionOf), ...[...literal, ...shaped].map(([, name = '']) => name)])];
}

describe('the rules', () => {
  test('decide about every collection the service uses', () => {
    expect(used()).toEqual(expect.arrayContaining(['users', 'trips', 'tokens_index', 'tokens', 'system']));
    expect(used().filter((name) => !decided(RULES).includes(name))).toEqual([]);
  });

  test('open no collection the service does not use', () => {
    const opened = RULES.split('\n').filter((line) => /^\s*match .*allow .*isCaller/.test(line));
    expect(opened.length).toBeGreaterThan(5);
    expect(opened.flatMap(decided).filter((name) => !used().includes(name))).toEqual([]);
  });

  test('reach nowhere below more than one collection, and let nobody write', () => {
    const bare = RULES.replaceAll(/\/\/.*$/gm, '');
    expect(bare).not.toContain('**');
    const conditions = [...bare.matchAll(/allow ([\w, ]+)(?:: if ([^;]+))?;/g)].map(([, asked, when]) => [asked, when]);
    expect(conditions.length).toBeGreaterThan(10);
    for (const [asked = '', when] of conditions) {
      expect(['false', 'isCaller(address)']).toContain(when);
      if (when !== 'false') expect(['get', 'get, list']).toContain(asked);
    }
  });

  // The emulator folds nothing else anyway; what the service itself does is not written down.
  test('put only ASCII into lower case', () => {
    expect(RULES.match(/\.lower\(\)/g)).toHaveLength(1);
    expect(RULES).toContain("(token.email.matches('[!-~]+') && token.email.lower() == address)");
  });
});

describeFirestore('a client that goes past the service', () => {
  let temp: TempFirestore;
  let firebase: Firebase;
  let bare: Firestore;
  let filled: ReadonlyMap<string, Stored>;
  const every = () => [...filled.keys()];

  beforeAll(async () => {
    temp = openTempFirestore();
    firebase = new Firebase(temp.options.projectId);
    await firebase.load(RULES);
    await fill(temp.store);
    for (const path of UNHEARD_OF) await ASKS.update(firebase, 'owner', path);
    bare = new Firestore({ projectId: temp.options.projectId, host: emulatorHost(), ssl: false });
    filled = await everything(bare);
  });
  afterAll(async () => {
    await bare.terminate();
    await temp.remove();
  });

  test('meets rules that compile, and is told where others do not', async () => {
    const other = new Firebase(`${temp.options.projectId}-broken`);
    expect(await other.load(RULES)).toMatchObject({ status: 200 });
    expect(await other.load(RULES.replace('match /users', 'mach /users'))).toMatchObject({ status: 400 });
  });

  test.each(OWNERS)('reads what is its own and changes nothing, as %s', async (_, caller) => {
    expect(every()).toEqual(expect.arrayContaining([...Object.keys(OPEN), `${OWN}/secrets/car_1`, 'system/job-poll']));
    const reads = (path: string) =>
      EVERY_ASK.filter((ask) => READS[ask] !== undefined && OPEN[path]?.includes(READS[ask]));
    const expected = Object.fromEntries(every().map((path) => [path, reads(path)]));
    expect(await granted(firebase, caller, every())).toEqual(expected);
  });

  test.each(STRANGERS)('reads and changes nothing, as %s', async (_, caller) => {
    expect(await granted(firebase, caller, every())).toEqual(nothing(every()));
  });

  test.each(RESEMBLING)('reads and changes nothing, as %s', async (_, caller) => {
    expect(await granted(firebase, caller, every(), ['get', 'list', 'update'])).toEqual(nothing(every()));
  });

  test('has left everything as it was', async () => {
    expect(await everything(bare)).toEqual(filled);
  });

  test('would be answered each of these questions if no rule stood in the way', async () => {
    const other = openTempFirestore();
    const open = new Firebase(other.options.projectId);
    await open.load(RULES);
    await fill(other.store);
    // Removed and made anew along the way, so one place at a time, in the order asked.
    for (const path of every()) {
      for (const ask of EVERY_ASK.filter((one) => one !== 'create')) {
        if (ask === 'get') await ASKS.update(open, 'owner', path);
        expect([path, ask, (await ASKS[ask](open, 'owner', path)).status]).toEqual([path, ask, 200]);
      }
    }
    const collections = [...new Map(every().map((path) => [parts(path).collection, path])).values()];
    for (const path of collections) expect((await ASKS.create(open, 'owner', path)).status).toBe(200);
    await other.remove();
  });

  test('gets nothing of a collection in all users at once, not even its own part', async () => {
    const groups = every().map((path) => selection(path, { allDescendants: true }));
    for (const [, caller] of [...OWNERS, ...STRANGERS.slice(0, 2)]) {
      for (const structuredQuery of groups) {
        for (const parent of ['', OWN]) {
          expect((await firebase.ask(caller, 'POST', `${parent}:runQuery`, { structuredQuery })).status).toBe(403);
        }
      }
    }
    const [structuredQuery] = groups.slice(-1);
    expect((await firebase.ask('owner', 'POST', ':runQuery', { structuredQuery })).status).toBe(200);
  });

  test('gets no list of users, not even of itself alone', async () => {
    const itself = { field: { fieldPath: '__name__' }, op: 'EQUAL', value: { referenceValue: firebase.name(OWN) } };
    const structuredQuery = { from: [{ collectionId: 'users' }], where: { fieldFilter: itself } };
    expect((await firebase.ask(verified(ANNA), 'POST', ':runQuery', { structuredQuery })).status).toBe(403);
    expect((await firebase.ask('owner', 'POST', ':runQuery', { structuredQuery })).text).toContain(OWN);
  });

  test('gets nothing at all when a part of what it asks for is somebody else’s', async () => {
    const documents = [`${OWN}/trips/trip_1`, `users/${BOB}/trips/trip_1`].map((path) => firebase.name(path));
    const ask = (names: readonly string[]) =>
      firebase.ask(verified(ANNA), 'POST', ':batchGet', { documents: names }).then(({ status }) => status);
    expect(await ask(documents.slice(0, 1))).toBe(200);
    expect(await ask(documents)).toBe(403);
  });

  test('is not told which collections there are', async () => {
    for (const parent of ['', OWN, `${OWN}/trips/trip_1`]) {
      expect((await firebase.ask(verified(ANNA), 'POST', `${parent}:listCollectionIds`, {})).status).toBe(403);
      expect((await firebase.ask('owner', 'POST', `${parent}:listCollectionIds`, {})).status).toBe(200);
    }
  });

  test('makes no logbook for itself', async () => {
    const newcomer = verified('new@example.org');
    for (const path of ['users/new@example.org', 'users/new@example.org/trips/one']) {
      expect((await firebase.ask(newcomer, 'GET', path)).status).toBe(404);
      expect((await ASKS.update(firebase, newcomer, path)).status).toBe(403);
      expect((await ASKS.create(firebase, newcomer, path)).status).toBe(403);
    }
  });

  test('is somebody else when its address only resembles one in lower case', async () => {
    const path = 'users/kim@example.org/trips/one';
    await ASKS.update(firebase, 'owner', path);
    for (const email of ['kim@example.org', 'KIM@example.org']) {
      expect((await firebase.ask(verified(email), 'GET', path)).status).toBe(200);
    }
    const kelvin = '\u212Aim@example.org';
    expect(kelvin.toLowerCase()).toBe('kim@example.org');
    for (const email of [kelvin, 'k\u0130m@example.org', 'k\u0131m@example.org']) {
      expect((await firebase.ask(verified(email), 'GET', path)).status).toBe(403);
    }
    const accented = 'users/zoë@example.org/trips/one';
    await ASKS.update(firebase, 'owner', accented);
    expect((await firebase.ask(verified('zoë@example.org'), 'GET', accented)).status).toBe(200);
  });

  test('has come upon every condition, from both sides', async () => {
    const seen = await firebase.seen();
    const lines = RULES.split('\n').flatMap((line, index) => (line.includes('if isCaller(') ? [index + 1] : []));
    for (const line of lines) expect([line, seen.get(line)]).toEqual([line, expect.toSatisfy(hasBoth)]);
  });
});

function hasBoth(values: ReadonlySet<unknown> | undefined): boolean {
  return values !== undefined && values.has(true) && values.has(false);
}
