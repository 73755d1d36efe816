/** `/places`: an address is found when somebody asks for it, and nobody's failure looks like ours. */

import { describe, expect, it, test } from 'vitest';
import { VirtualClock } from '../../support/clock.ts';
import { localServices, type Local } from '../../support/looking.ts';
import { BLOCKED_PAGE, reversed, STATION, type Said } from '../../support/web-service.ts';
import { fieldsOf, NOW, openLogbook, type Logbook } from './logbook.ts';
import { JAN } from '../../support/app.ts';

async function withPlaces(): Promise<Logbook & Local> {
  const clock = new VirtualClock(NOW);
  const local = await localServices(clock);
  const found = { ...reversed(STATION), name: 'Amersfoort Centraal' };
  local.geocoder.answer = () => ({ body: [found] });
  const logbook = openLogbook({ services: { ...local.services, wait: async (ms) => logbook.clock.advance(ms) } });
  return { ...logbook, ...local };
}

test('what is found is told in the list’s usual shape', async () => {
  const { get, geocoder } = await withPlaces();
  const { status, body } = await get('/places?q=amersfoort+station&lat=52.1&lng=5.3');
  expect([status, body]).toEqual([
    200,
    {
      places: [{ name: 'Amersfoort Centraal', address: 'Stationsplein 12, Amersfoort', lat: 52.1536, lng: 5.3745 }],
      next_cursor: null,
    },
  ]);
  expect(geocoder.asked[0]?.query.get('q')).toBe('amersfoort station');
  expect(geocoder.asked[0]?.query.get('viewbox')).toBe('4.80,52.60,5.80,51.60');
});

test('what is not found is an empty list', async () => {
  const { get, geocoder } = await withPlaces();
  geocoder.answer = () => ({ body: [] });
  expect((await get('/places?q=xyzzy')).body).toEqual({ places: [], next_cursor: null });
});

test('it is told in the language of the user', async () => {
  const { get, ask, geocoder } = await withPlaces();
  await ask(JAN, 'PATCH', '/settings', { language: 'nl' });
  await get('/places?q=dam');
  expect(geocoder.asked[0]?.query.get('accept-language')).toBe('nl');
});

test('without a service it says what is missing', async () => {
  const { status, body } = await openLogbook().get('/places?q=dam');
  expect([status, body.code]).toEqual([503, 'not_configured']);
  expect(body.detail).toContain('GEOCODER_URL');
});

describe('a question that cannot be asked', () => {
  it.each([
    ['', ['q']],
    ['?q=', ['q']],
    ['?q=%20%20', ['q']],
    [`?q=${'x'.repeat(201)}`, ['q']],
    ['?q=a&q=b', ['q']],
    ['?q=%00', ['q']],
    ['?q=a&lat=52', ['lng']],
    ['?q=a&lng=5', ['lat']],
    ['?q=a&lat=91&lng=5', ['lat']],
    ['?q=a&lat=north&lng=5', ['lat']],
    ['?q=a&lat=52&lng=1e2', ['lng']],
    ['?q=a&limit=5', ['limit']],
  ])('%s names the field', async (query, fields) => {
    const { get, geocoder } = await withPlaces();
    const answer = await get(`/places${query}`);
    expect([answer.status, fieldsOf(answer), geocoder.asked.length]).toEqual([400, fields, 0]);
  });
});

describe('a service that does not answer as it should', () => {
  const cases: [string, Said | null][] = [
    ['is down', { status: 502, body: '<html>' }],
    ['blocks us', { status: 403, body: BLOCKED_PAGE }],
    ['has had enough', { status: 429, body: '' }],
    ['talks nonsense', { body: '[{"lat":' }],
    ['talks about something else', { body: { features: [] } }],
    ['is silent', null],
  ];
  it.each(cases)('%s: 503, try again, and nothing of it in the answer', async (_, said) => {
    const { get, geocoder } = await withPlaces();
    geocoder.answer = () => said;
    const { status, body, headers, text } = await get('/places?q=dam');
    expect([status, body.code]).toEqual([503, 'busy_try_again']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(text).not.toMatch(/html|127\.0\.0\.1/i);
  });

  test('is not asked again while it is left alone', async () => {
    const { get, geocoder } = await withPlaces();
    geocoder.answer = () => ({ status: 403, body: BLOCKED_PAGE });
    for (let nth = 0; nth < 3; nth += 1) expect((await get('/places?q=dam')).status).toBe(503);
    expect(geocoder.asked).toHaveLength(1);
  });
});

test('whoever would wait longer than five seconds is told to come back', async () => {
  const { get, deps, clock, geocoder } = await withPlaces();
  const nextAt = clock.now() + 30_000;
  const pace = { nextAt, closedUntil: 0, failures: 0, expiresAt: nextAt };
  await deps.store.system.update('service', `geocoder-${geocoder.base}`, () => pace);
  const { status, body, headers } = await get('/places?q=dam');
  expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'rate_limited', '30']);
  expect(geocoder.asked).toEqual([]);
});

test('one who types too much is told to wait, and others are not', async () => {
  const { get } = await withPlaces();
  const statuses: number[] = [];
  for (let nth = 0; nth < 21; nth += 1) statuses.push((await get('/places?q=dam')).status);
  expect(statuses).toEqual([...Array<number>(20).fill(200), 429]);
  expect((await get('/places?q=dam', 'piet@example.nl')).status).toBe(200);
});
