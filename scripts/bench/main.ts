/**
 * `npm run bench`: what the service costs, side by side with bare servers in one run, so that ratios hold on a noisy
 * machine. Prints what it measured, aims beside it, short or not. Asserts nothing.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countStoreWork } from './counts.ts';
import { load, request, type LoadResult } from './load.ts';
import { seedDrivers, seedLogbook, type Seeded } from './seeds.ts';
import { residentMb, serve, stop, type Measured } from './servers.ts';

const CONNECTIONS = 32;
const ROUND_MS = 2_000;
const ROUNDS = 3;
const PING_STEP_MS = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'mileage-bench-'));
const line = (text = '') => process.stdout.write(`${text}\n`);
const ratio = (a: number, b: number) => `${Math.round((a / b) * 100)} %`;
const ms = (value: number) => `${value.toFixed(1)} ms`;

/** A server of ours on a store of its own. */
function ours(path: string): Promise<Measured> {
  return serve('src/main.ts', { AUTH: 'required', HOST: '127.0.0.1', SQLITE_PATH: path, RATE_LIMIT_PER_MINUTE: '0' });
}

/** Every user drives a straight road, a fix a second. One user's pings take turns over all connections. */
function pingsOf({ tokens, startedAt }: Seeded): () => string {
  const sent = tokens.map(() => 0);
  let turn = 0;
  return () => {
    const user = turn++ % tokens.length;
    const count = (sent[user] = (sent[user] ?? 0) + 1);
    const timestamp = new Date(startedAt + count * PING_STEP_MS).toISOString();
    const lat = (52.1 + count * 1e-4).toFixed(6);
    const body = `{"lat":${lat},"lng":5.123456,"timestamp":"${timestamp}","accuracy_m":8}`;
    return request('POST', '/webhook/ping', `authorization: Bearer ${tokens[user]}\r\n`, body);
  };
}

interface Candidate {
  readonly name: string;
  readonly server: Measured;
  readonly next: () => string;
  readonly results: LoadResult[];
}

const best = (results: readonly LoadResult[]) => Math.max(...results.map(({ perSecond }) => perSecond));

async function pings(): Promise<void> {
  const plain = pingsOf({ tokens: ['mlg_bare'], startedAt: Date.now() - 1e8 });
  const candidates: Candidate[] = [
    { name: 'bare node:http', server: await serve('scripts/bench/bare-http.ts'), next: plain, results: [] },
    { name: 'bare Hono route', server: await serve('scripts/bench/bare-hono.ts'), next: plain, results: [] },
  ];
  for (const users of [1, 16, 1_000]) {
    const path = join(folder, `drivers-${users}.db`);
    const next = pingsOf(await seedDrivers(path, users));
    candidates.push({
      name: `ping, ${users} user${users > 1 ? 's' : ''}`,
      server: await ours(path),
      next,
      results: [],
    });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { server, next, results } of candidates) {
      results.push(await load({ port: server.port, connections: CONNECTIONS, forMs: ROUND_MS, next }));
    }
  }
  const [http, hono] = candidates.map(({ results }) => best(results));
  line(
    `\nDurable, authenticated pings (${CONNECTIONS} connections, best of ${ROUNDS} rounds of ${ROUND_MS / 1_000} s)`,
  );
  for (const { name, server, results } of candidates) {
    const rate = best(results);
    const worst = Math.min(...results.map(({ p99Ms }) => p99Ms));
    const failed = results.reduce((sum, one) => sum + one.failed, 0);
    const memory = residentMb(server);
    line(
      `  ${name.padEnd(18)} ${String(rate).padStart(6)}/s  ${ratio(rate, hono ?? 1).padStart(5)} of bare Hono ` +
        `${ratio(rate, http ?? 1).padStart(5)} of node:http  p99 ${ms(worst)}  ${memory ?? '?'} MB  ${failed} failed`,
    );
    await stop(server);
  }
  line('  aim: at least 70 % of the bare Hono route, p99 at most 10 ms, flat over users, at most 120 MB');
}

async function reading(): Promise<void> {
  line('\nReading, one connection (a user with 100 and one with 100,000 trips in three years)');
  const path = join(folder, 'logbooks.db');
  const tokens = [await seedLogbook(path, 100), await seedLogbook(path, 100_000)];
  const server = await ours(path);
  const year = new Date().getUTCFullYear();
  for (const route of ['/trips', '/trips?trip_type=P', `/stats?year=${year}`, '/stats']) {
    const results: LoadResult[] = [];
    for (const token of tokens) {
      const next = () => request('GET', route, `authorization: Bearer ${token}\r\n`, '');
      results.push(await load({ port: server.port, connections: 1, forMs: ROUND_MS / 2, next }));
    }
    const [few, many] = results.map(({ p50Ms }) => p50Ms);
    const failed = results.reduce((sum, one) => sum + one.failed, 0);
    line(`  GET ${route.padEnd(36)} ${ms(few ?? 0)} → ${ms(many ?? 0)} (median), ${failed} failed`);
  }
  await stop(server);
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

async function starting(): Promise<void> {
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

try {
  await pings();
  await reading();
  await starting();
  line('\nStore reads + writes');
  for (const { what, reads, writes, aim } of await countStoreWork(join(folder, 'counts.db'))) {
    line(`  ${what.padEnd(30)} ${reads} + ${writes}   (aim ${aim})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
