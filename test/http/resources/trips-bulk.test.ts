import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import type { Trip } from '../../../src/domain/trips.ts';
import { DAY, fieldsOf, HOUR, NOW, openLogbook, type Answer, type Logbook } from './logbook.ts';

interface Desk extends Logbook {
  bulk(body: unknown, query?: string): Promise<Answer>;
  trips(): Promise<Answer['body'][]>;
  undo(id: string): Promise<Answer>;
  stored(): Record<string, unknown>;
}

function openDesk(): Desk {
  const logbook = openLogbook();
  return {
    ...logbook,
    bulk: (body, query = '') => logbook.ask(JAN, 'POST', `/trips/bulk${query}`, body),
    trips: async () => (await logbook.get('/trips?limit=200')).body.trips,
    undo: (id) => logbook.ask(JAN, 'POST', `/activity/${id}/undo`),
    stored: () => withoutTimes(dump(logbook.storePath, JAN)),
  };
}

/** What is stored of trips and totals, but for when it was written or decided. */
function withoutTimes(all: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(all).filter(([name]) => !/^(activity|part|memory|user)\//.test(name));
  const text = JSON.stringify(Object.fromEntries(kept), (name, value: unknown) => (name === 'updatedAt' ? 0 : value));
  return JSON.parse(text);
}

/** One a day, newest first. */
function someTrips(count: number, parts: (i: number) => Partial<Trip> = () => ({})): Trip[] {
  return Array.from({ length: count }, (_, i) =>
    tripOf({ startedAt: NOW - (i + 1) * DAY, distanceMetres: 1_000 * (i + 1), ...parts(i) }),
  );
}

describe('POST /trips/bulk', () => {
  it('changes the trips that are named, and says how', async () => {
    const { bulk, book, trips, get } = openDesk();
    const [a, b, c] = someTrips(3);
    await book(a!, b!, c!);
    const answer = await bulk({ ids: [a!.id, c!.id, a!.id], set: { trip_type: 'P', purpose: 'Boodschappen' } });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ changed: 2, unchanged: 0, refused_count: 0, refused: [] });
    expect(answer.body.totals).toEqual({
      before: { trips: 2, total_km: 4, business_km: 4, private_km: 0 },
      after: { trips: 2, total_km: 4, business_km: 0, private_km: 4 },
    });
    expect(answer.body.trips[0]).toEqual({
      id: a!.id,
      date: '2026-03-09',
      start_time: '13:00',
      before: {
        trip_type: 'B',
        business_km: 1,
        private_km: 0,
        classified_by: 'default',
        needs_review: true,
        review_reasons: ['no_rule_matched'],
        purpose: null,
      },
      after: {
        trip_type: 'P',
        business_km: 0,
        private_km: 1,
        classified_by: 'user',
        needs_review: false,
        review_reasons: [],
        purpose: 'Boodschappen',
      },
    });
    expect((await trips()).map(({ trip_type: type }) => type)).toEqual(['P', 'B', 'P']);
    expect((await get('/stats')).body).toMatchObject({ total_km: 6, business_km: 2, private_km: 4 });
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({ id: answer.body.activity_id, cause: 'bulk', kind: 'changed', count: 2 });
  });

  it('changes whatever a filter finds, also when it is found no more then', async () => {
    const { bulk, book, trips } = openDesk();
    await book(...someTrips(130, (i) => ({ type: i % 2 === 0 ? 'P' : 'B' })));
    const answer = await bulk({ filter: { trip_type: 'P', needs_review: true }, set: { trip_type: 'B' } });
    expect(answer.body).toMatchObject({ changed: 65, unchanged: 0 });
    expect((await trips()).every(({ trip_type: type }) => type === 'B')).toBe(true);
  });

  it.each([
    [{ from: '2026-03-08', to: '2026-03-09' }, 2],
    [{ year: 2026, month: 2 }, 3],
    [{ year: 2025 }, 0],
    [{ needs_review: false }, 1],
    [{ car_id: 'car_golf' }, 3],
    [{ car_id: 'car_golf', trip_type: 'P' }, 1],
    [{ q: 'klant zuid' }, 4],
    [{}, 12],
  ])('takes %j as GET /trips does', async (filter, count) => {
    const { bulk, book } = openDesk();
    const own = someTrips(12, (i) => ({
      carId: i < 3 ? 'car_golf' : null,
      type: i === 2 ? 'P' : 'B',
      notes: i > 7 ? 'Klant Zuid' : null,
      ...(i === 5 && { needsReview: false, reviewReasons: [] }),
    }));
    await book(...own);
    expect((await bulk({ filter, set: { business_partner: 'De Vries' } })).body.changed).toBe(count);
  });

  it('splits each mixed trip by its own distance, and goes on to do so', async () => {
    const { ask, bulk, book, trips } = openDesk();
    await book(
      ...someTrips(3),
      tripOf({ type: 'M', classifiedBy: 'user', distanceMetres: 7_777, setByUser: ['business_km', 'trip_type'] }),
    );
    const answer = await bulk({ filter: {}, set: { trip_type: 'M', business_share: 0.2 } });
    expect(answer.body).toMatchObject({ changed: 4, refused_count: 0 });
    for (const trip of await trips()) {
      expect(trip.business_km + trip.private_km).toBeCloseTo(trip.distance_km, 6);
      expect(trip.business_km).toBeCloseTo(trip.distance_km * 0.2, 3);
    }
    const [{ id }] = await trips();
    expect((await ask(JAN, 'PATCH', `/trips/${id}`, { distance_km: 100 })).body.business_km).toBeCloseTo(20, 2);
  });

  it('writes nothing on trial, and answers the same', async () => {
    const { ask, bulk, book, storePath } = openDesk();
    await book(...someTrips(120));
    await ask(JAN, 'POST', '/months/2026-02/close');
    const before = dump(storePath, JAN);
    const body = { filter: {}, set: { trip_type: 'P', commute: true } };
    const trial = await bulk(body, '?dry_run=true');
    expect(dump(storePath, JAN)).toEqual(before);
    expect(trial.body).toMatchObject({ changed: 92, refused_count: 28, activity_id: null });
    const done = await bulk(body);
    expect({ ...done.body, activity_id: null }).toEqual(trial.body);
    expect(done.body.activity_id).toMatch(/^act_/);
  });

  it('is undone as one, and done again as one', async () => {
    const { bulk, book, undo, stored } = openDesk();
    await book(...someTrips(130));
    const before = stored();
    const { body } = await bulk({ filter: {}, set: { trip_type: 'M', purpose: 'x', car_id: null } });
    const after = stored();
    const undone = await undo(body.activity_id);
    expect(undone.body.count).toBe(130);
    expect(stored()).toEqual(before);
    expect((await undo(undone.body.id)).status).toBe(200);
    expect(stored()).toEqual(after);
  });

  it('leaves alone and names what it must not change', async () => {
    const { ask, bulk, book, trips } = openDesk();
    const open = tripOf({ startedAt: NOW - DAY });
    const closed = tripOf({ startedAt: NOW - 20 * DAY });
    await book(closed, open);
    expect((await ask(JAN, 'POST', '/months/2026-02/close')).status).toBe(200);
    const { body } = await bulk({ ids: [closed.id, open.id], set: { trip_type: 'P' } });
    expect(body).toMatchObject({ changed: 1, unchanged: 0, refused_count: 1 });
    expect(body.refused).toMatchObject([{ id: closed.id, code: 'month_closed', errors: [] }]);
    expect(body.refused[0].detail).toContain('closed');
    expect((await trips()).map(({ trip_type: type }) => type)).toEqual(['P', 'B']);
  });

  it('counts what says so already as unchanged', async () => {
    const { bulk, book } = openDesk();
    await book(...someTrips(3));
    const body = { filter: {}, set: { trip_type: 'P' } };
    expect((await bulk(body)).body).toMatchObject({ changed: 3, unchanged: 0 });
    const again = await bulk(body);
    expect(again.body).toMatchObject({ changed: 0, unchanged: 3, activity_id: null, trips: [] });
  });

  it('shows the first 200 and counts all', async () => {
    const { bulk, book } = openDesk();
    await book(...someTrips(210));
    const { body } = await bulk({ filter: {}, set: { trip_type: 'P' } }, '?dry_run=true');
    expect(body.changed).toBe(210);
    expect(body.trips).toHaveLength(200);
    expect(body.totals.before.trips).toBe(210);
  });

  it.each([
    [{ set: { trip_type: 'P' } }, ['ids']],
    [{ ids: ['trip_1'], filter: {}, set: { trip_type: 'P' } }, ['ids']],
    [{ ids: [], set: { trip_type: 'P' } }, ['ids']],
    [{ ids: Array.from({ length: 1_001 }, (_, i) => `trip_${i}`), set: { trip_type: 'P' } }, ['ids']],
    [{ ids: ['trip_1', 'a/b'], set: { trip_type: 'P' } }, ['ids.1']],
    [{ filter: {} }, ['set']],
    [{ filter: {}, set: {} }, ['set']],
    [{ filter: {}, set: { distance_km: 3 } }, ['set.distance_km', 'set']],
    [{ filter: {}, set: { trip_type: 'X' } }, ['set.trip_type']],
    [{ filter: {}, set: { trip_type: 'M', business_share: 1.1 } }, ['set.business_share']],
    [{ filter: {}, set: { trip_type: 'P', business_share: 0.5 } }, ['set.business_share']],
    [{ filter: {}, set: { business_share: 0.5 } }, ['set.business_share']],
    [{ filter: {}, set: { commute: 'yes' } }, ['set.commute']],
    [{ filter: { month: 3 }, set: { trip_type: 'P' } }, ['filter.month']],
    [{ filter: { year: '2026' }, set: { trip_type: 'P' } }, ['filter.year']],
    [{ filter: { from: '2026-13-01' }, set: { trip_type: 'P' } }, ['filter.from']],
    [{ filter: { limit: 3 }, set: { trip_type: 'P' } }, ['filter.limit']],
    [{ filter: null, set: { trip_type: 'P' } }, ['filter']],
    [{ filter: {}, set: { trip_type: 'P' }, all: true }, ['all']],
  ])('answers 400 to %j', async (body, fields) => {
    const { bulk, book, trips } = openDesk();
    await book(tripOf());
    const answer = await bulk(body);
    expect(answer.status).toBe(400);
    expect(fieldsOf(answer)).toEqual(fields);
    expect((await trips())[0].trip_type).toBe('B');
  });

  it('answers 422 to trips and cars that are not one’s own, and changes nothing', async () => {
    const { ask, bulk, book, bookFor, trips } = openDesk();
    const [own, other] = [tripOf(), tripOf()];
    await book(own);
    await bookFor(PIET, other);
    const named = await bulk({ ids: [own.id, other.id, own.id, 'trip_x'], set: { trip_type: 'P' } });
    expect(named.status).toBe(422);
    expect(fieldsOf(named)).toEqual(['ids.1', 'ids.3']);
    const { body: car } = await ask(PIET, 'POST', '/cars', { name: 'Kever' });
    const driven = await bulk({ ids: [own.id], set: { car_id: car.id } });
    expect(driven.status).toBe(422);
    expect(fieldsOf(driven)).toEqual(['set.car_id']);
    expect((await trips())[0].trip_type).toBe('B');
  });
});

describe('a car given to many trips', () => {
  const at = (time: string) => Date.parse(`2026-03-09T${time}:00Z`);
  const drive = (from: string, to: string, carId: string | null) =>
    tripOf({ carId, startedAt: at(from), endedAt: at(to) });

  async function openGarage() {
    const desk = openDesk();
    const carOf = async (name: string): Promise<string> => (await desk.ask(JAN, 'POST', '/cars', { name })).body.id;
    return { ...desk, golf: await carOf('Golf'), polo: await carOf('Polo') };
  }

  it('is refused where it drives another one then', async () => {
    const { bulk, book, golf, polo, trips } = await openGarage();
    const there = drive('08:00', '09:00', golf);
    const beside = drive('08:30', '09:30', polo);
    const apart = drive('10:00', '11:00', polo);
    await book(there, beside, apart);
    const { body } = await bulk({ filter: { car_id: polo }, set: { car_id: golf } });
    expect(body).toMatchObject({ changed: 1, refused_count: 1 });
    expect(body.refused[0]).toMatchObject({ id: beside.id, code: 'invalid_request', errors: [{ field: 'car_id' }] });
    expect(body.refused[0].detail).toContain(there.id);
    expect((await trips()).map(({ car_id: car }) => car)).toEqual([golf, polo, golf]);
  });

  it.each(['', '?dry_run=true'])('is refused where two of them were driven at once (%s)', async (query) => {
    const { bulk, book, golf, polo } = await openGarage();
    const many = Array.from({ length: 60 }, (_, i) => tripOf({ startedAt: NOW - (i + 9) * DAY, carId: null }));
    const first = drive('08:00', '09:00', null);
    const second = drive('08:30', '09:30', polo);
    await book(first, ...many, second);
    const ids = [first.id, ...many.map(({ id }) => id), second.id];
    const { body } = await bulk({ ids, set: { car_id: golf } }, query);
    expect(body).toMatchObject({ changed: 61, refused_count: 1, refused: [{ id: second.id }] });
  });

  it('moves together what was at once before', async () => {
    const { bulk, book, golf, polo } = await openGarage();
    await book(drive('08:00', '09:00', polo), drive('08:30', '09:30', polo));
    expect((await bulk({ filter: {}, set: { car_id: golf } })).body).toMatchObject({ changed: 2, refused_count: 0 });
  });

  it('is decided: no late event gives a drive another one', async () => {
    const { ask, bulk, clock, deps, golf, polo } = await openGarage();
    await ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 4, car_id: polo });
    clock.advance(HOUR);
    const { trip_id: id } = (await ask(JAN, 'POST', '/webhook/end', { lat: 52.2, lng: 4, car_id: polo })).body;
    await bulk({ ids: [id], set: { trip_type: 'P' } });
    const decided = async () => (await deps.store.forUser(JAN).get('memory', 'memory'))?.memory.settled[id]?.measures;
    expect(await decided()).toBe(false);
    await bulk({ ids: [id], set: { car_id: golf } });
    expect(await decided()).toBe(true);
  });

  it('takes the odometers of the other car along, and classifies what nobody classified', async () => {
    const { ask, bulk, book, golf, polo, undo, stored } = await openGarage();
    const rule = { when: { car_id: golf }, trip_type: 'P' };
    await ask(JAN, 'PUT', '/rules', { rules: [rule] });
    const odometers = {
      startOdometerMetres: 1_000_000,
      endOdometerMetres: 1_012_345,
      distanceSource: 'odometer',
    } as const;
    await book(tripOf({ carId: polo, ...odometers }));
    const before = stored();
    const { body } = await bulk({ filter: {}, set: { car_id: golf } });
    expect(body.trips[0].after).toMatchObject({
      car_id: golf,
      start_odometer_km: null,
      end_odometer_km: null,
      distance_source: 'manual',
      trip_type: 'P',
      business_km: 0,
    });
    await undo(body.activity_id);
    expect(stored()).toEqual(before);
  });
});

describe('sequences of edits of many trips', () => {
  const set = fc.record(
    {
      trip_type: fc.constantFrom('B', 'P', 'M'),
      purpose: fc.constantFrom('a', null),
      commute: fc.boolean(),
      notes: fc.constantFrom('n', null),
    },
    { requiredKeys: ['trip_type'] },
  );
  const filter = fc.record(
    { trip_type: fc.constantFrom('B', 'P', 'M'), month: fc.constantFrom(2, 3), year: fc.constant(2026) },
    { requiredKeys: ['year'] },
  );

  it('keep totals the sum over the trips, and undo takes each back exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ filter, set }), { minLength: 1, maxLength: 4 }), async (acts) => {
        const { bulk, book, get, trips, undo, stored } = openDesk();
        await book(...someTrips(60));
        const seen: { id: string | null; before: Record<string, unknown> }[] = [];
        for (const act of acts) {
          const before = stored();
          seen.push({ id: (await bulk(act)).body.activity_id, before });
          const all = await trips();
          const { body: stats } = await get('/stats');
          const sum = (name: string) => all.reduce((total, trip) => total + Math.round(trip[name] * 1_000), 0) / 1_000;
          expect(stats).toMatchObject({
            trip_count: all.length,
            total_km: sum('distance_km'),
            business_km: sum('business_km'),
            private_km: sum('private_km'),
          });
        }
        for (const { id, before } of seen.toReversed()) {
          if (id !== null) expect((await undo(id)).status).toBe(200);
          expect(stored()).toEqual(before);
        }
      }),
      { numRuns: 8 },
    );
  });
});
