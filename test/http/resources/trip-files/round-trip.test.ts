/** A report of ours, in the layout `plain`, makes the same trips in another logbook: in both languages, in km and miles. */

import { expect, it } from 'vitest';
import { JAN, PIET } from '../../../support/app.ts';
import { HOUR } from '../logbook.ts';
import { openImports } from './asking.ts';

const TRIPS = [
  {
    started_at: '2026-02-03T08:00:00Z',
    ended_at: '2026-02-03T08:40:12Z',
    distance_km: 20.561,
    from: { lat: 52.08931, lng: 5.1101, address: 'Dorpsstraat 1, "Utrecht"' },
    to: { address: 'Łódź; 🚗' },
    trip_type: 'M',
    business_km: 8.061,
    purpose: '=klant',
    notes: 'eerste\ntweede',
  },
  {
    started_at: '2026-02-03T23:50:00Z',
    ended_at: '2026-02-04T00:20:00Z',
    time_zone: 'America/New_York',
    start_odometer_km: 48_000,
    end_odometer_km: 48_031.5,
    trip_type: 'B',
    commute: true,
    business_partner: 'Klant BV',
    route_note: 'omweg',
    detour_km: 3.5,
  },
  { started_at: '2026-02-05T08:00:00Z', ended_at: '2026-02-05T08:10:00Z', distance_km: 1.234, trip_type: 'P' },
];

const SAME = [
  'started_at',
  'ended_at',
  'time_zone',
  'from',
  'to',
  'distance_km',
  'start_odometer_km',
  'end_odometer_km',
  'trip_type',
  'business_km',
  'private_km',
  'commute',
  'purpose',
  'business_partner',
  'route_note',
  'detour_km',
  'notes',
] as const;

type Said = Readonly<Record<string, unknown>>;
const said = (trip: Said): Said => Object.fromEntries(SAME.map((name) => [name, trip[name]]));

/** Three decimals of a mile are more than a metre. */
const rounded = (trip: Said): Said =>
  Object.fromEntries(
    Object.entries(trip).map(([name, one]) => [name, typeof one === 'number' ? Math.round(one * 100) / 100 : one]),
  );

it.each([
  ['nl', 'km'],
  ['en', 'km'],
  ['en', 'mi'],
])('in %s and %s', async (language, unit) => {
  const { ask, get, golf, clock } = await openImports();
  await ask(JAN, 'PATCH', '/settings', { language, distance_unit: unit });
  for (const trip of TRIPS) expect((await ask(JAN, 'POST', '/trips', { ...trip, car_id: golf })).status).toBe(201);
  clock.advance(HOUR);
  const csv = (await get('/reports/trips?format=csv&layout=plain')).text;
  const piets = (await ask(PIET, 'POST', '/cars', { name: 'Golf' })).body.id;
  const answer = await ask(PIET, 'POST', '/import', { csv });
  expect(answer.body).toMatchObject({ format: 'own', recognised: true, counts: { rows: 3, added: 3 } });
  const theirs = (await get('/trips', PIET)).body.trips;
  const [made, own] = [theirs, (await get('/trips')).body.trips].map((trips) => trips.map(said));
  if (unit === 'km') expect(made).toEqual(own);
  else expect(made.map(rounded)).toEqual(own.map(rounded));
  expect(theirs.every((trip: { car_id: string }) => trip.car_id === piets)).toBe(true);
  expect((await ask(JAN, 'POST', '/import', { csv })).body.counts).toMatchObject({ added: 0, duplicate: 3 });
});
