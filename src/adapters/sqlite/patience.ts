/** Waiting for another process that writes the same file, without holding up this one. */

import { setTimeout as pause } from 'node:timers/promises';
import { outOfPatience, PATIENCE_MS } from '../../seams/contention.ts';
import { StoreUnavailable } from '../../seams/store-errors.ts';
import { isBusy, isClosed } from './errors.ts';

/** A random wait, so that two who collided do not collide again. */
export function nextTryMs(): number {
  return 5 + Math.random() * 45;
}

/** Runs a read, again and again while another process is in the way. */
export async function patiently<T>(run: () => T): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (isClosed(error)) throw new StoreUnavailable('the store is closed');
      if (!isBusy(error)) throw error;
      if (performance.now() > giveUpAt) throw outOfPatience();
    }
    await pause(nextTryMs());
  }
}
