import { describe, expect, it } from 'vitest';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, MINUTE, NOW, openLogbook, type Answer, type Logbook } from './logbook.ts';

const settle = ({ ask }: Logbook, id: string, body: object, query = '') =>
  ask(JAN, 'POST', `/review/${id}${query}`, body);
const undo = ({ ask }: Logbook, id: string) => ask(JAN, 'POST', `/activity/${id}/undo`);
/** All but gaps of the odometer, which come and go with its values. */
const review = async ({ get }: Logbook): Promise<Answer['body']> =>
  (await get('/review')).body.review.filter(({ kind }: { kind: string }) => kind !== 'odometer_gap');
const carOf = async ({ ask }: Logbook, name = 'Golf'): Promise<string> =>
  (await ask(JAN, 'POST', '/cars', { name })).body.id;
const bare = (trip: object) => ({ ...trip, updated_at: null });

/** Why drives are no trips, as the feed says it and nobody took it back. */
async function discards({ get }: Logbook): Promise<{ reason: string }[]> {
  const { activity } = (await get('/activity')).body;
  return activity.flatMap((one: Answer['body']) => (one.discard && one.undone_by === null ? [one.discard] : []));
}

async function orphanEnd({ app, get }: Logbook, body: object = { lat: 52, lng: 4 }): Promise<string> {
  const headers = { 'x-user-email': JAN, 'content-type': 'application/json' };
  await app.request('/webhook/end', { method: 'POST', headers, body: JSON.stringify(body) });
  return (await get('/review')).body.review.find(({ kind }: { kind: string }) => kind === 'event').id;
}

/** As if their month had been closed. */
const lay = ({ deps }: Logbook, ...trips: readonly Trip[]) =>
  deps.store.forUser(JAN).transact(function* (tx) {
    for (const trip of trips) tx.put('trip', trip.id, trip);
    yield* tx.get('user', '');
  });

describe('POST /review/{id}: what is refused', () => {
  it.each([
    ['no action', {}, ['action']],
    ['an invented action', { action: 'shred' }, ['action']],
    ['an action that is no text', { action: 3 }, ['action']],
    ['a field the action does not know', { action: 'confirm', car_id: 'car_1' }, ['car_id']],
    ['a rental of no car', { action: 'rental' }, ['car_id']],
    ['a rental of nothing that can be a car', { action: 'rental', car_id: 'a/b' }, ['car_id']],
    ['a trip with a start that is no instant', { action: 'make_trip', started_at: 'yesterday' }, ['started_at']],
    ['a list', [], ['']],
  ])('refuses %s by its name', async (_, body, fields) => {
    const logbook = openLogbook();
    const trip = tripOf({ reviewReasons: ['uncertain_car'] });
    await logbook.book(trip);
    const answer = await settle(logbook, trip.id, body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect(await review(logbook)).toHaveLength(1);
  });

  it('names what the entry offers when asked for something else', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ reviewReasons: ['stale'] });
    await logbook.book(trip, tripOf());
    const end = await orphanEnd(logbook);
    for (const [id, action, offered] of [
      [trip.id, 'dismiss', 'confirm, passenger'],
      [trip.id, 'not_my_car', 'confirm, passenger'],
      [end, 'confirm', 'make_trip, dismiss'],
      ['unclassified', 'passenger', 'confirm'],
    ] as const) {
      const answer = await settle(logbook, id, { action });
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toEqual([{ field: 'action', message: `one of ${offered} for this entry` }]);
    }
  });

  it('knows nothing of an invented id, of another’s, and of what was settled already', async () => {
    const logbook = openLogbook();
    const [trip, done] = [tripOf({ reviewReasons: ['stale'] }), tripOf({ needsReview: false, reviewReasons: [] })];
    await logbook.book(trip, done);
    expect((await settle(logbook, 'evt_1', { action: 'dismiss' })).status).toBe(404);
    expect((await logbook.ask(PIET, 'POST', `/review/${trip.id}`, { action: 'confirm' })).status).toBe(404);
    expect((await settle(logbook, done.id, { action: 'confirm' })).status).toBe(409);
    expect((await settle(logbook, 'unclassified', { action: 'confirm' })).status).toBe(409);
    expect((await settle(logbook, trip.id, { action: 'confirm' })).status).toBe(200);
    expect((await settle(logbook, trip.id, { action: 'confirm' })).status).toBe(409);
  });

  it('tries out only what is about many trips', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ reviewReasons: ['stale'] });
    await logbook.book(trip);
    const answer = await settle(logbook, trip.id, { action: 'confirm' }, '?dry_run=true');
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['dry_run']]);
    expect(await review(logbook)).toHaveLength(1);
  });

  it('leaves a closed month alone', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ reviewReasons: ['uncertain_car'], locked: true });
    await lay(logbook, trip, tripOf({ locked: true }));
    for (const action of ['confirm', 'passenger', 'not_my_car']) {
      const answer = await settle(logbook, trip.id, { action });
      expect([answer.status, answer.body.code]).toEqual([409, 'month_closed']);
    }
    expect(await review(logbook)).toMatchObject([{ id: trip.id }]);
    expect((await settle(logbook, 'unclassified', { action: 'confirm' })).status).toBe(409);
  });
});

describe('POST /review/{id}: trips', () => {
  it('confirm: the trip is right as it is, and so is its class', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ reviewReasons: ['stale', 'no_rule_matched'], type: 'P' });
    await logbook.book(trip);
    const before = (await logbook.get(`/trips/${trip.id}`)).body;
    const answer = await settle(logbook, trip.id, { action: 'confirm' });
    expect(answer.body).toEqual({
      review_id: trip.id,
      action: 'confirm',
      activity_id: expect.stringMatching(/^act_/),
      trip: (await logbook.get(`/trips/${trip.id}`)).body,
    });
    expect(answer.body.trip).toMatchObject({
      needs_review: false,
      review_reasons: [],
      classified_by: 'user',
      trip_type: 'P',
    });
    expect(await review(logbook)).toEqual([]);
    const [entry] = (await logbook.get('/activity')).body.activity;
    expect(entry).toMatchObject({ kind: 'changed', cause: 'review', noun_id: trip.id, id: answer.body.activity_id });
    const back = await undo(logbook, answer.body.activity_id);
    expect(bare((await logbook.get(`/trips/${trip.id}`)).body)).toEqual(bare(before));
    expect(await review(logbook)).toHaveLength(1);
    await undo(logbook, back.body.id);
    expect(bare((await logbook.get(`/trips/${trip.id}`)).body)).toEqual(bare(answer.body.trip));
  });

  it('passenger: the drive leaves the logbook and its totals, with its reason, and comes back', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ reviewReasons: ['stale'] });
    await logbook.book(trip, tripOf({ needsReview: false, reviewReasons: [], startedAt: NOW - DAY }));
    const before = (await logbook.get('/stats')).body;
    const answer = await settle(logbook, trip.id, { action: 'passenger' });
    expect(answer.body).toEqual({ review_id: trip.id, action: 'passenger', activity_id: expect.any(String) });
    expect((await logbook.get(`/trips/${trip.id}`)).status).toBe(404);
    expect((await logbook.get('/stats')).body).toMatchObject({ trip_count: 1, total_km: 12.345 });
    const [entry] = (await logbook.get('/activity')).body.activity;
    expect(entry).toMatchObject({
      kind: 'discarded',
      cause: 'review',
      discard: { trip_id: trip.id, reason: 'passenger' },
    });
    expect(entry.before.id).toBe(trip.id);
    const back = await undo(logbook, answer.body.activity_id);
    expect((await logbook.get('/stats')).body).toEqual(before);
    expect(await review(logbook)).toHaveLength(1);
    const again = await undo(logbook, back.body.id);
    expect(again.body).toMatchObject({ kind: 'deleted', after: null });
    expect((await discards(logbook)).map(({ reason }) => reason)).toEqual(['passenger']);
    expect((await logbook.get('/stats')).body).toMatchObject({ trip_count: 1 });
    await undo(logbook, again.body.id);
    expect((await logbook.get('/stats')).body).toEqual(before);
  });

  it('not_my_car: no car, nothing of its odometer, and the distance its track had', async () => {
    const logbook = openLogbook();
    const carId = await carOf(logbook);
    const odometers = {
      startOdometerMetres: 1_000_000,
      endOdometerMetres: 1_010_000,
      distanceSource: 'odometer',
    } as const;
    const trip = tripOf({
      carId,
      reviewReasons: ['uncertain_car'],
      distanceMetres: 10_000,
      ...odometers,
      gpsDistanceMetres: 9_000,
    });
    const lost = tripOf({
      ...trip,
      id: 'trip_lost',
      gpsDistanceMetres: null,
      startedAt: NOW - DAY,
      endedAt: NOW - DAY + HOUR,
    });
    await logbook.book(trip, lost);
    const { body } = await settle(logbook, trip.id, { action: 'not_my_car' });
    expect(body.trip).toMatchObject({
      car_id: null,
      start_odometer_km: null,
      end_odometer_km: null,
      distance_km: 9,
      business_km: 9,
      distance_source: 'gps',
      review_reasons: ['no_rule_matched'],
    });
    const unknown = await settle(logbook, lost.id, { action: 'not_my_car' });
    expect(unknown.body.trip).toMatchObject({ distance_km: 0, distance_source: 'unknown', needs_review: true });
    expect(unknown.body.trip.review_reasons).toContain('unknown_distance');
    expect((await logbook.get('/stats')).body).toMatchObject({ total_km: 9, business_km: 9 });
    await undo(logbook, unknown.body.activity_id);
    await undo(logbook, body.activity_id);
    expect((await logbook.get('/stats')).body).toMatchObject({ total_km: 20 });
    expect((await logbook.get(`/trips/${trip.id}`)).body).toMatchObject({ car_id: carId, end_odometer_km: 1_010 });
  });

  it('rental: another car of the caller’s, and of nobody else’s', async () => {
    const logbook = openLogbook();
    const carId = await carOf(logbook);
    const other = await carOf(logbook, 'Rented');
    const piets = (await logbook.ask(PIET, 'POST', '/cars', { name: 'Piet' })).body.id;
    const trip = tripOf({ carId, reviewReasons: ['uncertain_car'] });
    await logbook.book(trip);
    const refused = await settle(logbook, trip.id, { action: 'rental', car_id: piets });
    expect([refused.status, fieldsOf(refused)]).toEqual([422, ['car_id']]);
    const taken = tripOf({ carId: other, startedAt: trip.startedAt + MINUTE, needsReview: false, reviewReasons: [] });
    await logbook.book(taken);
    const atOnce = await settle(logbook, trip.id, { action: 'rental', car_id: other });
    expect([atOnce.status, fieldsOf(atOnce)]).toEqual([422, ['car_id']]);
    expect((await logbook.ask(JAN, 'DELETE', `/trips/${taken.id}`)).status).toBe(204);
    const { body } = await settle(logbook, trip.id, { action: 'rental', car_id: other });
    expect(body.trip).toMatchObject({ car_id: other, distance_km: 12.345, review_reasons: ['no_rule_matched'] });
    await undo(logbook, body.activity_id);
    expect((await logbook.get(`/trips/${trip.id}`)).body).toMatchObject({
      car_id: carId,
      review_reasons: ['uncertain_car'],
    });
  });
});

describe('POST /review/unclassified', () => {
  it('confirms all trips that only lack a class, as one act, and tries it out first', async () => {
    const logbook = openLogbook();
    const asked = tripOf({ reviewReasons: ['stale', 'no_rule_matched'] });
    await logbook.book(asked, ...Array.from({ length: 120 }, (_, i) => tripOf({ startedAt: NOW - i * HOUR })));
    const trial = await settle(logbook, 'unclassified', { action: 'confirm' }, '?dry_run=true');
    expect(trial.body).toMatchObject({ activity_id: null, act: { changed: 120, unchanged: 0, activity_id: null } });
    expect((await review(logbook))[0]).toMatchObject({ id: 'unclassified', count: 120 });
    const { body } = await settle(logbook, 'unclassified', { action: 'confirm' });
    expect(body).toMatchObject({ review_id: 'unclassified', action: 'confirm', act: { changed: 120 } });
    expect((await review(logbook)).map(({ id }: { id: string }) => id)).toEqual([asked.id]);
    const back = await undo(logbook, body.activity_id);
    expect((await review(logbook))[0]).toMatchObject({ id: 'unclassified', count: 120 });
    await undo(logbook, back.body.id);
    expect(await review(logbook)).toHaveLength(1);
  });
});

describe('POST /review/{id}: odometer readings', () => {
  async function doubted(logbook: Logbook) {
    const car = await carOf(logbook);
    const say = async (odometer_km: number) =>
      (await logbook.ask(JAN, 'POST', `/cars/${car}/readings`, { odometer_km })).body;
    await say(10_000);
    logbook.clock.advance(10 * MINUTE);
    const reading = await say(100_000);
    expect(reading.suspicious).toBe(true);
    return { reading, say };
  }

  it('confirm: it is believed, and what comes after is measured by it', async () => {
    const logbook = openLogbook();
    const { reading, say } = await doubted(logbook);
    const { body } = await settle(logbook, reading.id, { action: 'confirm' });
    expect(body).toEqual({ review_id: reading.id, action: 'confirm', activity_id: expect.any(String) });
    expect((await logbook.get(`/odometer-readings/${reading.id}`)).body.suspicious).toBe(false);
    expect(await review(logbook)).toEqual([]);
    logbook.clock.advance(10 * MINUTE);
    expect((await say(100_010)).suspicious).toBe(false);
    const back = await undo(logbook, body.activity_id);
    expect(back.status).toBe(200);
    expect((await review(logbook)).map(({ id }: { id: string }) => id)).toContain(reading.id);
    await undo(logbook, back.body.id);
    expect(await review(logbook)).toEqual([]);
  });

  it('dismiss: it is gone from the list and from the readings, and comes back', async () => {
    const logbook = openLogbook();
    const { reading } = await doubted(logbook);
    const { body } = await settle(logbook, reading.id, { action: 'dismiss' });
    expect((await logbook.get(`/odometer-readings/${reading.id}`)).status).toBe(404);
    expect(await review(logbook)).toEqual([]);
    const back = await undo(logbook, body.activity_id);
    expect(await review(logbook)).toHaveLength(1);
    await undo(logbook, back.body.id);
    expect(await review(logbook)).toEqual([]);
  });
});

describe('POST /review/{id}: events', () => {
  it('dismiss: an end without a start waits no more, until that is undone', async () => {
    const logbook = openLogbook();
    const id = await orphanEnd(logbook);
    const listed = await review(logbook);
    const { body } = await settle(logbook, id, { action: 'dismiss' });
    expect(await review(logbook)).toEqual([]);
    expect((await settle(logbook, id, { action: 'dismiss' })).status).toBe(409);
    const back = await undo(logbook, body.activity_id);
    expect(await review(logbook)).toEqual(listed);
    await undo(logbook, back.body.id);
    expect(await review(logbook)).toEqual([]);
  });
});
