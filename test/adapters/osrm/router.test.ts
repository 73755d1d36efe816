/** What an OSRM-compatible service is asked, and what its answers mean, its errors included. */

import { expect, test } from 'vitest';
import { osrmRouter } from '../../../src/adapters/osrm/router.ts';
import { webWith } from '../../../src/adapters/system/web.ts';
import { VirtualClock } from '../../support/clock.ts';
import { routed, webService, type Said } from '../../support/web-service.ts';

const clock = new VirtualClock('2026-03-02T07:00:00Z');
const WAY = [
  { lat: 52.0893, lng: 5.1101 },
  { lat: 52.1063, lng: 5.2512 },
  { lat: 52.1536, lng: 5.3745 },
];

async function route(said: Said) {
  const service = await webService(() => said);
  const router = osrmRouter(service.base, webWith({ userAgent: 'test/1', limitMs: 2_000 }), clock);
  return { answer: await router.route(WAY, new AbortController().signal), asked: service.asked };
}

test('a route is asked for along all positions, longitude first, without its shape', async () => {
  const { answer, asked } = await route({ body: routed(24_316.7) });
  expect(answer).toEqual({ ok: true, value: 24_317 });
  expect(asked[0]?.path).toBe('/route/v1/driving/5.110100,52.089300;5.251200,52.106300;5.374500,52.153600');
  expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({
    overview: 'false',
    steps: 'false',
    alternatives: 'false',
  });
});

test.each(['NoRoute', 'NoSegment', 'TooBig', 'InvalidValue'])('%s: there is no way', async (code) => {
  const { answer } = await route({ status: 400, body: { code, message: 'Impossible route between points' } });
  expect(answer).toEqual({ ok: true, value: null });
});

const FAILURES: [string, Said, object][] = [
  [
    'our query is wrong',
    { status: 400, body: { code: 'InvalidQuery', message: 'Query string malformed' } },
    { code: 'protocol' },
  ],
  ['it is too much', { status: 429, body: { message: 'Too Many Requests' } }, { code: 'rate_limited', retryAt: null }],
  [
    'it is too much until then',
    { status: 429, headers: { 'retry-after': 'Mon, 02 Mar 2026 07:10:00 GMT' }, body: '' },
    { code: 'rate_limited', retryAt: Date.parse('2026-03-02T07:10:00Z') },
  ],
  ['it is down', { status: 502, body: '<html>Bad gateway</html>' }, { code: 'transient' }],
  ['it does not want us', { status: 403, body: '<html>' }, { code: 'refused' }],
  ['it is broken', { body: '{"code":"Ok","routes":[{' }, { code: 'protocol' }],
  ['it has no route', { body: { code: 'Ok', routes: [] } }, { code: 'protocol' }],
  ['its length is no number', { body: { code: 'Ok', routes: [{ distance: '24 km' }] } }, { code: 'protocol' }],
  ['its length is below nothing', { body: routed(-1) }, { code: 'protocol' }],
  ['it is another service', { body: { trip: {} } }, { code: 'protocol' }],
];

test.each(FAILURES)('a failure: %s', async (_, said, failure) => {
  const { answer } = await route(said);
  expect(answer).toMatchObject({ ok: false, failure });
  expect(JSON.stringify(answer)).not.toMatch(/52\.0|5\.11|127\.0/);
});
