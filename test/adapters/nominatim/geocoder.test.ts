/** What a Nominatim-compatible service is asked, and what its answers mean, its errors included. */

import { describe, expect, it, test } from 'vitest';
import { nominatimGeocoder } from '../../../src/adapters/nominatim/geocoder.ts';
import { webWith } from '../../../src/adapters/system/web.ts';
import { VirtualClock } from '../../support/clock.ts';
import { BLOCKED_PAGE, reversed, STATION, webService, type Said } from '../../support/web-service.ts';

const clock = new VirtualClock('2026-03-02T07:00:00Z');
const HERE = { lat: 52.15360004, lng: 5.3745 };
const never = new AbortController().signal;

async function geocoder(said: Said) {
  const service = await webService(() => said);
  const base = `${service.base}/nominatim`;
  return { ...service, geocoder: nominatimGeocoder(base, webWith({ userAgent: 'test/1', limitMs: 2_000 }), clock) };
}

async function addressOf(address: object, more: object = {}) {
  const { geocoder: asked } = await geocoder({ body: reversed(address, more) });
  return asked.reverse(HERE, 'nl', never);
}

describe('the address of a place', () => {
  it('is asked for to the building, in the language of the user', async () => {
    const { geocoder: asked, asked: calls } = await geocoder({ body: reversed(STATION) });
    expect(await asked.reverse(HERE, 'nl', never)).toEqual({ ok: true, value: 'Stationsplein 12, Amersfoort' });
    const [{ path = '', query = new URLSearchParams() } = {}] = calls;
    expect(path).toBe('/nominatim/reverse');
    expect(Object.fromEntries(query)).toEqual({
      format: 'jsonv2',
      lat: '52.153600',
      lon: '5.374500',
      zoom: '18',
      addressdetails: '1',
      'accept-language': 'nl',
    });
  });

  it.each<[string, object, object, string | null]>([
    ['a village', { road: 'Dorpsstraat', house_number: '1a', village: 'Renswoude' }, {}, 'Dorpsstraat 1a, Renswoude'],
    [
      'a city before its parts',
      { house_number: '135', road: 'Pilkington Avenue', village: 'Wylde Green', city: 'Birmingham' },
      {},
      'Pilkington Avenue 135, Birmingham',
    ],
    ['a motorway', { road: 'Autopista 9', state_district: 'Malvinas', state: 'BA' }, {}, 'Autopista 9, Malvinas'],
    [
      'a place with a name',
      { amenity: 'Efteling', town: 'Kaatsheuvel' },
      { name: 'Efteling' },
      'Efteling, Kaatsheuvel',
    ],
    ['a town alone', { town: 'Soest' }, { name: 'Soest' }, 'Soest'],
    ['a pedestrian square', { pedestrian: 'Dam', house_number: '1', city: 'Amsterdam' }, {}, 'Dam 1, Amsterdam'],
    ['odd characters', { road: 'A\u0000\nB\ud800', city: 'C' }, {}, 'A B, C'],
    ['parts that are no text', { road: 12, city: ['x'] }, {}, null],
    ['a country alone', { country: 'Nederland', country_code: 'nl' }, {}, null],
  ])('is short: %s', async (_, address, more, expected) => {
    expect(await addressOf(address, more)).toEqual({ ok: true, value: expected });
  });

  it('is never long', async () => {
    const answer = await addressOf({ road: '🚗'.repeat(300), city: 'x'.repeat(300) });
    const { value = '' } = answer.ok ? answer : {};
    expect(value?.length).toBeLessThanOrEqual(200);
    expect(value?.isWellFormed()).toBe(true);
  });

  it.each([200, 404])('is none where the service knows nothing (status %i)', async (status) => {
    const { geocoder: asked } = await geocoder({ status, body: { error: 'Unable to geocode' } });
    expect(await asked.reverse(HERE, 'en', never)).toEqual({ ok: true, value: null });
  });
});

describe('a failure', () => {
  const cases: [string, Said, object][] = [
    ['is passing', { status: 503, body: 'busy' }, { code: 'transient', retryAt: null }],
    [
      'says when to come back',
      { status: 429, headers: { 'retry-after': '120' }, body: '<html>Bandwidth limit exceeded</html>' },
      { code: 'rate_limited', retryAt: Date.parse('2026-03-02T07:02:00Z') },
    ],
    ['means we are not wanted', { status: 403, body: BLOCKED_PAGE }, { code: 'refused' }],
    ['is a wrong address', { status: 404, body: '<html>' }, { code: 'protocol' }],
    ['is a redirect', { status: 301, headers: { location: 'https://a.example/' } }, { code: 'protocol' }],
    ['is broken JSON', { body: '{"address": ' }, { code: 'protocol' }],
    ['is another service', { body: { features: [] } }, { code: 'protocol' }],
    ['is told in JSON', { body: { error: { code: 400, message: 'Bad' } } }, { code: 'protocol' }],
    ['is an empty answer', { body: 'null' }, { code: 'protocol' }],
  ];
  it.each(cases)('%s', async (_, said, failure) => {
    const { geocoder: asked } = await geocoder(said);
    expect(await asked.reverse(HERE, 'nl', never)).toMatchObject({ ok: false, failure });
    expect(await asked.search('Dam 1', 'nl', null, never)).toMatchObject({ ok: false, failure });
  });

  it('never repeats where somebody was', async () => {
    const { geocoder: asked } = await geocoder({ status: 500 });
    const answer = await asked.reverse(HERE, 'nl', never);
    expect(JSON.stringify(answer)).not.toMatch(/52\.15|5\.37|127\.0/);
  });
});

describe('a search', () => {
  const found = [
    { ...reversed(STATION), name: 'Amersfoort Centraal' },
    reversed(STATION),
    { ...reversed(STATION), lat: 'north' },
    { ...reversed(STATION), lon: '181' },
    { lat: '52', lon: '5' },
    null,
  ];

  it('answers the places that are whole, the best first', async () => {
    const { geocoder: asked, asked: calls } = await geocoder({ body: found });
    const at = { address: 'Stationsplein 12, Amersfoort', lat: 52.1536, lng: 5.3745 };
    expect(await asked.search('station & co', 'en', { lat: 52, lng: 5 }, never)).toEqual({
      ok: true,
      value: [
        { name: 'Amersfoort Centraal', ...at },
        { name: at.address, ...at },
      ],
    });
    expect(Object.fromEntries(calls[0]?.query ?? [])).toEqual({
      q: 'station & co',
      format: 'jsonv2',
      addressdetails: '1',
      limit: '10',
      'accept-language': 'en',
      viewbox: '4.50,52.50,5.50,51.50',
      bounded: '0',
    });
  });

  test('that finds nothing is no failure', async () => {
    const { geocoder: asked } = await geocoder({ body: [] });
    expect(await asked.search('nowhere', 'en', null, never)).toEqual({ ok: true, value: [] });
  });
});
