/** `npm run user -- …`: adds, lists and removes users, makes their tokens, re-encrypts. Works while the service runs. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeLink } from '../src/actions/sign-in.ts';
import { createToken, listTokens } from '../src/actions/tokens.ts';
import { addUser, allUsers, removeUser } from '../src/actions/users.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemIds } from '../src/adapters/system/ids.ts';
import { vaultWith, type Keys } from '../src/adapters/system/key-file.ts';
import { PACKAGE_ROOT, readConfig, readEnvironment } from '../src/config.ts';
import type { Settings } from '../src/domain/settings.ts';
import { isAllowed } from '../src/domain/sign-in.ts';
import { SCOPES, type DeviceToken, type Scope } from '../src/domain/tokens.ts';
import { isoOf } from '../src/domain/units.ts';
import { normaliseAddress } from '../src/domain/users.ts';
import type { Clock, Ids } from '../src/seams/clock.ts';
import type { Store } from '../src/seams/store.ts';
import { openStore } from '../src/stores.ts';
import { exportUser } from './user/export.ts';
import { importFile } from './user/import.ts';
import { rekeyAll } from './user/rekey.ts';
import { rename } from './user/rename.ts';

const USAGE = `npm run user -- add EMAIL                 adds a user and prints a token with all scopes
npm run user -- token EMAIL               prints one more token [--scopes ${SCOPES.join(',')}] [--label TEXT] [--car ID]
npm run user -- link EMAIL                prints a link that signs a browser in, once, within 15 minutes
npm run user -- list                      shows users and their tokens
npm run user -- export EMAIL              prints everything of a user as one document [--file FILE]
npm run user -- import FILE               takes an export into a logbook [--user EMAIL] [--dry-run]
npm run user -- rename OLD NEW            moves a logbook to another address; tokens go on
npm run user -- remove EMAIL --delete-data   removes a user, all trips and all tokens
npm run user -- rekey                     encrypts stored connections anew with the first key of CREDENTIALS_KEY`;

const LONGEST_LABEL = 64;

interface Tools {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly newUser: Settings;
  readonly keys: Keys;
  /** Where the service is reached, as far as this machine knows. */
  readonly address: string;
  readonly allowedUsers: readonly string[];
  /** Whose logbook is meant where none is named. */
  readonly defaultUser: string | null;
}

interface Options {
  readonly scopes?: string;
  readonly label?: string;
  readonly car?: string;
  readonly 'delete-data'?: boolean;
  readonly file?: string;
  readonly user?: string;
  readonly 'dry-run'?: boolean;
  /** The second address, behind the first. */
  readonly to?: string;
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
      file: { type: 'string' },
      user: { type: 'string' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) console.log(USAGE);
  else await run(positionals, values);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run([command, email, to, ...more]: readonly string[], options: Options): Promise<void> {
  const commands = { add, token, link, list, export: exportOne, import: importOne, rename: renameOne, remove, rekey };
  const chosen = Object.entries(commands).find(([name]) => name === command)?.[1];
  if (chosen === undefined || more.length > 0 || (to !== undefined) !== (command === 'rename'))
    throw new Refusal(USAGE);
  const { store: where, newUser, credentialsKeys: keys, publicUrl, port, ...config } = readConfig(readEnvironment());
  const { allowedUsers, defaultUser } = config;
  const address = publicUrl ?? `http://localhost:${port}`;
  const store = await openStore(where);
  try {
    const ids = systemIds(systemClock);
    await chosen({ store, clock: systemClock, ids, newUser, keys, address, allowedUsers, defaultUser }, email, {
      ...options,
      ...(to !== undefined && { to }),
    });
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
  await refuseUnknown(tools.store, owner);
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

/** Whoever is not known yet gets a logbook with the link's first use, if the configuration names them. */
async function link(tools: Tools, given: string | undefined): Promise<void> {
  const owner = addressIn(given);
  const user = await tools.store.forUser(owner).get('user', '');
  if (user === null && !isAllowed(owner, tools.allowedUsers)) {
    throw new Refusal(`There is no user ${owner}; add it: npm run user -- add ${owner}`);
  }
  const secret = await makeLink(tools, owner);
  console.log(`This link signs ${owner} in on one browser, once, within 15 minutes:`);
  console.log(`${tools.address}/signin/link/${secret}`);
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

async function exportOne({ store, clock }: Tools, given: string | undefined, { file }: Options): Promise<void> {
  const owner = addressIn(given);
  await refuseUnknown(store, owner);
  await exportUser({ store, clock, version: versionOfPackage() }, owner, file ?? null);
}

async function importOne(tools: Tools, file: string | undefined, options: Options): Promise<void> {
  if (file === undefined) throw new Refusal(USAGE);
  const named = options.user ?? tools.defaultUser;
  if (named === null)
    throw new Refusal('Say whose logbook takes it, with --user EMAIL: the address inside does not count');
  const owner = addressIn(named);
  await refuseUnknown(tools.store, owner);
  if (!(await importFile(tools, owner, file, options['dry-run'] ?? false))) process.exitCode = 1;
}

async function renameOne({ store, clock, keys }: Tools, given: string | undefined, { to }: Options): Promise<void> {
  await rename({ store, clock, vault: vaultWith(keys) }, addressIn(given), addressIn(to));
}

async function refuseUnknown(store: Store, owner: string): Promise<void> {
  if ((await store.forUser(owner).get('user', '')) !== null) return;
  throw new Refusal(`There is no user ${owner}; add it: npm run user -- add ${owner}`);
}

function versionOfPackage(): string {
  const about: { version: string } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return about.version;
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
