/** Which machine a request comes from, as far as somebody we trust says so. For counting, never for letting in. */

import { BlockList, isIP, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Env } from './env.ts';

/** Whoever came without a socket. */
export const UNKNOWN = 'unknown';

/** `trusted`: proxies whose word counts. `isFronted`: whoever connects is the platform's own front end. */
export function clientAddresses(trusted: readonly string[], isFronted: boolean): (c: Context<Env>) => string {
  const proxies = networkOf(trusted);
  const isProxy = (address: string) => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return (c) => {
    const peer = peerOf(c);
    if (peer === null) return UNKNOWN;
    if (!isFronted && !isProxy(peer)) return bucketOf(peer);
    const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => plain(hop.trim()));
    // Each proxy appends whom it heard; the first from the right that is no proxy of ours is the client.
    const client = hops.findLast((hop) => isIP(hop) === 0 || !isProxy(hop));
    return client !== undefined && isIP(client) !== 0 ? bucketOf(client) : bucketOf(peer);
  };
}

function peerOf(c: Context<Env>): string | null {
  // Without a socket, as in a test, there is nobody to name.
  if (typeof c.env !== 'object' || c.env === null || !('incoming' in c.env)) return null;
  const { address } = getConnInfo(c).remote;
  return address === undefined ? null : plain(address);
}

function networkOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address that came over an IPv6 socket is that IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Who has one IPv6 address has 2⁶⁴ of them. */
function bucketOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  return groups.slice(0, 4).join(':');
}
