import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/sqlite/store.ts';
import { put } from '../../contract/opened.ts';
import { ANNA, NOON, trip } from '../../contract/samples.ts';
import { scratchFile } from '../../support/scratch.ts';
import { linesOf, startProgram } from './child.ts';
import { openRivals } from './rivals.ts';

const LONG = process.env['LONG'] !== undefined;

describe('other processes on the same file', () => {
  test('several write at full speed and no write is lost or refused', async () => {
    const { path, store } = openRivals();
    const anna = store.forUser(ANNA);
    const children = [1, 2].map(() => linesOf(startProgram('increments', path, '300', '8')));
    const own = Array.from({ length: 300 }, async (_, i) => {
      await pause(i * 2);
      await anna.transact(function* (tx) {
        const metres = (yield* tx.get('trip', 't'))?.distanceMetres ?? 0;
        tx.put('trip', 't', trip('t', { distanceMetres: metres + 1 }));
      });
    });
    await Promise.all([...own, ...children]);
    expect((await anna.get('trip', 't'))?.distanceMetres).toBe(900);
  });

  test('several open a new file at once', async () => {
    const path = scratchFile();
    const opened = await Promise.all(Array.from({ length: 4 }, () => linesOf(startProgram('open', path))));
    expect(opened).toEqual([['opened'], ['opened'], ['opened'], ['opened']]);
  });

  test('a lock of another is waited for by timer: the process stays awake and reads', async () => {
    const { store, other } = openRivals();
    const anna = store.forUser(ANNA);
    await put(anna, 'trip', 't', trip('t'));
    other.exec('BEGIN IMMEDIATE');
    const written = Promise.all([
      put(anna, 'trip', 't', trip('t', { distanceMetres: 1 })),
      store.tokens.update('x', () => null),
    ]);
    let longestMs = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 1);
    await pause(600);
    clearInterval(watch);
    expect((await anna.get('trip', 't'))?.distanceMetres).toBe(12_345);
    other.exec('ROLLBACK');
    await written;
    expect((await anna.get('trip', 't'))?.distanceMetres).toBe(1);
    expect(longestMs).toBeLessThan(200);
  });

  test('closing waits for what another one holds up', async () => {
    const { store, other } = openRivals();
    other.exec('BEGIN IMMEDIATE');
    const written = put(store.forUser(ANNA), 'trip', 't', trip('t'));
    const closed = store.close();
    await pause(100);
    other.exec('ROLLBACK');
    await Promise.all([written, closed]);
    expect(other.prepare('SELECT count(*) AS n FROM document').get()?.['n']).toBe(1);
  });
});

describe('a process killed under load', { timeout: 600_000 }, () => {
  test('has kept everything it acknowledged', async () => {
    const path = scratchFile();
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < (LONG ? 60 : 4); round += 1) {
      const child = startProgram('load', path);
      const lines = linesOf(child);
      child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 200));
      for (const line of await lines) {
        const [lane = '', next = ''] = line.split(' ');
        acknowledged.set(lane, Number(next));
      }
      const store = openSqliteStore({ path });
      for (const [lane, next] of acknowledged) {
        const stored = await store.forUser(`driver${Number(lane) % 8}@example.org`).get('trip', `t${lane}`);
        expect(stored?.distanceMetres).toBeGreaterThanOrEqual(next);
        expect(stored?.distanceMetres).toBeLessThanOrEqual(next + 1);
        acknowledged.set(lane, stored?.distanceMetres ?? 0);
      }
      await store.close();
    }
    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
    expect(acknowledged.size).toBe(16);
    expect(Math.min(...acknowledged.values())).toBeGreaterThan(10);
  });

  test('has an active trip as new as its trips: one transaction is whole', async () => {
    const path = scratchFile();
    const child = startProgram('load', path);
    const lines = linesOf(child);
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), 150));
    await lines;
    const store = openSqliteStore({ path });
    for (let driver = 0; driver < 8; driver += 1) {
      const user = store.forUser(`driver${driver}@example.org`);
      const trips = await user.list('trip', { order: 'asc', limit: 5 });
      const dueAt = (await user.get('active', 'trip_start'))?.dueAt ?? 0;
      expect(trips.map((row) => NOON + row.doc.distanceMetres - 1)).toContain(dueAt);
    }
    await store.close();
  });
});
