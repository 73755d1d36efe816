import { describe, expect, it } from 'vitest';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripsOf } from '../../support/book.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, HOUR, MINUTE, NOW, openLogbook } from './logbook.ts';

const HOME = { lat: 52, lng: 5, address: 'Dam 1', locationId: null };
const SHOP = { lat: 52.2, lng: 5.1, address: 'Markt 2', locationId: null };

/** Ended 59 h ago at 120 km; the next began 50 h ago at 155 km. */
async function withGap(...others: readonly Partial<Trip>[]) {
  const logbook = openLogbook();
  const car = (await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id as string;
  const drive = (id: string, hoursAgo: number, change: Partial<Trip>) => {
    const startedAt = NOW - hoursAgo * HOUR;
    return tripOf({ id, carId: car, startedAt, endedAt: startedAt + HOUR, ...change });
  };
  await logbook.book(
    drive('t1', 60, { startOdometerMetres: 100_000, endOdometerMetres: 120_000, distanceMetres: 20_000, to: HOME }),
    drive('t2', 50, { startOdometerMetres: 155_000, endOdometerMetres: 165_000, distanceMetres: 10_000, from: SHOP }),
    ...others.map((change, i) => drive(`o${i}`, 58, change)),
  );
  const gaps = async () => (await logbook.get('/odometer/compare')).body.cars[0].gaps;
  const fill = (body: object, id = 'gap-t1-t2') => logbook.ask(JAN, 'POST', `/odometer/gaps/${id}/fill`, body);
  return { ...logbook, car, drive, fill, gaps };
}

const at = (hoursAgo: number) => new Date(NOW - hoursAgo * HOUR).toISOString();

describe('POST /odometer/gaps/{id}/fill', () => {
  it('proposes the trip that is missing, and books nothing', async () => {
    const { car, fill, storePath } = await withGap();
    const before = dump(storePath, JAN);
    const answer = await fill({});
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      booked: false,
      activity_id: null,
      gap: { id: 'gap-t1-t2', km: 35 },
      trip: {
        id: null,
        car_id: car,
        started_at: at(59),
        ended_at: new Date(NOW - 59 * HOUR + 42 * MINUTE).toISOString(),
        from: { address: 'Dam 1' },
        to: { address: 'Markt 2' },
        distance_km: 35,
        start_odometer_km: 120,
        end_odometer_km: 155,
        distance_source: 'reconstructed',
        reconstructed: true,
        trip_type: 'P',
        needs_review: true,
        review_reasons: ['no_rule_matched', 'estimated_time'],
      },
    });
    expect(dump(storePath, JAN)).toEqual(before);
  });

  it('books it once it is confirmed: the gap is closed, and open again when that is undone', async () => {
    const { ask, deps, fill, gaps, get } = await withGap();
    const filled = await fill({ confirm: true, trip_type: 'B', purpose: 'bank' });
    expect(filled.body).toMatchObject({
      booked: true,
      trip: { trip_type: 'B', purpose: 'bank', classified_by: 'user' },
    });
    expect((await get(`/trips/${filled.body.trip.id}`)).body).toEqual(filled.body.trip);
    expect(await gaps()).toEqual([]);
    await tripsOf(deps.store.forUser(JAN));
    expect((await fill({ confirm: true })).status).toBe(404);
    const undone = await ask(JAN, 'POST', `/activity/${filled.body.activity_id}/undo`);
    expect(undone.body).toMatchObject({ cause: 'gap_fill', kind: 'deleted' });
    expect(await gaps()).toMatchObject([{ id: 'gap-t1-t2', km: 35 }]);
  });

  it('stays marked as reconstructed, whatever is edited later', async () => {
    const { ask, fill, get } = await withGap();
    const { id } = (await fill({ confirm: true })).body.trip;
    await ask(JAN, 'PATCH', `/trips/${id}`, { distance_km: 34.95, trip_type: 'B' });
    expect((await get(`/trips/${id}`)).body).toMatchObject({ reconstructed: true });
  });

  it('leaves its time to whoever knows it, within the gap', async () => {
    const { fill } = await withGap();
    const known = await fill({ started_at: at(55), ended_at: at(54) });
    expect(known.body.trip).toMatchObject({
      started_at: at(55),
      ended_at: at(54),
      review_reasons: ['no_rule_matched'],
    });
    expect((await fill({ ended_at: at(54) })).body.trip).toMatchObject({ ended_at: at(54) });
    for (const [body, field] of [
      [{ started_at: at(61) }, 'started_at'],
      [{ started_at: at(55), ended_at: at(49) }, 'ended_at'],
      [{ started_at: at(55), ended_at: at(56) }, 'started_at'],
    ] as const) {
      const wrong = await fill(body);
      expect([wrong.status, fieldsOf(wrong)]).toEqual([422, [field]]);
    }
  });

  it('counts what trips without an odometer account for, and keeps out of their time', async () => {
    const { fill, gaps } = await withGap({ distanceMetres: 30_000, businessMetres: 30_000 });
    const filled = await fill({ confirm: true });
    expect(filled.body.trip).toMatchObject({ distance_km: 5, start_odometer_km: null, started_at: at(57) });
    expect(await gaps()).toMatchObject([{ km: 35, logged_km: 35 }]);
  });

  it('has nothing to fill in where nothing is missing', async () => {
    const { fill } = await withGap({ distanceMetres: 35_000, businessMetres: 35_000 });
    const answer = await fill({ confirm: true });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['id']]);
  });

  it('is booked once, however often it is confirmed at once', async () => {
    const { fill, get } = await withGap();
    const answers = await Promise.all([1, 2, 3].map(() => fill({ confirm: true })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 404, 422, 503]).toContain(status);
    expect((await get('/trips')).body.trips).toHaveLength(3);
  });

  it('takes a class from the rules, and names what is wrong', async () => {
    const { ask, fill } = await withGap();
    await ask(JAN, 'PUT', '/rules', { rules: [{ trip_type: 'B', purpose: 'errand' }] });
    expect((await fill({})).body.trip).toMatchObject({ trip_type: 'B', purpose: 'errand' });
    expect(fieldsOf(await fill({ distance_km: 4, confirm: 'yes' })).toSorted()).toEqual(['confirm', 'distance_km']);
    expect((await fill({ trip_type: 'P', business_km: 5 })).status).toBe(422);
    expect((await ask(PIET, 'POST', '/odometer/gaps/gap-t1-t2/fill', {})).status).toBe(404);
  });

  it('needs a reason in a month that is closed', async () => {
    const { ask, clock, fill } = await withGap();
    clock.set(Date.parse('2026-04-02T10:00:00Z'));
    await ask(JAN, 'POST', '/months/2026-03/close');
    expect((await fill({ confirm: true })).body.code).toBe('month_closed');
    expect((await fill({ confirm: true, correction_reason: 'forgotten' })).body.trip.locked).toBe(true);
  });
});

describe('a gap in the review list', () => {
  it('is listed with what settles it, and gone once it is filled', async () => {
    const { ask, car, get, gaps } = await withGap();
    const [review] = (await get('/review')).body.review.filter(({ kind }: { kind: string }) => kind === 'odometer_gap');
    expect(review).toMatchObject({
      id: 'gap-t1-t2',
      reasons: ['gap'],
      actions: ['make_trip', 'dismiss'],
      gap: { km: 35, car_id: car, after_trip_id: 't1', before_trip_id: 't2' },
      link: `/odometer/compare?car_id=${car}`,
    });
    const settled = await ask(JAN, 'POST', '/review/gap-t1-t2', {
      action: 'make_trip',
      purpose: 'bank',
      trip_type: 'B',
    });
    expect(settled.body).toMatchObject({ trip: { distance_km: 35, purpose: 'bank', reconstructed: true } });
    expect(await gaps()).toEqual([]);
    await ask(JAN, 'POST', `/activity/${settled.body.activity_id}/undo`);
    expect(await gaps()).toHaveLength(1);
  });

  it('is left open when its user says so, until that is undone', async () => {
    const { ask, get, gaps } = await withGap();
    const listed = async () =>
      (await get('/review')).body.review.filter(({ kind }: { kind: string }) => kind === 'odometer_gap').length;
    const settled = await ask(JAN, 'POST', '/review/gap-t1-t2', { action: 'dismiss' });
    expect([settled.status, await listed(), (await gaps()).length]).toEqual([200, 0, 1]);
    const undone = await ask(JAN, 'POST', `/activity/${settled.body.activity_id}/undo`);
    expect([undone.body.noun, await listed()]).toEqual(['gap', 1]);
    await ask(JAN, 'POST', `/activity/${undone.body.id}/undo`);
    expect(await listed()).toBe(0);
  });

  it('pages by place among the others, and is forgotten after 60 days', async () => {
    const { clock, get } = await withGap();
    const first = (await get('/review?limit=1')).body;
    const second = (await get(`/review?limit=100&cursor=${first.next_cursor}`)).body;
    const ids = [...first.review, ...second.review].map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toContain('gap-t1-t2');
    clock.advance(61 * 24 * HOUR);
    expect((await get('/review')).body.review.map(({ id }: { id: string }) => id)).not.toContain('gap-t1-t2');
  });

  it('takes no kilometres but the odometer’s, and no other action', async () => {
    const { ask } = await withGap();
    const wrong = await ask(JAN, 'POST', '/review/gap-t1-t2', { action: 'make_trip', distance_km: 5 });
    expect([wrong.status, fieldsOf(wrong)]).toEqual([422, ['distance_km']]);
    const other = await ask(JAN, 'POST', '/review/gap-t1-t2', { action: 'confirm' });
    expect([other.status, fieldsOf(other)]).toEqual([422, ['action']]);
    expect((await ask(JAN, 'POST', '/review/gap-x-y', { action: 'dismiss' })).status).toBe(404);
  });
});
