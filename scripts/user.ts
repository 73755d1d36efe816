/** `npm run user -- …`: adds, lists and removes users, makes their tokens, re-encrypts. Works while the service runs. */

import { parseArgs } from 'node:util';
import { createToken, listTokens } from '../src/actions/tokens.ts';
import { addUser, allUsers, removeUser } from '../src/actions/users.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemIds } from '../src/adapters/system/ids.ts';
import { vaultWith, type Keys } from '../src/adapters/system/key-file.ts';
import { readConfig, readEnvironment } from '../src/config.ts';
import type { Settings } from '../src/domain/settings.ts';
import { SCOPES, type DeviceToken, type Scope } from '../src/domain/tokens.ts';
import { isoOf } from '../src/domain/units.ts';
import { normaliseAddress } from '../src/domain/users.ts';
import type { Clock, Ids } from '../src/seams/clock.ts';
import type { Store } from '../src/seams/store.ts';
import { openStore } from '../src/stores.ts';
import { rekeyAll } from './user/rekey.ts';

const USAGE = `npm run user -- add EMAIL                 adds a user and prints a token with all scopes
npm run user -- token EMAIL               prints one more token [--scopes ${SCOPES.join(',')}] [--label TEXT] [--car ID]
npm run user -- list                      shows users and their tokens
npm run user -- remove EMAIL --delete-data   removes a user, all trips and all tokens
npm run user -- rekey                     encrypts stored connections anew with the first key of CREDENTIALS_KEY`;

const LONGEST_LABEL = 64;

interface Tools {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly newUser: Settings;
  readonly keys: Keys;
}

interface Options {
  readonly scopes?: string;
  readonly label?: string;
  readonly car?: string;
  readonly 'delete-data'?: boolean;
}

/** What stops a command; its message is all that is printed. */
class Refusal extends Error {}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      scopes: { type: 'string' },
      label: { type: 'string' },
      car: { type: 'string' },
      'delete-data': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) console.log(USAGE);
  else await run(positionals, values);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run([command, email, ...more]: readonly string[], options: Options): Promise<void> {
  const commands = { add, token, list, remove, rekey };
  const chosen = Object.entries(commands).find(([name]) => name === command)?.[1];
  if (chosen === undefined || more.length > 0) throw new Refusal(USAGE);
  const { store: where, newUser, credentialsKeys: keys } = readConfig(readEnvironment());
  const store = await openStore(where);
  try {
    await chosen({ store, clock: systemClock, ids: systemIds(systemClock), newUser, keys }, email, options);
  } finally {
    await store.close();
  }
}

async function add(tools: Tools, given: string | undefined, { label = 'first token' }: Options): Promise<void> {
  const owner = addressIn(given);
  const tokens = await listTokens(tools.store, owner);
  if (tokens.some(({ revokedAt }) => revokedAt === null)) {
    throw new Refusal(`${owner} has a token already; one more: npm run user -- token ${owner}`);
  }
  await addUser(tools, owner);
  await printToken(tools, owner, SCOPES, labelIn(label), null);
}

async function token(tools: Tools, given: string | undefined, options: Options): Promise<void> {
  const owner = addressIn(given);
  if ((await tools.store.forUser(owner).get('user', '')) === null) {
    throw new Refusal(`There is no user ${owner}; add it: npm run user -- add ${owner}`);
  }
  await printToken(tools, owner, scopesIn(options.scopes), labelIn(options.label ?? 'token'), options.car ?? null);
}

/** The secret stands alone on the last line, for scripts. */
async function printToken(
  tools: Tools,
  owner: string,
  scopes: readonly Scope[],
  label: string,
  carId: string | null,
): Promise<void> {
  const { secret } = await createToken(tools, { owner, label, scopes, carId, expiresAt: null });
  console.log(`Token of ${owner} for ${scopes.join(', ')}. It is shown this once; keep it as you keep a password:`);
  console.log(secret);
}

async function list({ store }: Tools, email: string | undefined): Promise<void> {
  if (email !== undefined) throw new Refusal(USAGE);
  for await (const user of allUsers(store)) {
    console.log(user);
    for (const one of await listTokens(store, user)) console.log(`  ${tokenLine(one)}`);
  }
}

function tokenLine({ id, label, scopes, last4, createdAt, lastUsedAt, revokedAt, carId }: DeviceToken): string {
  return [
    id,
    `…${last4}`,
    scopes.join(','),
    `“${label}”`,
    ...(carId === null ? [] : [carId]),
    `made ${dayOf(createdAt)}`,
    lastUsedAt === null ? 'never used' : `used ${dayOf(lastUsedAt)}`,
    ...(revokedAt === null ? [] : [`revoked ${dayOf(revokedAt)}`]),
  ].join('  ');
}

function dayOf(at: number): string {
  return isoOf(at).slice(0, 10);
}

async function remove({ store }: Tools, given: string | undefined, options: Options): Promise<void> {
  const owner = addressIn(given);
  if (options['delete-data'] !== true) {
    throw new Refusal(`This deletes every trip and token of ${owner} for good; say so with --delete-data`);
  }
  if (!(await removeUser(store, null, owner))) throw new Refusal(`There is no user ${owner}`);
  console.log(`${owner} and everything of it is gone.`);
}

async function rekey({ store, keys }: Tools, email: string | undefined): Promise<void> {
  if (email !== undefined) throw new Refusal(USAGE);
  if (!(await rekeyAll(store, vaultWith(keys)))) process.exitCode = 1;
}

function addressIn(given: string | undefined): string {
  if (given === undefined) throw new Refusal(USAGE);
  const address = normaliseAddress(given);
  if (address === null) throw new Refusal(`${given} is no e-mail address`);
  return address;
}

function scopesIn(given: string | undefined): readonly Scope[] {
  const names = (given ?? 'events').split(',').map((name) => name.trim());
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  if (scopes.length !== new Set(names).size) throw new Refusal(`--scopes must be some of ${SCOPES.join(',')}`);
  return scopes;
}

function labelIn(given: string): string {
  const label = given.trim();
  if (label === '' || label.length > LONGEST_LABEL || /\p{Cc}/u.test(label)) {
    throw new Refusal(`--label must be a text of 1 … ${LONGEST_LABEL} characters`);
  }
  return label;
}
