/** How many documents a ping, a start and an end read and write. */

import { recordEvent, recordPing } from '../../src/actions/track.ts';
import type { SaidEvent } from '../../src/actions/said.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { counting } from '../../test/support/counting.ts';
import { depsOn } from './seeds.ts';

export interface StoreWork {
  readonly what: string;
  readonly reads: number;
  readonly writes: number;
  readonly aim: string;
}

const place = (i: number) => ({ lat: 52.1 + i * 1e-4, lng: 5.1, accuracyMetres: 8, speedKmh: null });

export async function countStoreWork(path: string): Promise<StoreWork[]> {
  const store = openSqliteStore({ path });
  const { store: counted, take } = counting(store);
  const deps = depsOn(counted);
  const user = counted.forUser('count@example.com');
  const startedAt = Date.now() - 3_600_000;
  const event = (type: SaidEvent['type'], i: number): SaidEvent => ({
    type,
    eventId: null,
    time: { kind: 'instant', at: startedAt + i * 1_000 },
    position: place(i),
    carId: null,
    device: null,
    tokenCarId: null,
    said: `${type} ${i}`,
    warnings: [],
  });
  const ping = (i: number) =>
    recordPing(deps, user, {
      points: [{ ...place(i), time: { kind: 'instant', at: startedAt + i * 1_000 } }],
      unreadable: 0,
      carId: null,
      device: null,
      tokenCarId: null,
      warnings: [],
    });
  const work: StoreWork[] = [];
  await recordEvent(deps, user, event('start', 0));
  await recordEvent(deps, user, event('cancel', 1));
  take();
  await recordEvent(deps, user, event('start', 2));
  work.push({ what: 'start', ...take(), aim: '≤ 4 + 3' });
  const most = { reads: 0, writes: 0 };
  for (let i = 3; i < 600; i += 1) {
    await ping(i);
    const { reads, writes } = take();
    most.reads = Math.max(most.reads, reads);
    most.writes = Math.max(most.writes, writes);
  }
  work.push({ what: 'ping in order (most of 597)', ...most, aim: '≤ 2 + 2' });
  await recordEvent(deps, user, event('end', 601));
  work.push({ what: 'end with a trip', ...take(), aim: '≤ 8 + 8' });
  await store.close();
  return work;
}
