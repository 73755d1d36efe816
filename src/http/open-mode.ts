/** What open mode refuses: it trusts an address alone, so it answers nobody but its own network. */

import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from '../domain/problem.ts';
import type { Env } from './env.ts';

const HOSTS_KEPT = 100;

/** `isPage`: a path people open in a browser, which a link elsewhere may lead to. */
export function localOnly(corsOrigins: readonly string[], isPage: (path: string) => boolean): MiddlewareHandler<Env> {
  const hosts = new Map<string, boolean>();
  const isOurs = (host: string): boolean => {
    const known = hosts.get(host);
    if (known !== undefined) return known;
    if (hosts.size >= HOSTS_KEPT) hosts.clear();
    const local = isLocalHost(host);
    hosts.set(host, local);
    return local;
  };
  return async (c, next) => {
    // A request may name one in its line and another in its header.
    const asked = hostOf(c.req.url);
    const host = c.req.header('host') ?? asked;
    for (const name of [host, asked]) {
      if (!isOurs(name)) throw refused(`It was asked as ${name.slice(0, 80)}, which is not a name of a home network.`);
    }
    if (wasForwarded(c)) throw refused('This request was forwarded by a proxy or a tunnel.');
    refuseForeignPage(c, host, corsOrigins, isPage);
    await next();
  };
}

function refused(why: string): Problem {
  return new Problem(
    'open_mode_is_local',
    `${why} Open mode trusts an address alone and is for trying things out: start with AUTH=required to be reached from elsewhere.`,
  );
}

function hostOf(url: string): string {
  const start = url.indexOf('//') + 2;
  const end = url.indexOf('/', start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

/** Loopback, private, without a dot, or under `.local`, `.lan`, `.home.arpa`. */
export function isLocalHost(host: string): boolean {
  const url = `http://${host}`;
  if (!URL.canParse(url)) return false;
  const { hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  if (hostname.startsWith('[')) return isLocalV6(hostname.slice(1, -1));
  if (isIP(hostname) === 4) return isLocalV4(hostname);
  const name = hostname.replace(/\.$/, '');
  return name !== '' && (!name.includes('.') || LOCAL_ENDINGS.some((ending) => name.endsWith(ending)));
}

const LOCAL_ENDINGS = ['.localhost', '.local', '.lan', '.home.arpa'];

function isLocalV4(address: string): boolean {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 127 || first === 10) return true;
  if (first === 192) return second === 168;
  if (first === 172) return second >= 16 && second <= 31;
  return first === 169 && second === 254;
}

function isLocalV6(address: string): boolean {
  if (address === '::1') return true;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped) return isLocalV4(v4Of(Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)));
  return /^f[cd][0-9a-f]{2}:/.test(address) || /^fe[89ab][0-9a-f]:/.test(address);
}

function v4Of(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** What proxies and tunnels add; some add nothing but `Via` or `X-Real-IP`. */
const FORWARDED = /^(?:forwarded|via|x-real-ip|true-client-ip|x-forwarded-.*|cf-.*)$/;

function wasForwarded(c: Context<Env>): boolean {
  let forwarded = false;
  c.req.raw.headers.forEach((_value, name) => {
    if (FORWARDED.test(name)) forwarded = true;
  });
  return forwarded;
}

/** A page somewhere else must not speak for whoever looks at it. */
function refuseForeignPage(
  c: Context<Env>,
  host: string,
  corsOrigins: readonly string[],
  isPage: (path: string) => boolean,
): void {
  const origin = c.req.header('origin');
  if (origin !== undefined && corsOrigins.includes(origin)) return;
  if (origin !== undefined && origin.replace(/^https?:\/\//, '').toLowerCase() !== host.toLowerCase()) {
    throw refused('This request comes from a page of another site.');
  }
  const site = c.req.header('sec-fetch-site');
  if (site !== 'cross-site' && site !== 'same-site') return;
  const navigates = c.req.method === 'GET' && c.req.header('sec-fetch-mode') === 'navigate';
  if (!(navigates && isPage(c.req.path))) throw refused('This request comes from a page of another site.');
}
