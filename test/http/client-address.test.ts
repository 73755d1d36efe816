/** Where a request comes from, for counting: the socket, or what a proxy we trust says. */

import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { clientAddresses } from '../../src/http/client-address.ts';
import type { Env } from '../../src/http/env.ts';

async function client(peer: string | null, forwarded: string | null, trusted: string[] = [], isFronted = false) {
  const clientOf = clientAddresses(trusted, isFronted);
  const app = new Hono<Env>();
  app.get('/', (c) => c.text(clientOf(c)));
  const headers = forwarded === null ? {} : { 'x-forwarded-for': forwarded };
  const socket = { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' };
  const response = await app.request('/', { headers }, peer === null ? {} : { incoming: { socket } });
  return response.text();
}

describe('the client of a request', () => {
  it.each<[string, string | null, string | null, string[], boolean, string]>([
    ['is whoever connects', '203.0.113.7', null, [], false, '203.0.113.7'],
    ['whatever it claims', '203.0.113.7', '198.51.100.1', [], false, '203.0.113.7'],
    ['and whoever else is trusted', '203.0.113.7', '198.51.100.1', ['10.0.0.0/8'], false, '203.0.113.7'],
    ['is whom a proxy of ours heard', '10.1.2.3', '198.51.100.1', ['10.0.0.0/8'], false, '198.51.100.1'],
    ['not what that one claims', '10.1.2.3', '192.0.2.1, 198.51.100.1', ['10.0.0.0/8'], false, '198.51.100.1'],
    ['through several of them', '10.1.2.3', '198.51.100.1, 10.9.9.9', ['10.0.0.0/8'], false, '198.51.100.1'],
    ['over an IPv6 socket', '::ffff:10.1.2.3', '198.51.100.1', ['10.1.2.3'], false, '198.51.100.1'],
    ['or the proxy, when it says nothing', '10.1.2.3', null, ['10.0.0.0/8'], false, '10.1.2.3'],
    ['or nonsense', '10.1.2.3', 'x', ['10.0.0.0/8'], false, '10.1.2.3'],
    ['is whom the platform’s front end heard', '169.254.1.1', '192.0.2.1, 198.51.100.1', [], true, '198.51.100.1'],
    ['is a whole network in IPv6', '2001:db8:1:2:3:4:5:6', null, [], false, '2001:db8:1:2'],
    ['also when it is written short', '2001:db8::5', null, [], false, '2001:db8:0:0'],
    ['is nobody without a socket', null, '198.51.100.1', [], true, 'unknown'],
  ])('%s', async (_name, peer, forwarded, trusted, isFronted, expected) => {
    expect(await client(peer, forwarded, trusted, isFronted)).toBe(expected);
  });
});
