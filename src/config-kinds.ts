/** Kinds of values a variable may hold, each with the words for what is expected. */

import { isIP } from 'node:net';
import { isTimeZone } from './domain/calendar.ts';
import { KEY_BYTES, keyOf } from './domain/secrets.ts';
import { normaliseAddress } from './domain/users.ts';
import type { Severity } from './seams/log.ts';

export interface Kind<T> {
  /** Ends the sentence "NAME must be …". */
  readonly expected: string;
  /** `null`: it is not of this kind. */
  readonly read: (value: string) => T | null;
}

export const text: Kind<string> = { expected: 'a text', read: (value) => value };

export function word<const W extends string>(words: readonly W[]): Kind<W> {
  return {
    expected: words.join(' or '),
    read: (value) => words.find((allowed) => allowed === value.toLowerCase()) ?? null,
  };
}

export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    expected: `a whole number, ${least} … ${most}`,
    read: (value) => {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      return number >= least && number <= most ? number : null;
    },
  };
}

export const user: Kind<string> = { expected: 'an e-mail address', read: normaliseAddress };
export const users = list('addresses and @domains, with commas between', userOrDomain);
export const timeZone: Kind<string> = {
  expected: 'a time zone such as Europe/Amsterdam',
  read: (value) => (isTimeZone(value) ? value : null),
};
/** Without a slash at its end. */
export const webAddress: Kind<string> = { expected: 'an http or https address without query', read: readWebAddress };
/** Where a service of the web is asked; without a slash at its end. */
export const serviceAddress: Kind<string> = {
  expected: 'an http or https address without query, user or password',
  read: readServiceAddress,
};
export const origins = list('origins such as https://app.example.com, with commas between', origin);
export const networks = list('IP addresses or networks such as 10.0.0.0/8, with commas between', network);
export const keys = list(`${KEY_BYTES} bytes in base64, more such keys after commas`, keyOf);
export const logLevel: Kind<Severity> = {
  expected: 'debug, info, warning or error',
  read: (value) => LEVELS.get(value.toLowerCase()) ?? null,
};

const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['debug', 'DEBUG'],
  ['info', 'INFO'],
  ['warn', 'WARNING'],
  ['warning', 'WARNING'],
  ['error', 'ERROR'],
]);

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function list<T>(expected: string, read: (item: string) => T | null): Kind<readonly T[]> {
  return {
    expected,
    read: (value) => {
      const items = value.split(',').map((item) => item.trim());
      const found = items.filter((item) => item !== '').map(read);
      return found.every((item) => item !== null) ? found : null;
    },
  };
}

function userOrDomain(value: string): string | null {
  if (!value.startsWith('@')) return normaliseAddress(value);
  const domain = value.slice(1).toLowerCase();
  return normaliseAddress(`anybody@${domain}`) === null ? null : `@${domain}`;
}

function readWebAddress(value: string): string | null {
  if (!URL.canParse(value)) return null;
  const { protocol, href, search, hash } = new URL(value);
  if (!['http:', 'https:'].includes(protocol) || search !== '' || hash !== '') return null;
  return href.replace(/\/+$/, '');
}

/** What stands in an address is sent to nobody: the built-in client refuses such an address with every call. */
function readServiceAddress(value: string): string | null {
  const address = readWebAddress(value);
  if (address === null) return null;
  const { username, password } = new URL(address);
  return username === '' && password === '' ? address : null;
}

function origin(value: string): string | null {
  const address = readWebAddress(value);
  return address !== null && new URL(address).origin === address ? address : null;
}

function network(value: string): string | null {
  const [address = '', bits, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return null;
  if (bits === undefined) return value;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128) ? value : null;
}
