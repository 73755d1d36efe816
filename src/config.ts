/** What the environment says, read and checked once, at the start. A wrong value stops the start with one line. */

import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { isTimeZone } from './domain/calendar.ts';
import { defaultSettings, type Settings } from './domain/settings.ts';
import { normaliseAddress } from './domain/users.ts';
import type { Severity } from './seams/log.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly sqlitePath: string;
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
  readonly scheduler: { readonly serviceAccount: string | null; readonly audience: string | null };
  /** 0: no built-in timer. */
  readonly pollIntervalSeconds: number;
  /** Pings a token may send, 0: any number. */
  readonly ratePerMinute: number;
  readonly logLevel: Severity;
  /** The Google Cloud project. */
  readonly project: string | null;
}

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
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const read = Variables.safeParse(given);
  if (!read.success) throw new ConfigError(read.error.issues.map(sentence).join('; '));
  const variables = read.data;
  const auth = variables.AUTH ?? (mustBeRequired(variables) ? 'required' : 'open');
  refuseOnCloudRun(variables, auth);
  return {
    host: variables.HOST ?? (auth === 'required' ? '0.0.0.0' : '127.0.0.1'),
    port: variables.PORT,
    sqlitePath: resolve(PACKAGE_ROOT, variables.SQLITE_PATH),
    auth,
    allowedUsers: variables.ALLOWED_USERS,
    defaultUser: variables.DEFAULT_USER ?? null,
    newUser: defaultSettings(variables.DEFAULT_TIME_ZONE, variables.DEFAULT_LANGUAGE),
    publicUrl: variables.PUBLIC_URL ?? null,
    corsOrigins: variables.CORS_ORIGINS,
    trustedProxies: variables.TRUSTED_PROXIES,
    scheduler: {
      serviceAccount: variables.SCHEDULER_SERVICE_ACCOUNT ?? null,
      audience: variables.SCHEDULER_AUDIENCE ?? variables.PUBLIC_URL ?? null,
    },
    pollIntervalSeconds: variables.POLL_INTERVAL_SECONDS,
    ratePerMinute: variables.RATE_LIMIT_PER_MINUTE,
    logLevel: variables.LOG_LEVEL,
    project: variables.GOOGLE_CLOUD_PROJECT ?? null,
  };
}

const DAY_SECONDS = 86_400;

const Variables = z.object({
  PORT: wholeNumber(0, 65_535).default(8080),
  HOST: z.string().trim().optional(),
  STORE: word(['sqlite'], 'sqlite, the store this version has').optional(),
  SQLITE_PATH: z.string().trim().default('data/mileage.db'),
  AUTH: word(['open', 'required']).optional(),
  ALLOWED_USERS: list(userOrDomain, 'addresses and @domains with commas between').default([]),
  DEFAULT_USER: text(normaliseAddress, 'an e-mail address').optional(),
  DEFAULT_TIME_ZONE: text((name) => (isTimeZone(name) ? name : null), 'a time zone such as Europe/Amsterdam').default(
    'Europe/Amsterdam',
  ),
  DEFAULT_LANGUAGE: word(['en', 'nl']).default('en'),
  PUBLIC_URL: text(webAddress, 'the http or https address people reach this service at').optional(),
  CORS_ORIGINS: list(origin, 'origins such as https://app.example.com with commas between').default([]),
  TRUSTED_PROXIES: list(network, 'IP addresses or networks such as 10.0.0.0/8 with commas between').default([]),
  SCHEDULER_SERVICE_ACCOUNT: text(normaliseAddress, 'the e-mail address of a service account').optional(),
  SCHEDULER_AUDIENCE: z.string().trim().optional(),
  POLL_INTERVAL_SECONDS: wholeNumber(0, DAY_SECONDS).default(60),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(600),
  LOG_LEVEL: word(['debug', 'info', 'warning', 'warn', 'error']).default('info').transform(severity),
  GOOGLE_CLOUD_PROJECT: z.string().trim().optional(),
  K_SERVICE: z.string().optional(),
});

type Read = z.infer<typeof Variables>;

function sentence(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')} must be ${issue.message}`;
}

/** Reachable from elsewhere means: prove who you are. */
function mustBeRequired({ K_SERVICE, HOST }: Read): boolean {
  return K_SERVICE !== undefined || (HOST !== undefined && !isLoopback(HOST));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A container there is reached from everywhere and forgets its disk. */
function refuseOnCloudRun({ K_SERVICE }: Read, auth: Config['auth']): void {
  if (K_SERVICE === undefined) return;
  if (auth === 'open')
    throw new ConfigError('AUTH must be required on Cloud Run, where everybody can reach the service');
  throw new ConfigError(
    'STORE must be a store that outlives a container on Cloud Run (K_SERVICE is set); sqlite, the one there is, needs a machine with a disk',
  );
}

function text(read: (value: string) => string | null, expected: string) {
  return z.string().transform((value, context) => {
    const found = read(value.trim());
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

function list(read: (value: string) => string | null, expected: string) {
  return z.string().transform((value, context) => {
    const items = value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    const found = items.map(read).filter((item) => item !== null);
    if (found.length === items.length) return found;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

function word<const W extends string>(words: readonly W[], expected = words.join(' or ')) {
  return z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(words, { error: expected }));
}

function wholeNumber(least: number, most: number) {
  const error = `a whole number, ${least} … ${most}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error });
}

function userOrDomain(value: string): string | null {
  if (!value.startsWith('@')) return normaliseAddress(value);
  const domain = value.slice(1).toLowerCase();
  return normaliseAddress(`anybody@${domain}`) === null ? null : `@${domain}`;
}

function webAddress(value: string): string | null {
  if (!URL.canParse(value)) return null;
  const { protocol, href, search, hash } = new URL(value);
  if (!['http:', 'https:'].includes(protocol) || search !== '' || hash !== '') return null;
  return href.replace(/\/+$/, '');
}

function origin(value: string): string | null {
  const address = webAddress(value);
  return address !== null && new URL(address).origin === address ? address : null;
}

function network(value: string): string | null {
  const [address = '', bits, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return null;
  if (bits === undefined) return value;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128) ? value : null;
}

function severity(level: 'debug' | 'info' | 'warning' | 'warn' | 'error'): Severity {
  if (level === 'warn' || level === 'warning') return 'WARNING';
  if (level === 'debug') return 'DEBUG';
  return level === 'error' ? 'ERROR' : 'INFO';
}
