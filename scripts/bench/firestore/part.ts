/** Pings and trips on the Firestore emulator, through the actions, beside the plain client with the same documents. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { openFirestoreStore } from '../../../src/adapters/firestore/store.ts';
import { openSqliteStore } from '../../../src/adapters/sqlite/store.ts';
import type { Store } from '../../../src/seams/store.ts';
import { printStoreWork } from '../counts.ts';
import { line, ms, ratio } from '../lines.ts';
import { resultOf, type LoadResult } from '../load.ts';
import { sideBySide, type Round, type Turns } from '../side-by-side.ts';
import { COURSES, driving, type Course } from './courses.ts';
import { forget, openEmulator } from './emulator.ts';
import { rehearse, repeating } from './plain.ts';

const USERS = [1, 16];
const ROUND_MS = 1_000;
const ROUNDS = 3;
/** After the emulator is up. */
const WITHIN_MS = 42_000;
/** A window of the track is filled and written in fewer. */
const COUNTED_PINGS = 150;

export async function firestore(folder: string): Promise<void> {
  const emulator = await openEmulator();
  if (typeof emulator === 'string') return line(`\nFirestore is not measured: ${emulator}`);
  const { host, stop } = emulator;
  const projectId = `demo-${randomUUID()}`;
  const store = openFirestoreStore({ projectId, emulator: host });
  const client = new Firestore({ projectId, host, ssl: false });
  try {
    await Promise.race([measure(store, client, join(folder, 'rehearsals.db')), tooLate()]);
  } finally {
    await Promise.allSettled([store.close(), client.terminate()]);
    await forget(host, projectId).catch(() => undefined);
    await stop();
  }
}

async function tooLate(): Promise<never> {
  await pause(WITHIN_MS, undefined, { ref: false });
  throw new Error(`measuring Firestore took longer than ${WITHIN_MS / 1_000} s`);
}

async function measure(store: Store, client: Firestore, rehearsals: string): Promise<void> {
  const pairs = await pairsOf(store, client, rehearsals);
  // The first calls find a cold emulator.
  for (const { ours, plain } of pairs) for (const one of [ours, plain]) await sideBySide(one.turns, ROUND_MS / 2);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { ours, plain } of pairs) {
      for (const { turns, rounds } of [plain, ours]) rounds.push(await sideBySide(turns, ROUND_MS));
    }
  }
  line(
    `\nFirestore emulator, through the actions, beside the plain client with the same documents\n` +
      `(best of ${ROUNDS} rounds of ${ROUND_MS / 1_000} s, latency of a call; a trip is two: a start, an end)`,
  );
  for (const pair of pairs) print(pair);
  await printStoreWork(store, 'Firestore', COUNTED_PINGS);
}

interface Candidate {
  readonly turns: readonly Turns[];
  readonly rounds: Round[];
}

interface Pair {
  readonly course: Course;
  readonly users: number;
  readonly ours: Candidate;
  readonly plain: Candidate;
}

async function pairsOf(store: Store, client: Firestore, rehearsals: string): Promise<Pair[]> {
  const stage = openSqliteStore({ path: rehearsals });
  const pairs: Pair[] = [];
  for (const course of COURSES) {
    const rehearsed = await rehearse(course, stage);
    for (const users of USERS) {
      const candidate = (turnsOf: (name: string) => Turns): Candidate => {
        const names = Array.from({ length: users }, (_, i) => `${course.name}-${users}-${i}`);
        return { turns: names.map(turnsOf), rounds: [] };
      };
      const ours = candidate((name) => driving(course, store, name));
      pairs.push({ course, users, ours, plain: candidate((name) => repeating(rehearsed, client, `plain-${name}`)) });
    }
  }
  await stage.close();
  return pairs;
}

function print({ course, users, ours, plain }: Pair): void {
  const [mine, bare] = [figuresOf(ours), figuresOf(plain)];
  const name = `${course.name}, ${users} user${users > 1 ? 's' : ''}`;
  printRow(`${name}, plain client`, course, bare, '');
  printRow(name, course, mine, `${ratio(mine.perSecond, bare.perSecond)} of it`);
}

function printRow(name: string, { callsEach }: Course, figures: LoadResult, beside: string): void {
  const { perSecond, p50Ms, p99Ms, failed } = figures;
  const rate = `${String(Math.round(perSecond / callsEach)).padStart(6)}/s`;
  line(`  ${name.padEnd(29)} ${rate}  ${beside.padStart(11)}  p50 ${ms(p50Ms)}  p99 ${ms(p99Ms)}  ${failed} failed`);
}

/** The best round's rate, the latencies of all rounds. */
function figuresOf({ rounds }: Candidate): LoadResult {
  const figures = rounds.map(({ latencies, tookMs, failed }) => resultOf(latencies, tookMs, failed));
  const all = resultOf(
    rounds.flatMap(({ latencies }) => latencies),
    rounds.reduce((sum, { tookMs }) => sum + tookMs, 0),
    rounds.flatMap(({ failed }) => failed),
  );
  return { ...all, perSecond: Math.max(...figures.map(({ perSecond }) => perSecond)) };
}
