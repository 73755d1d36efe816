/** The whole service without its socket: a real store, a clock in our hands, a log that can be read. */

import { onTestFinished } from 'vitest';
import { createToken } from '../../src/actions/tokens.ts';
import { addUser } from '../../src/actions/users.ts';
import type { Deps } from '../../src/actions/deps.ts';
import { googleIdentities } from '../../src/adapters/google/identity.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import { createApp } from '../../src/app.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { SCOPES, type Scope } from '../../src/domain/tokens.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { providers } from '../../src/providers.ts';
import { NO_SERVICES } from '../../src/seams/services.ts';
import { VirtualClock } from './clock.ts';
import { KeptLog } from './log.ts';
import { openTempStore, type TempStore } from './store.ts';
import { testVault } from './vault.ts';

export const JAN = 'jan@example.nl';
export const PIET = 'piet@example.nl';

export interface TestApp {
  readonly app: ReturnType<typeof createApp>;
  readonly deps: Deps;
  readonly clock: VirtualClock;
  readonly log: KeptLog;
  /** Adds the user if need be and answers a new token's secret. */
  tokenOf(owner: string, wish?: TokenWish): Promise<string>;
  /** The file of its store. */
  readonly path: string;
  remove(): Promise<void>;
}

interface TokenWish {
  readonly scopes?: readonly Scope[];
  readonly expiresAt?: number;
  readonly carId?: string;
}

export const OPTIONS: HttpOptions = {
  auth: 'open',
  defaultUser: null,
  allowedUsers: [],
  identities: googleIdentities({ clientId: null, clientSecret: null, clock: systemClock }),
  scheduler: { serviceAccount: null, audience: null },
  trustedProxies: [],
  isFronted: false,
  corsOrigins: [],
  ratePerMinute: 600,
  publicUrl: null,
  project: null,
  version: '9.9.9',
  storeName: 'sqlite',
};

/** What a test puts in place of the usual. */
export type Parts = Partial<Pick<Deps, 'vault' | 'providers' | 'services'>>;

/** One to be shared by the tests of a file; `remove` it at the end. */
export function openTestApp(
  options: Partial<HttpOptions> = {},
  start: string | number = '2026-03-02T07:00:00Z',
  parts: Parts = {},
  kept: TempStore = openTempStore(),
): TestApp {
  const { store, path, remove } = kept;
  const clock = new VirtualClock(start);
  const log = new KeptLog();
  const all = { ...OPTIONS, ...options };
  const deps: Deps = {
    store,
    clock,
    ids: systemIds(clock),
    log,
    vault: testVault,
    providers,
    services: NO_SERVICES,
    newUser: defaultSettings('Europe/Amsterdam', 'en'),
    unknownUsers: all.auth === 'open' ? 'create' : 'refuse',
    ...parts,
  };
  const tokenOf = async (owner: string, { scopes = SCOPES, expiresAt, carId }: TokenWish = {}) => {
    await addUser(deps, owner);
    const wish = { owner, label: 'test', scopes, carId: carId ?? null, expiresAt: expiresAt ?? null };
    return (await createToken(deps, wish)).secret;
  };
  return { app: createApp(deps, all), deps, clock, log, tokenOf, path, remove };
}

/** One for the test that asks, gone when it ends. */
export function testApp(options: Partial<HttpOptions> = {}, start?: string | number, parts?: Parts): TestApp {
  const opened = openTestApp(options, start, parts);
  onTestFinished(opened.remove);
  return opened;
}
