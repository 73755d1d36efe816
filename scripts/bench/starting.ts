/** How long the service takes from the start of its process to its first answer. */

import { join } from 'node:path';
import { line, ms } from './lines.ts';
import { ours, serve, stop } from './servers.ts';

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

export async function starting(folder: string): Promise<void> {
  const bare: number[] = [];
  const full: number[] = [];
  const path = join(folder, 'start.db');
  for (let round = 0; round < 5; round += 1) {
    for (const [times, begin] of [
      [bare, () => serve('scripts/bench/bare-http.ts')],
      [full, () => ours(path)],
    ] as const) {
      const server = await begin();
      times.push(server.startMs);
      await stop(server);
    }
  }
  line('\nStart of the process to its first answer (median of 5)');
  line(
    `  bare node:http ${ms(median(bare))}, the service ${ms(median(full))}: ${(median(full) / median(bare)).toFixed(1)} ×`,
  );
  line('  aim: at most 2 ×');
}
