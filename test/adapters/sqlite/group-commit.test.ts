import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { put } from '../../contract/opened.ts';
import { active, ANNA, BOB, NOON, trip } from '../../contract/samples.ts';
import { openRivals, type Rivals } from './rivals.ts';

/** What a write adds to the log: pages of 4 KB and their headers. */
function pagesWritten({ path }: Rivals, sizeBefore: number): number {
  return (statSync(`${path}-wal`).size - sizeBefore) / (4_096 + 24);
}

const logSize = ({ path }: Rivals): number => statSync(`${path}-wal`).size;

/** Makes a write of `notes` fail in SQLite itself, as a full disk would. */
function failOn({ other }: Rivals, notes: string, how: 'ABORT' | 'ROLLBACK'): void {
  other.exec(`CREATE TRIGGER broken BEFORE INSERT ON document WHEN NEW.body LIKE '%${notes}%'
    BEGIN SELECT RAISE(${how}, 'broken on purpose'); END`);
}

/** Makes the commit fail, after every statement went well. */
function failCommitOn({ other }: Rivals, notes: string): void {
  other.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
    CREATE TRIGGER broken AFTER UPDATE ON hot WHEN NEW.body LIKE '%${notes}%'
    BEGIN INSERT INTO child VALUES (1); END`);
}

describe('group commit', () => {
  test('calls that wait together are written and synced together', async () => {
    const rivals = openRivals();
    const anna = rivals.store.forUser(ANNA);
    await put(anna, 'active', 'trip_start', active(NOON));
    const before = logSize(rivals);
    const work = (i: number) => put(anna, 'active', 'trip_start', active(NOON, { lastAt: i }));
    await Promise.all(Array.from({ length: 50 }, (_, i) => work(i)));
    const together = pagesWritten(rivals, before);
    for (let i = 0; i < 50; i += 1) await work(i);
    const apart = pagesWritten(rivals, before) - together;
    expect(together).toBeLessThanOrEqual(3);
    expect(apart).toBeGreaterThanOrEqual(50);
  });

  test('a write that leaves dueAt alone touches no index', async () => {
    const rivals = openRivals();
    for (let i = 0; i < 40; i += 1)
      await put(rivals.store.forUser(`u${i}@x`), 'active', 'trip_start', active(NOON + i));
    const anna = rivals.store.forUser('u20@x');
    const pagesOf = async (dueAt: number, lastAt: number) => {
      const before = logSize(rivals);
      await put(anna, 'active', 'trip_start', active(dueAt, { lastAt }));
      return pagesWritten(rivals, before);
    };
    expect(await pagesOf(NOON + 20, 1)).toBe(1);
    expect(await pagesOf(NOON + 21, 2)).toBe(2);
  });

  test('an answer means that every other connection sees the write', async () => {
    const { store, other } = openRivals();
    const rows = other.prepare(`SELECT count(*) AS n FROM document WHERE id = ?`);
    const works = Array.from({ length: 40 }, async (_, i) => {
      await put(store.forUser(i % 2 ? ANNA : BOB), 'trip', `t${i}`, trip(`t${i}`));
      return rows.get(`t${i}`)?.['n'];
    });
    expect(new Set(await Promise.all(works))).toEqual(new Set([1]));
  });

  test('a work sees in a list what works before it in the group have written', async () => {
    const { store } = openRivals();
    const anna = store.forUser(ANNA);
    const [, listed, , again] = await Promise.all([
      put(anna, 'trip', 'a', trip('a')),
      anna.transact((tx) => tx.list('trip', { order: 'asc', limit: 9 })),
      put(anna, 'trip', 'a', trip('a', { distanceMetres: 5 })),
      anna.transact((tx) => tx.list('trip', { order: 'asc', limit: 9 })),
    ]);
    expect(listed.map((row) => row.doc)).toEqual([trip('a')]);
    expect(again.map((row) => row.doc)).toEqual([trip('a', { distanceMetres: 5 })]);
  });

  test.each(['ABORT', 'ROLLBACK'] as const)('a statement that fails (%s) fails its own call only', async (how) => {
    const rivals = openRivals();
    failOn(rivals, 'poison', how);
    const anna = rivals.store.forUser(ANNA);
    const outcomes = await Promise.allSettled([
      put(anna, 'active', 'trip_start', active(NOON)),
      put(anna, 'trip', 'bad', trip('bad', { notes: 'poison' })),
      anna.transact((tx) => tx.list('trip', { order: 'asc', limit: 9 })),
      put(anna, 'trip', 'good', trip('good')),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await anna.get('active', 'trip_start')).toEqual(active(NOON));
    expect((await anna.list('trip', { order: 'asc', limit: 9 })).map((row) => row.id)).toEqual(['good']);
  });

  test('a commit that fails leaves nothing of itself in memory', async () => {
    const rivals = openRivals();
    const anna = rivals.store.forUser(ANNA);
    await put(anna, 'active', 'trip_start', active(NOON, { lastAt: 1 }));
    failCommitOn(rivals, 'poison');
    await expect(put(anna, 'active', 'trip_start', active(NOON, { said: 'poison' }))).rejects.toThrow(/constraint/i);
    expect(await anna.get('active', 'trip_start')).toEqual(active(NOON, { lastAt: 1 }));
    const [bad, good] = await Promise.allSettled([
      put(anna, 'active', 'trip_start', active(NOON, { said: 'poison' })),
      anna.transact((tx) => tx.get('active', 'trip_start')),
    ]);
    expect(bad.status).toBe('rejected');
    expect(good).toEqual({ status: 'fulfilled', value: active(NOON, { lastAt: 1 }) });
  });

  test('more calls than one group takes are all answered', async () => {
    const { store } = openRivals();
    const anna = store.forUser(ANNA);
    const increment = () =>
      anna.transact(function* (tx) {
        const next = ((yield* tx.get('active', 'trip_start'))?.lastAt ?? 0) + 1;
        tx.put('active', 'trip_start', active(NOON, { lastAt: next }));
        return next;
      });
    const answers = await Promise.all(Array.from({ length: 1_000 }, increment));
    expect(answers).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
  });
});
