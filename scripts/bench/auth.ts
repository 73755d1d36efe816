/**
 * How long a refusal takes, whatever it is for: an address that is known here must not take another time than one that
 * is not, nor a token that was never made another than one that was revoked. Every kind in turn, on one connection.
 */

import { join } from 'node:path';
import { createToken, tokenHash } from '../../src/actions/tokens.ts';
import { addUser } from '../../src/actions/users.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { SCOPES } from '../../src/domain/tokens.ts';
import { line } from './lines.ts';
import { load, request } from './load.ts';
import { depsOn } from './seeds.ts';
import { ours, stop, type Measured } from './servers.ts';

const USERS = 1_000;
const ROUNDS = 7;
const ROUND_MS = 400;
const OWNER = 'driver0@example.com';
const KNOWN = 'driver1@example.com';
const UNKNOWN = 'nobody1@example.com';

interface Tokens {
  readonly good: string;
  readonly revoked: string;
  /** As we make them, but never kept: always another, so that nothing is remembered of it. */
  unknown(): string;
}

interface Kind {
  readonly name: string;
  readonly next: () => string;
}

async function seed(path: string): Promise<Tokens> {
  const deps = depsOn(openSqliteStore({ path }));
  for (let i = 0; i < USERS; i += 1) await addUser(deps, `driver${i}@example.com`);
  const make = async () => {
    const wish = { owner: OWNER, label: 'bench', scopes: SCOPES, carId: null, expiresAt: null };
    return (await createToken(deps, wish)).secret;
  };
  const [good, revoked] = [await make(), await make()];
  await deps.store.tokens.update(tokenHash(revoked), (token) => ({ ...token, revokedAt: deps.clock.now() }));
  await deps.store.close();
  return { good, revoked, unknown: () => deps.ids.token() };
}

function get(path: string, token: string | null): string {
  return request('GET', path, token === null ? '' : `authorization: Bearer ${token}\r\n`, '');
}

function kind(name: string, next: () => string): Kind {
  return { name, next };
}

/** In pairs: the second is compared with the first. */
function pairsOf({ good, revoked, unknown }: Tokens): readonly (readonly [Kind, Kind])[] {
  return [
    [
      kind('no token, an address that is known', () => get(`/trips?user=${KNOWN}`, null)),
      kind('no token, an address that is not', () => get(`/trips?user=${UNKNOWN}`, null)),
    ],
    [
      kind('somebody else’s address, known (403)', () => get(`/trips?user=${KNOWN}`, good)),
      kind('somebody else’s address, unknown (403)', () => get(`/trips?user=${UNKNOWN}`, good)),
    ],
    [
      kind('a token never made, an address that is known', () => get(`/trips?user=${KNOWN}`, unknown())),
      kind('a token never made, an address that is not', () => get(`/trips?user=${UNKNOWN}`, unknown())),
    ],
    [
      kind('a token that was revoked', () => get('/trips', revoked)),
      kind('a token never made', () => get('/trips', unknown())),
    ],
  ];
}

export async function auth(folder: string): Promise<void> {
  const path = join(folder, 'auth.db');
  const tokens = await seed(path);
  const server = await ours(path);
  line(`\nRefusals, one connection (median of ${ROUNDS} rounds in turn, ${USERS} users)`);
  for (const pair of pairsOf(tokens)) {
    const [first, second] = await compare(server, pair);
    line(`  ${pair[0].name.padEnd(46)} ${micros(first)}`);
    line(`  ${pair[1].name.padEnd(46)} ${micros(second)}: ${(second / first).toFixed(2)} ×`);
  }
  line('  aim: what is told apart by an address takes the same, within what rounds differ by; a token says by itself');
  line('  whether it was revoked, to whoever has its 130 bits');
  await stop(server);
}

/** In turn, so that a slow moment of the machine meets both. */
async function compare({ port }: Measured, pair: readonly [Kind, Kind]): Promise<readonly [number, number]> {
  const times: readonly [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS * 2; round += 1) {
    const which = round % 2 === 0 ? 0 : 1;
    const { p50Ms } = await load({ port, connections: 1, forMs: ROUND_MS, next: pair[which].next });
    times[which].push(p50Ms);
  }
  return [median(times[0]), median(times[1])];
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function micros(ms: number): string {
  return `${Math.round(ms * 1_000)} µs`;
}
