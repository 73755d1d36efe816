/** How many documents a start, a ping, an end and a car that is asked read and write. The same on every store. */

import { join } from 'node:path';
import { pollAll } from '../../src/actions/poll.ts';
import { recordEvent, recordPing } from '../../src/actions/track.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/seams/store.ts';
import { driveOff } from './garage.ts';
import { line } from './lines.ts';
import { onTheRoad, saidEvent, saidPing } from './phone.ts';
import { recording, type Recorded } from './recording.ts';
import { depsOn } from './seeds.ts';

interface StoreWork {
  readonly reads: number;
  readonly writes: number;
}

const STEP_MS = 1_000;
const PINGS = 597;

export async function counts(folder: string): Promise<void> {
  const store = openSqliteStore({ path: join(folder, 'counts.db') });
  try {
    await printStoreWork(store, 'SQLite', PINGS);
  } finally {
    await store.close();
  }
}

export async function printStoreWork(store: Store, kind: string, pings: number): Promise<void> {
  line(`\nStore reads + writes (${kind})`);
  await countDrive(store, pings);
  await countPolledCar(store);
}

function print(what: string, { reads, writes }: StoreWork, aim: string | null): void {
  line(`  ${what.padEnd(30)} ${reads} + ${writes}${aim === null ? '' : `   (aim ${aim})`}`);
}

function sum(recorded: readonly Recorded[]): StoreWork {
  return {
    reads: recorded.reduce((all, { reads, listed }) => all + reads.length + listed, 0),
    writes: recorded.reduce((all, { writes }) => all + writes.length, 0),
  };
}

async function countDrive(unrecorded: Store, pings: number): Promise<void> {
  const { store, take } = recording(unrecorded);
  const deps = depsOn(store);
  const user = store.forUser('count@example.com');
  const startedAt = deps.clock.now() - 3_600_000;
  const event = (type: 'start' | 'cancel' | 'end', step: number) =>
    recordEvent(deps, user, saidEvent(type, startedAt + step * STEP_MS, onTheRoad(step)));
  await event('start', 0);
  await event('cancel', 1);
  take();
  await event('start', 2);
  print('start', sum(take()), '≤ 4 + 3');
  const works: StoreWork[] = [];
  for (let step = 3; step < 3 + pings; step += 1) {
    await recordPing(deps, user, saidPing(startedAt + step * STEP_MS, onTheRoad(step)));
    works.push(sum(take()));
  }
  print(`ping in order (most of ${pings})`, most(works), '≤ 2 + 2');
  await event('end', 4 + pings);
  print('end with a trip', sum(take()), '≤ 8 + 8');
}

function most(works: readonly StoreWork[]): StoreWork {
  return {
    reads: Math.max(...works.map(({ reads }) => reads)),
    writes: Math.max(...works.map(({ writes }) => writes)),
  };
}

/** In its second round: the first one also notes that the drive began. */
async function countPolledCar(unrecorded: Store): Promise<void> {
  const { store, take } = recording(unrecorded);
  let now = depsOn(store).clock.now();
  const deps = { ...depsOn(store), clock: { now: () => now } };
  await driveOff(deps, 'polled@example.com', 0);
  for (const what of ['car asked first in a drive', 'car asked again, driven on']) {
    now += 60_000;
    take();
    const { polled, failed } = await pollAll(deps);
    if (polled !== 1 || failed !== 0) throw new Error(`one car was to be asked, and ${polled} were, ${failed} failed`);
    print(what, sum(take()), null);
  }
}
