/** A scheduler delivers a tick once, mostly. The same one again, on whatever instance, is told from the next. */

import type { Deps } from './deps.ts';

const TICKS_KEPT = 20;

/** Runs what belongs to a tick unless it ran already: then `null`. A run that fails may be tried again. */
export async function oncePerTick<T>(
  { store }: Pick<Deps, 'store'>,
  job: string,
  tick: string,
  run: () => Promise<T>,
): Promise<T | null> {
  let isFirst = false;
  await store.system.update('job', job, (known) => {
    const ticks = known?.ticks ?? [];
    isFirst = !ticks.includes(tick);
    return isFirst ? { ticks: [...ticks, tick].slice(-TICKS_KEPT) } : null;
  });
  if (!isFirst) return null;
  try {
    return await run();
  } catch (error) {
    await store.system.update('job', job, (known) => ({ ticks: (known?.ticks ?? []).filter((one) => one !== tick) }));
    throw error;
  }
}
