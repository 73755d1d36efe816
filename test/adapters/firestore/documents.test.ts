import { expect, test } from 'vitest';
import { encodeDocument } from '../../../src/seams/documents.ts';
import { MIGRATIONS, versionOf } from '../../../src/seams/migrations.ts';
import { UnreadableDocument } from '../../../src/seams/store-errors.ts';
import type { Kind } from '../../../src/seams/store.ts';
import { idsOf, put } from '../../contract/opened.ts';
import { active, ANNA, BOB, EVERY_KIND, KINDS, memory, NOON, token, trip } from '../../contract/samples.ts';
import { describeFirestore, tempFirestore } from '../../support/firestore.ts';
import { bareClient, everything, fill } from './stored.ts';

const BELOW: { readonly [K in Kind]: string } = {
  user: '',
  active: '/cache/trip_start',
  memory: '/cache/memory',
  idle: '/cache/idle_points',
  polls: '/cache/polls',
  lookups: '/cache/lookups',
  trip: '/trips/trip_1',
  chunk: '/trips/trip_1/track/000000000120000',
  month: '/stats/2026-03',
  closed_month: '/months/2026-02',
  location: '/locations/loc_1',
  odometer_reading: '/odometer_readings/odo_1',
  car: '/cars/car_1',
  rule: '/rules/rul_1',
  activity: '/activity/act_1',
  part: '/activity_parts/act_1_0',
  event: '/events/evt_1',
  secret: `/secrets/${EVERY_KIND.secret.id}`,
};

describeFirestore('a stored document', () => {
  test('lies at its path, as the text every store keeps', async () => {
    const temp = tempFirestore();
    await fill(temp.store);
    const stored = await everything(bareClient(temp));
    const expected = KINDS.map((kind) => [`users/${ANNA}${BELOW[kind]}`, encodeDocument(kind, EVERY_KIND[kind].doc)]);
    const bodies = [...stored].flatMap(([path, { body }]) => (path.startsWith('users/') && body ? [[path, body]] : []));
    expect(Object.fromEntries(bodies)).toEqual(Object.fromEntries(expected));
    for (const shelf of ['tokens', 'sessions', 'signins']) {
      expect(stored.get(`${shelf}/hash-a`)?.['body']).toBe(encodeDocument('token', token(ANNA, 'tok_a')));
      expect(stored.get(`users/${ANNA}/${shelf}_index/tok_a`)?.['hash']).toBe('hash-a');
    }
    expect(stored.get('system/job-poll')?.['body']).toBe('{"ticks":["1"]}');
    expect(stored.size).toBe(KINDS.length + 8);
  });

  test('carries beside its text only what it is found by', async () => {
    const temp = tempFirestore();
    await put(temp.store.forUser(ANNA), 'trip', 't', trip('t', { carId: 'car_1', needsReview: true }));
    await put(temp.store.forUser(ANNA), 'memory', 'memory', memory(null));
    const stored = await everything(bareClient(temp));
    expect(stored.get(`users/${ANNA}/trips/t`)).toEqual({
      version: versionOf('trip', MIGRATIONS),
      body: expect.any(String),
      marks: [expect.any(String)],
      sort: NOON,
      car_id: 'car_1',
      trip_type: 'B',
      needs_review: true,
    });
    const { body: _, ...rest } = stored.get(`users/${ANNA}/cache/memory`) ?? {};
    expect(rest).toEqual({ version: versionOf('memory', MIGRATIONS), marks: [expect.any(String)] });
  });

  test('keeps the marks of those who wrote it last, and not of all', async () => {
    const temp = tempFirestore();
    for (let i = 0; i < 12; i += 1) {
      await temp.store.forUser(ANNA).transact(function* (tx) {
        yield* tx.get('trip', 't');
        tx.put('trip', 't', trip('t', { distanceMetres: i }));
      });
    }
    const marks = (await everything(bareClient(temp))).get(`users/${ANNA}/trips/t`)?.['marks'];
    expect(new Set(marks as string[]).size).toBe(8);
  });

  test.each([
    ['text that is no JSON', { version: 1, body: '{"id":' }],
    ['no text', { version: 1 }],
    ['no version', { body: '{}' }],
    ['a version that is none', { version: 'x', body: '{}' }],
    ['something else entirely', { phase: 'driving', odometer: 12 }],
  ])('that holds %s harms only who reads it', async (_, fields) => {
    const temp = tempFirestore();
    const bare = bareClient(temp);
    const anna = temp.store.forUser(ANNA);
    await put(anna, 'trip', 'whole', trip('whole', { startedAt: 1 }));
    await put(temp.store.forUser(BOB), 'active', 'trip_start', active(NOON));
    await bare.doc(`users/${ANNA}/trips/broken`).set({ ...fields, sort: 2 });
    await bare.doc(`users/${ANNA}/cache/trip_start`).set({ ...fields, due_at: NOON });
    await expect(anna.get('trip', 'broken')).rejects.toThrow(UnreadableDocument);
    await expect(anna.get('trip', 'broken')).rejects.toThrow('trip "broken" is damaged in the store');
    await expect(anna.list('trip', { order: 'asc', limit: 5 })).rejects.toThrow(UnreadableDocument);
    expect(await idsOf(anna, 'trip', { order: 'asc', limit: 5, to: 1 })).toEqual(['whole']);
    const read = anna.transact(function* (tx) {
      try {
        yield* tx.get('active', 'trip_start');
      } catch (error) {
        tx.put('trip', 'told', trip('told', { startedAt: 0 }));
        return error;
      }
      return null;
    });
    expect(await read).toBeInstanceOf(UnreadableDocument);
    expect(await anna.get('trip', 'told')).not.toBeNull();
    expect((await temp.store.due(NOON, 5)).map(({ email }) => email)).toEqual([ANNA, BOB]);
  });
});

describeFirestore('an address', () => {
  test.each(['..', '__all__'])('that can name no document is nobody: %j', async (email) => {
    const { store } = tempFirestore();
    expect(() => store.forUser(email)).toThrow(/address/);
    expect(await store.tokens.listOf(email)).toEqual([]);
    await store.removeUser(email);
  });
});

describeFirestore('the search for what is due', () => {
  test('pages on while one user fills the page', async () => {
    const { store } = tempFirestore();
    for (const [i, email] of ['a@x', 'b@x', 'c@x'].entries()) {
      await put(store.forUser(email), 'active', 'trip_start', active(NOON + 10 * i));
      await put(store.forUser(email), 'memory', 'memory', memory(NOON + 10 * i + 1));
      await put(store.forUser(email), 'idle', 'idle_points', {
        hours: [],
        deletedSince: null,
        dueAt: NOON + 10 * i + 2,
      });
    }
    const emails = async (limit: number) => (await store.due(NOON + 99, limit)).map(({ email }) => email);
    expect(await emails(1)).toEqual(['a@x']);
    expect(await emails(2)).toEqual(['a@x', 'b@x']);
    expect(await emails(3)).toEqual(['a@x', 'b@x', 'c@x']);
    expect(await emails(9)).toEqual(['a@x', 'b@x', 'c@x']);
  });
});

describeFirestore('tokens', () => {
  test('that lost their place below their owner are removed with the owner all the same', async () => {
    const temp = tempFirestore();
    await temp.store.tokens.put('hash-a', token(ANNA, 'tok_a'));
    await temp.store.tokens.put('hash-b', token(BOB, 'tok_b'));
    await bareClient(temp).doc(`users/${ANNA}/tokens_index/tok_a`).delete();
    await temp.store.removeUser(ANNA);
    expect([...(await everything(bareClient(temp))).keys()]).toEqual([
      'tokens/hash-b',
      `users/${BOB}/tokens_index/tok_b`,
    ]);
  });

  test('put again under another id or owner are found there only', async () => {
    const { tokens } = tempFirestore().store;
    await tokens.put('hash', token(ANNA, 'tok_a'));
    await tokens.put('hash', token(BOB, 'tok_b'));
    expect(await tokens.hashOf(ANNA, 'tok_a')).toBeNull();
    expect(await tokens.listOf(ANNA)).toEqual([]);
    expect(await tokens.hashOf(BOB, 'tok_b')).toBe('hash');
  });

  test.each(['', 'a/b', '..', '__x__', 'nul\0'])('none lies under the hash %j', async (hash) => {
    const { tokens } = tempFirestore().store;
    expect(await tokens.get(hash)).toBeNull();
    expect(await tokens.update(hash, (one) => one)).toBeNull();
    await expect(tokens.put(hash, token(ANNA, 'tok_a'))).rejects.toThrow(/hash/);
  });
});
