/** Pings over HTTP, from 1 to 1,000 users, beside bare servers that store nothing. */

import { join } from 'node:path';
import { line, ms, ratio } from './lines.ts';
import { load, request, type LoadResult } from './load.ts';
import { seedDrivers, type Seeded } from './seeds.ts';
import { ours, residentMb, serve, stop, type Measured } from './servers.ts';

const CONNECTIONS = 32;
const ROUND_MS = 2_000;
const ROUNDS = 3;
const PING_STEP_MS = 1_000;

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

export async function pings(folder: string): Promise<void> {
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
