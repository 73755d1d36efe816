/** Reading a logbook over HTTP: what costs the same however many trips there are. */

import { join } from 'node:path';
import { line, ms } from './lines.ts';
import { load, request, type LoadResult } from './load.ts';
import { seedLogbook } from './seeds.ts';
import { ours, stop } from './servers.ts';

const ROUND_MS = 1_000;

export async function reading(folder: string): Promise<void> {
  line('\nReading, one connection (a user with 100 and one with 100,000 trips in three years)');
  const path = join(folder, 'logbooks.db');
  const tokens = [await seedLogbook(path, 100), await seedLogbook(path, 100_000)];
  const server = await ours(path);
  const year = new Date().getUTCFullYear();
  for (const route of ['/trips', '/trips?trip_type=P', `/stats?year=${year}`, '/stats']) {
    const results: LoadResult[] = [];
    for (const token of tokens) {
      const next = () => request('GET', route, `authorization: Bearer ${token}\r\n`, '');
      results.push(await load({ port: server.port, connections: 1, forMs: ROUND_MS, next }));
    }
    const [few, many] = results.map(({ p50Ms }) => p50Ms);
    const failed = results.reduce((sum, one) => sum + one.failed, 0);
    line(`  GET ${route.padEnd(36)} ${ms(few ?? 0)} → ${ms(many ?? 0)} (median), ${failed} failed`);
  }
  await stop(server);
}
