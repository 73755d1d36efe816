/** What the environment says, read and checked once, at the start. A wrong value stops the start with one line. */

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { defaultSettings, type Settings } from './domain/settings.ts';
import type { Severity } from './seams/log.ts';
import * as kinds from './config-kinds.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly store: StoreConfig;
  readonly auth: 'open' | 'required';
  /** Addresses and `@domains` that may sign in with an identity token. */
  readonly allowedUsers: readonly string[];
  readonly defaultUser: string | null;
  readonly newUser: Settings;
  /** Without a slash at its end. */
  readonly publicUrl: string | null;
  readonly corsOrigins: readonly string[];
  /** Addresses, with a prefix length or without. */
  readonly trustedProxies: readonly string[];
  /** Set on Cloud Run: whoever connects is its front end. */
  readonly isFronted: boolean;
  /** The web client people sign in with. */
  readonly google: { readonly clientId: string | null; readonly clientSecret: string | null };
  readonly scheduler: { readonly serviceAccount: string | null; readonly audience: string | null };
  /** What encrypts the connections of cars: the keys given, and the file that holds one besides. */
  readonly credentialsKeys: { readonly given: readonly Uint8Array[]; readonly file: string | null };
  /** Services that know addresses and roads, each without a slash at its end; `null`: nothing is looked up. */
  readonly services: { readonly geocoder: string | null; readonly router: string | null };
  /** 0: no built-in timer. */
  readonly pollIntervalSeconds: number;
  /** Pings a token may send, 0: any number. */
  readonly ratePerMinute: number;
  readonly logLevel: Severity;
  /** The Google Cloud project. */
  readonly project: string | null;
}

/** Where everything is kept. */
export type StoreConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** Without a project: the one the machine runs in. */
  | { readonly kind: 'firestore'; readonly project: string | null; readonly database: string };

/** Its message is the one line an operator reads. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export const PACKAGE_ROOT = resolve(import.meta.dirname, '..');

/** The environment, and below it the `.env` of the package root if there is one. */
export function readEnvironment(): Environment {
  const path = join(PACKAGE_ROOT, '.env');
  return existsSync(path) ? { ...parseEnv(readFileSync(path, 'utf8')), ...process.env } : process.env;
}

export function readConfig(env: Environment): Config {
  const { read, refuse } = reader(env);
  const cloudRun = read('K_SERVICE', kinds.text) !== null;
  const host = read('HOST', kinds.text);
  // Reachable from elsewhere means: prove who you are.
  const reachable = cloudRun || (host !== null && !kinds.isLoopback(host));
  const auth = read('AUTH', kinds.word(AUTHS)) ?? (reachable ? 'required' : 'open');
  const publicUrl = read('PUBLIC_URL', kinds.webAddress);
  // Sessions are chance kept as a hash, and need no key; a setting that others ask for must not stop the start.
  read('SESSION_SECRET', kinds.text);
  const config: Config = {
    host: host ?? (auth === 'required' ? '0.0.0.0' : '127.0.0.1'),
    port: read('PORT', kinds.wholeNumber(0, 65_535)) ?? 8080,
    ...storage(read, cloudRun),
    auth,
    allowedUsers: read('ALLOWED_USERS', kinds.users) ?? [],
    defaultUser: read('DEFAULT_USER', kinds.user),
    newUser: defaultSettings(
      read('DEFAULT_TIME_ZONE', kinds.timeZone) ?? 'Europe/Amsterdam',
      read('DEFAULT_LANGUAGE', kinds.word(LANGUAGES)) ?? 'en',
    ),
    publicUrl,
    corsOrigins: read('CORS_ORIGINS', kinds.origins) ?? [],
    trustedProxies: read('TRUSTED_PROXIES', kinds.networks) ?? [],
    isFronted: cloudRun,
    google: { clientId: read('GOOGLE_CLIENT_ID', kinds.text), clientSecret: read('GOOGLE_CLIENT_SECRET', kinds.text) },
    scheduler: {
      serviceAccount: read('SCHEDULER_SERVICE_ACCOUNT', kinds.user),
      audience: read('SCHEDULER_AUDIENCE', kinds.text) ?? publicUrl,
    },
    services: {
      geocoder: read('GEOCODER_URL', kinds.serviceAddress),
      router: read('ROUTER_URL', kinds.serviceAddress),
    },
    ratePerMinute: read('RATE_LIMIT_PER_MINUTE', kinds.wholeNumber(0, 1_000_000)) ?? 600,
    logLevel: read('LOG_LEVEL', kinds.logLevel) ?? 'INFO',
    project: read('GOOGLE_CLOUD_PROJECT', kinds.text),
  };
  refuse(contradictionIn(config, cloudRun));
  return config;
}

function contradictionIn({ auth, store, project }: Config, cloudRun: boolean): string | null {
  if (cloudRun && auth === 'open') return OPEN_ON_CLOUD_RUN;
  if (cloudRun && store.kind === 'sqlite') return SQLITE_ON_CLOUD_RUN;
  return !cloudRun && store.kind === 'firestore' && project === null ? NO_PROJECT : null;
}

function storage(read: Read, cloudRun: boolean): Pick<Config, 'store' | 'credentialsKeys' | 'pollIntervalSeconds'> {
  const kind = read('STORE', kinds.word(STORES)) ?? (cloudRun ? 'firestore' : 'sqlite');
  const path = resolve(PACKAGE_ROOT, read('SQLITE_PATH', kinds.text) ?? 'data/mileage.db');
  const database = read('FIRESTORE_DATABASE', kinds.text) ?? '(default)';
  const project = read('GOOGLE_CLOUD_PROJECT', kinds.text);
  const given = read('CREDENTIALS_KEY', kinds.keys) ?? [];
  const every = read('POLL_INTERVAL_SECONDS', kinds.wholeNumber(0, DAY_SECONDS));
  if (kind === 'sqlite') {
    return {
      store: { kind, path },
      credentialsKeys: { given, file: `${path}.key` },
      pollIntervalSeconds: every ?? 60,
    };
  }
  return {
    store: { kind, project, database },
    credentialsKeys: { given, file: null },
    pollIntervalSeconds: every ?? 0,
  };
}

const DAY_SECONDS = 86_400;
const AUTHS = ['open', 'required'] as const;
const LANGUAGES = ['en', 'nl'] as const;
const STORES = ['sqlite', 'firestore'] as const;
const OPEN_ON_CLOUD_RUN = 'AUTH must be required on Cloud Run, where everybody can reach the service';
const NO_PROJECT = 'GOOGLE_CLOUD_PROJECT must be the project whose Firestore keeps everything, with STORE=firestore';
const SQLITE_ON_CLOUD_RUN =
  'STORE must be firestore on Cloud Run (K_SERVICE is set): sqlite needs a machine whose disk outlives the container';

type Read = <T>(name: string, kind: kinds.Kind<T>) => T | null;

/** Blank counts as not set. What is wrong is gathered, so that one start tells all of it. */
function reader(env: Environment) {
  const wrong: string[] = [];
  const refuse = (line: string | null): void => {
    const lines = line === null ? wrong : [...wrong, line];
    if (lines.length > 0) throw new ConfigError(lines.join('; '));
  };
  const read: Read = (name, kind) => {
    const value = env[name]?.trim() ?? '';
    if (value === '') return null;
    const found = kind.read(value);
    if (found === null) wrong.push(`${name} must be ${kind.expected}`);
    return found;
  };
  return { read, refuse };
}
