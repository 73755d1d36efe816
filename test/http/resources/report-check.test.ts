import { expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import type { Trip } from '../../../src/domain/trips.ts';
import { GOLF, openBook, TRIPS } from '../reports/book.ts';
import { DAY, fieldsOf, HOUR, NOW } from './logbook.ts';

const PLACE = { lat: 52, lng: 5, address: 'Dorpsstraat 1', locationId: null };

/** Nothing is wrong with it; one a day, behind one another on the odometer. */
function sound(nth: number, parts: Partial<Trip> = {}): Trip {
  return tripOf({
    id: `t${nth}`,
    carId: GOLF.id,
    startedAt: NOW - (9 - nth) * DAY,
    from: PLACE,
    to: PLACE,
    distanceMetres: 10_000,
    startOdometerMetres: nth * 10_000,
    endOdometerMetres: (nth + 1) * 10_000,
    purpose: 'visit',
    classifiedBy: 'user',
    needsReview: false,
    reviewReasons: [],
    ...parts,
  });
}

async function checked(trips: readonly Trip[], query = 'lang=en') {
  const logbook = await openBook(trips);
  return (await logbook.get(`/reports/check?${query}`)).body;
}

const kinds = (body: { problems: { kind: string }[] }) => body.problems.map(({ kind }) => kind);

it('finds nothing in a sound logbook', async () => {
  expect(await checked([sound(1), sound(2), sound(3)])).toEqual({
    ok: true,
    checked: 3,
    total: 0,
    counts: {},
    problems: [],
    next_cursor: null,
  });
});

it.each<[string, Partial<Trip>, string]>([
  [
    'unclassified',
    { startedAt: NOW - 8 * DAY, needsReview: true, reviewReasons: ['no_rule_matched'] },
    'nobody said within 7 days whether it was business or private.',
  ],
  ['needs_review', { needsReview: true, reviewReasons: ['stale'] }, 'it still wants to be reviewed (stale).'],
  ['no_purpose', { purpose: null }, 'it is business and has no purpose.'],
  ['no_address', { to: null }, 'the address is missing at the end.'],
  ['no_address', { from: { ...PLACE, address: null }, to: null }, 'the address is missing at the start and end.'],
  ['no_odometer', { endOdometerMetres: null }, 'the odometer is missing at the end.'],
  ['unknown_distance', { distanceSource: 'unknown' }, 'its distance is unknown.'],
  ['estimated_distance', { distanceSource: 'straight_line' }, 'its distance is estimated.'],
  ['reconstructed', { reconstructed: true }, 'it was not recorded but reconstructed afterwards.'],
  ['detour_without_route', { detourMetres: 2_500 }, 'it has a detour of 2.5 km and no word about the route.'],
])('names %s', async (kind, parts, sentence) => {
  const body = await checked([sound(2, parts)]);
  expect(kinds(body)).toEqual([kind]);
  expect(body.problems[0]).toMatchObject({ trip_id: 't2', car_id: GOLF.id, month: null, link: '/trips/t2' });
  expect(body.problems[0].detail).toMatch(/^Trip of 2026-03-0\d \d\d:\d\d: /);
  expect(body.problems[0].detail.endsWith(`: ${sentence}`)).toBe(true);
});

it('leaves alone what is not wrong yet, or not wrong at all', async () => {
  const fresh = { startedAt: NOW - 2 * DAY, needsReview: true, reviewReasons: ['no_rule_matched'] } as const;
  expect(kinds(await checked([sound(7, fresh)]))).toEqual([]);
  expect(kinds(await checked([sound(7, { purpose: null, commute: true })]))).toEqual([]);
  expect(kinds(await checked([sound(7, { purpose: null, type: 'P', businessMetres: 0 })]))).toEqual([]);
});

it('names a trip without a car', async () => {
  expect(kinds(await checked([sound(2, { carId: null })]))).toEqual(['no_car']);
});

it('names trips one car cannot both have driven', async () => {
  const later = { startedAt: sound(2).startedAt + 5 * 60_000, startOdometerMetres: 30_000, endOdometerMetres: 40_000 };
  const body = await checked([sound(2), sound(3, later)]);
  const [overlap] = body.problems;
  expect(kinds(body)).toEqual(['overlap']);
  expect(overlap).toMatchObject({ trip_id: 't3', detail: expect.stringContaining('2026-03-03 13:00') });
});

it('names gaps of the odometer both ways, in Dutch as well', async () => {
  const body = await checked(
    [sound(1), sound(2, { startOdometerMetres: 25_000, endOdometerMetres: 35_000 }), sound(3)],
    'lang=nl',
  );
  expect(body.problems.map(({ kind, detail, link }: Record<string, string>) => [kind, detail, link])).toEqual([
    [
      'odometer_gap',
      'Golf, 02-03-2026 – 03-03-2026: de kilometerteller telt 5 km die in geen rit staat.',
      '/odometer/compare?car_id=car_golf',
    ],
    [
      'odometer_overlap',
      'Golf, 03-03-2026 – 04-03-2026: de ritten tellen 5 km die de kilometerteller niet kent.',
      '/odometer/compare?car_id=car_golf',
    ],
  ]);
});

it('names months that are over and open, and cars that nobody could tell', async () => {
  const { problems, counts } = await checked(TRIPS, 'lang=en&year=2026');
  expect(problems.filter(({ kind }: { kind: string }) => kind === 'month_open')).toEqual([
    {
      kind: 'month_open',
      trip_id: null,
      car_id: null,
      month: '2026-01',
      detail: '2026-01: the month is over and not closed.',
      link: '/months/2026-01/close',
    },
    expect.objectContaining({ month: '2026-02' }),
  ]);
  expect(problems).toContainEqual({
    kind: 'car_incomplete',
    trip_id: null,
    car_id: 'car_polo',
    month: null,
    detail: '+Polo: missing: licence plate and make and model.',
    link: '/cars/car_polo',
  });
  expect(counts).toMatchObject({ month_open: 2, car_incomplete: 1, odometer_gap: 1, no_car: 1 });
});

it('lists the first thousand, and counts all', async () => {
  const bare = Array.from({ length: 400 }, (_, i) => tripOf({ id: `t${i}`, startedAt: NOW - 9 * DAY - i * HOUR }));
  const { problems, total, checked: seen } = await checked(bare, 'year=2026');
  expect([problems.length, total, seen]).toEqual([1_000, expect.any(Number), 400]);
  expect(total).toBeGreaterThan(1_900);
});

it('looks at one car, at a period, at nobody else’s, and names what is wrong with the question', async () => {
  const logbook = await openBook();
  const golf = (await logbook.get('/reports/check?car_id=car_golf&year=2026')).body;
  expect(golf.checked).toBe(3);
  expect((await logbook.get('/reports/check?year=2024')).body).toMatchObject({ ok: true, checked: 0 });
  expect((await logbook.get('/reports/check?year=2026', PIET)).body).toMatchObject({ ok: true, checked: 0 });
  expect((await logbook.get('/reports/check?car_id=car_golf', PIET)).status).toBe(404);
  expect(fieldsOf(await logbook.ask(JAN, 'GET', '/reports/check?lang=fr'))).toEqual(['lang']);
});
