import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openFirestoreStore } from '../../../src/adapters/firestore/store.ts';
import type { Tx, UserStore, Work } from '../../../src/seams/store.ts';
import { put } from '../../contract/opened.ts';
import { active, ANNA, NOON, token, trip } from '../../contract/samples.ts';
import { describeFirestore, emulatorHost, tempFirestore, type TempFirestore } from '../../support/firestore.ts';
import { openWire, type Cut, type Wire } from './wire.ts';

interface Cuttable {
  readonly temp: TempFirestore;
  readonly wire: Wire;
  /** Over the wire. */
  readonly anna: UserStore;
  /** Beside it. */
  readonly other: UserStore;
}

async function openCuttable(): Promise<Cuttable> {
  const temp = tempFirestore();
  const wire = await openWire(emulatorHost());
  const store = openFirestoreStore({ ...temp.options, emulator: wire.host });
  onTestFinished(() => store.close());
  return { temp, wire, anna: store.forUser(ANNA), other: temp.store.forUser(ANNA) };
}

const metres = async (user: UserStore) => (await user.get('trip', 't'))?.distanceMetres;

function* increment(tx: Tx): Work<number> {
  const next = ((yield* tx.get('trip', 't'))?.distanceMetres ?? 0) + 1;
  tx.put('trip', 't', trip('t', { distanceMetres: next }));
  return next;
}

/** Runs a work whose first commit meets a cut wire. */
function cutAtCommit<T>({ wire, anna }: Cuttable, how: Cut, work: (tx: Tx) => Work<T>): Promise<T> {
  let isFirst = true;
  return anna.transact(function* (tx) {
    const result = yield* work(tx);
    if (isFirst) wire.cut(how);
    isFirst = false;
    return result;
  });
}

describeFirestore('a commit whose answer is lost', () => {
  test.each<Cut>(['answer lost', 'request lost'])('counts once: %s', async (how) => {
    const cuttable = await openCuttable();
    await put(cuttable.anna, 'trip', 't', trip('t', { distanceMetres: 10 }));
    expect(await cutAtCommit(cuttable, how, increment)).toBe(11);
    expect(await metres(cuttable.other)).toBe(11);
    expect(cuttable.wire.cuts).toBe(1);
    expect(await cuttable.anna.transact(increment)).toBe(12);
  });

  test('answers what the attempt that stands made, ids and all', async () => {
    const cuttable = await openCuttable();
    let made = 0;
    const id = await cutAtCommit(cuttable, 'answer lost', function* (tx) {
      yield* tx.get('user', '');
      made += 1;
      tx.put('trip', `made-${made}`, trip(`made-${made}`));
      return `made-${made}`;
    });
    expect(id).toBe('made-1');
    const kept = await cuttable.other.list('trip', { order: 'asc', limit: 5 });
    expect(kept.map((row) => row.id)).toEqual(['made-1']);
  });

  test('is recognised although others wrote the document since', async () => {
    const cuttable = await openCuttable();
    const { other, wire } = cuttable;
    await put(cuttable.anna, 'trip', 't', trip('t', { distanceMetres: 10 }));
    let runs = 0;
    const answer = cutAtCommit(cuttable, 'answer lost', function* (tx) {
      runs += 1;
      return yield* increment(tx);
    });
    while (wire.cuts === 0 || (await metres(other)) === 10) await pause(5);
    for (let i = 0; i < 3; i += 1) await other.transact(increment);
    expect(await answer).toBe(11);
    expect(runs).toBe(1);
    expect(await metres(other)).toBe(14);
  });

  test('is run again where it stands nowhere, even if others wrote since', async () => {
    const cuttable = await openCuttable();
    await put(cuttable.anna, 'trip', 't', trip('t', { distanceMetres: 10 }));
    const answer = cutAtCommit(cuttable, 'request lost', increment);
    while (cuttable.wire.cuts === 0) await pause(5);
    await put(cuttable.other, 'trip', 't', trip('t', { distanceMetres: 20 }));
    expect(await answer).toBe(21);
    expect(await metres(cuttable.other)).toBe(21);
  });

  test('does not count twice when it read nothing', async () => {
    const cuttable = await openCuttable();
    await put(cuttable.other, 'active', 'trip_start', active(NOON));
    // oxlint-disable-next-line require-yield -- reads nothing
    await cutAtCommit(cuttable, 'answer lost', function* (tx) {
      tx.put('trip', 't', trip('t', { distanceMetres: 1 }));
      tx.remove('active', 'trip_start');
    });
    expect(await metres(cuttable.other)).toBe(1);
    expect(await cuttable.other.get('active', 'trip_start')).toBeNull();
  });

  test('holds for tokens and system documents too', async () => {
    const { wire, temp } = await openCuttable();
    const store = openFirestoreStore({ ...temp.options, emulator: wire.host });
    onTestFinished(() => store.close());
    await store.tokens.put('hash-a', token(ANNA, 'tok_a', { lastUsedAt: 0 }));
    let isFirst = true;
    const cutOnce = () => {
      if (isFirst) wire.cut('answer lost');
      isFirst = false;
    };
    const used = await store.tokens.update('hash-a', (one) => {
      cutOnce();
      return { ...one, lastUsedAt: (one.lastUsedAt ?? 0) + 1 };
    });
    expect(used?.lastUsedAt).toBe(1);
    isFirst = true;
    const ticks = await store.system.update('job', 'j', (doc) => {
      cutOnce();
      return { ticks: [...(doc?.ticks ?? []), 'tick'] };
    });
    expect(ticks).toEqual({ ticks: ['tick'] });
    expect(await temp.store.system.get('job', 'j')).toEqual({ ticks: ['tick'] });
    expect(wire.cuts).toBe(2);
  });
});

describeFirestore('a read whose answer is lost', () => {
  test('is asked again', async () => {
    const { wire, anna } = await openCuttable();
    await put(anna, 'trip', 't', trip('t', { distanceMetres: 10 }));
    wire.cut('answer lost');
    expect(await metres(anna)).toBe(10);
    // Were the answer lost instead, the emulator would hold that transaction's locks for longer than our patience.
    wire.cut('request lost');
    expect(await anna.transact(increment)).toBe(11);
    expect(wire.cuts).toBe(2);
  });
});
