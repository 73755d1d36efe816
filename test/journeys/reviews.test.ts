/** Journeys through the review list over HTTP: events in, review out, a decision, the logbook and its totals; undone, and again. */

import { describe, expect, test } from 'vitest';
import { JAN } from '../support/app.ts';
import { HOME, north } from '../support/places.ts';
import { atNoon, DAY } from '../support/reviewing.ts';
import { tripOf } from '../support/trips.ts';

const WORK = north(HOME, 20);

describe('make_trip of an end without a start', () => {
  test('nothing is known: fifteen minutes, no distance, and both are said', async () => {
    const jan = await atNoon();
    await jan.say('end', '12:30', WORK);
    expect(await jan.review()).toEqual(['event orphan_end']);
    const before = await jan.everything();
    const done = await jan.settle({ action: 'make_trip' });
    expect(done.trip).toMatchObject({ opened_by: 'user', closed_by: 'user', ended_at: `${DAY}T12:30:00.000Z` });
    expect(await jan.lines()).toEqual(['12:15–12:30 0 km unknown ? estimated_time ? unknown_distance']);
    await jan.proveUndo(done.activity_id, before);
  });

  test('the car stood where the last trip ended: by the straight line from there, at 50 km/h', async () => {
    const jan = await atNoon();
    await jan.say('start', '12:00', HOME);
    await jan.say('end', '12:20', WORK);
    await jan.say('end', '15:00', HOME);
    expect(await jan.review()).toEqual(['event second_end']);
    const before = await jan.everything();
    const done = await jan.settle({ action: 'make_trip' });
    expect(await jan.lines()).toEqual([
      '12:00–12:20 26 km straight_line',
      '14:28–15:00 26 km straight_line ? estimated_time ? estimated_distance',
    ]);
    await jan.proveUndo(done.activity_id, before);
  });

  test('but not before that trip’s end', async () => {
    const jan = await atNoon();
    await jan.say('start', '12:00', HOME);
    await jan.say('end', '12:20', WORK);
    await jan.say('end', '12:40', HOME);
    await jan.settle({ action: 'make_trip' });
    expect((await jan.lines())[1]).toBe('12:20–12:40 26 km straight_line ? estimated_time ? estimated_distance');
  });

  test('points tell when it began, and are its track', async () => {
    const jan = await atNoon();
    await jan.say('ping', '12:00', HOME);
    await jan.say('ping', '12:04', HOME);
    await jan.follow('12:05', '12:25', HOME, 1);
    await jan.say('end', '12:26', north(HOME, 20));
    const before = await jan.everything();
    const done = await jan.settle({ action: 'make_trip' });
    expect(await jan.lines()).toEqual(['12:05–12:26 20 km gps']);
    const track = await jan.book.get(`/trips/${done.trip.id}/track`);
    expect(track.body.geometry.coordinates).toHaveLength(22);
    await jan.proveUndo(done.activity_id, before);
    expect((await jan.book.get(`/trips/${done.trip.id}/track`)).body.geometry.coordinates).toHaveLength(22);
  });

  test('what is said counts, and is not estimated', async () => {
    const jan = await atNoon();
    const golf = await jan.car('Golf');
    await jan.say('end', '12:30', WORK);
    const said = { started_at: `${DAY}T12:00:00Z`, distance_km: 23.5, trip_type: 'P', purpose: 'dentist', from: HOME };
    const done = await jan.settle({ action: 'make_trip', ...said });
    expect(done.trip).toMatchObject({
      car_id: golf,
      distance_source: 'manual',
      trip_type: 'P',
      purpose: 'dentist',
      needs_review: false,
    });
    expect(await jan.lines()).toEqual(['12:00–12:30 23.5 km manual']);
    expect(done.trip.from).toMatchObject(HOME);
  });

  test('odometers give its distance', async () => {
    const jan = await atNoon();
    await jan.say('end', '12:30', WORK);
    const odometers = { start_odometer_km: 1_000, end_odometer_km: 1_021.5 };
    const done = await jan.settle({ action: 'make_trip', started_at: `${DAY}T12:00:00Z`, ...odometers });
    expect(done.trip).toMatchObject({ distance_km: 21.5, distance_source: 'odometer', ...odometers });
  });

  test('its start comes late all the same: that waits, and no drive counts twice', async () => {
    for (const clock of ['12:05', '12:20']) {
      const jan = await atNoon();
      await jan.say('end', '12:30', WORK);
      const { activity_id } = await jan.settle({ action: 'make_trip' });
      expect(await jan.say('start', clock, HOME, { received: '12:45' })).toBe('no_active_trip');
      expect(await jan.lines()).toHaveLength(1);
      const trip = 'trip estimated_time unknown_distance no_rule_matched';
      expect((await jan.review()).toSorted()).toEqual(['event late_event', trip]);
      await jan.ask('POST', `/activity/${activity_id}/undo`);
      expect(await jan.review()).toEqual(['event orphan_end', 'event late_event']);
      await jan.settle({ action: 'make_trip' }, 1);
      expect(await jan.lines()).toEqual([`${clock}–12:30 26 km straight_line`]);
      expect(await jan.review()).toEqual([]);
    }
  });

  test('inside another trip it is refused, and says which', async () => {
    const jan = await atNoon();
    await jan.to('12:55');
    const kept = await jan.ask('POST', '/trips', {
      started_at: `${DAY}T12:10:00Z`,
      ended_at: `${DAY}T12:50:00Z`,
      distance_km: 30,
    });
    expect(kept.status).toBe(201);
    await jan.say('end', '12:30', WORK, { received: '12:55' });
    const entry = await jan.entry();
    const refused = await jan.ask('POST', `/review/${entry.id}`, { action: 'make_trip' });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining(kept.body.id)]);
    const said = { action: 'make_trip', started_at: `${DAY}T12:00:00Z` };
    const again = await jan.ask('POST', `/review/${entry.id}`, said);
    expect([again.status, again.body.errors[0].field]).toEqual([422, 'started_at']);
    await jan.settle({ action: 'dismiss' });
    expect(await jan.review()).toEqual([]);
    expect(await jan.lines()).toEqual(['12:10–12:50 30 km manual']);
  });
});

describe('make_trip of a start and an end that missed each other', () => {
  test('both are settled by one trip', async () => {
    const jan = await atNoon();
    await jan.book.clock.advance(100 * 3_600_000);
    for (const [action, clock, place] of [
      ['start', '12:00', HOME],
      ['end', '12:30', WORK],
    ] as const) {
      await jan.ask('POST', `/webhook/${action}`, { ...place, timestamp: `${DAY}T${clock}:00Z` });
    }
    expect(await jan.review()).toEqual(['event too_old', 'event too_old']);
    for (const nth of [0, 1]) {
      const before = await jan.everything();
      const done = await jan.settle({ action: 'make_trip' }, nth);
      expect(await jan.lines()).toEqual(['12:00–12:30 26 km straight_line']);
      expect(await jan.review()).toEqual([]);
      await jan.proveUndo(done.activity_id, before);
      await jan.undoLast();
      expect(await jan.review()).toHaveLength(2);
    }
  });

  test('a start alone goes on to where the next trip began', async () => {
    const jan = await atNoon();
    await jan.book.clock.advance(100 * 3_600_000);
    await jan.ask('POST', '/webhook/start', { ...HOME, timestamp: `${DAY}T12:00:00Z` });
    await jan.ask('POST', '/trips', {
      started_at: `${DAY}T16:00:00Z`,
      ended_at: `${DAY}T16:30:00Z`,
      distance_km: 30,
      from: WORK,
    });
    const before = await jan.everything();
    const done = await jan.settle({ action: 'make_trip' });
    expect(done.trip.ended_at_estimated).toBe(true);
    expect(await jan.lines()).toEqual([
      '12:00–12:31 26 km straight_line ? estimated_time ? estimated_distance',
      '16:00–16:30 30 km manual',
    ]);
    await jan.proveUndo(done.activity_id, before);
  });
});

describe('the other actions', () => {
  test('dismiss: the end is done with, and its start is left to the user', async () => {
    const jan = await atNoon();
    await jan.say('end', '12:30', WORK);
    const before = await jan.everything();
    const done = await jan.settle({ action: 'dismiss' });
    expect(await jan.review()).toEqual([]);
    await jan.proveUndo(done.activity_id, before);
    await jan.say('start', '12:00', HOME, { received: '12:40' });
    expect(await jan.review()).toEqual(['event late_event']);
    expect(await jan.lines()).toEqual([]);
  });

  test('dismiss, undone: a late start still joins its end', async () => {
    const jan = await atNoon();
    await jan.say('end', '12:30', WORK);
    const done = await jan.settle({ action: 'dismiss' });
    await jan.ask('POST', `/activity/${done.activity_id}/undo`);
    expect(await jan.say('start', '12:00', HOME, { received: '12:40' })).toBe('finished');
    expect(await jan.lines()).toEqual(['12:00–12:30 26 km straight_line']);
    expect(await jan.review()).toEqual([]);
  });

  test('an end that was dismissed stands in no earlier drive’s way, told late', async () => {
    for (const later of [false, true]) {
      const jan = await atNoon();
      await jan.say('end', '14:30', HOME);
      await jan.settle({ action: 'dismiss' });
      if (later) await jan.say('start', '15:00', HOME);
      await jan.say('end', '12:30', WORK, { received: '15:10' });
      expect(await jan.say('start', '12:00', HOME, { received: '15:11' })).toBe('finished');
      expect(await jan.lines()).toEqual(['12:00–12:30 26 km straight_line']);
      expect(await jan.review()).toEqual([]);
    }
  });

  test.each([
    ['uncertain_car', { car_id: null }],
    ['unknown_distance', { distance_km: 12 }],
    ['estimated_distance', { distance_km: 12 }],
    ['estimated_time', { started_at: `${DAY}T07:01:00Z` }],
    ['end_lost', { ended_at: `${DAY}T07:20:00Z` }],
    ['stale', { ended_at: `${DAY}T07:20:00Z` }],
    ['drove_on', { car_id: null }],
    ['start_by_car', { started_at: `${DAY}T07:01:00Z` }],
  ] as const)('an edit of what was asked settles %s too', async (reason, edit) => {
    const jan = await atNoon();
    const trip = tripOf({ reviewReasons: [reason], setByUser: ['trip_type'], classifiedBy: 'user' });
    await jan.book.book(trip);
    expect(await jan.review()).toEqual([`trip ${reason}`]);
    expect((await jan.ask('PATCH', `/trips/${trip.id}`, { notes: 'seen' })).status).toBe(200);
    expect(await jan.review()).toEqual([`trip ${reason}`]);
    expect((await jan.ask('PATCH', `/trips/${trip.id}`, edit)).status).toBe(200);
    expect(await jan.review()).toEqual([]);
  });

  test('settled events are cleared away after days, and come back all the same', async () => {
    const jan = await atNoon();
    await jan.say('end', '12:30', WORK);
    const done = await jan.settle({ action: 'make_trip' });
    for (let day = 0; day < 6; day += 1) {
      jan.book.clock.advance(24 * 3_600_000);
      await jan.ask('POST', '/webhook/end', WORK);
      await jan.ask('POST', '/scheduler/poll-all');
    }
    expect(
      await jan.book.deps.store.forUser(JAN).get('event', (await jan.undone(done.activity_id)).also[0].noun_id),
    ).not.toBe(null);
    expect(await jan.review()).toContain('event orphan_end');
  });

  test('confirm: a trip whose end was lost is right as it is, and no late end changes it', async () => {
    const jan = await atNoon();
    await jan.say('start', '12:00', HOME);
    await jan.follow('12:01', '12:21', HOME, 1);
    await jan.say('start', '14:00', WORK);
    await jan.say('end', '14:30', HOME);
    expect(await jan.review()).toEqual(['trip end_lost no_rule_matched']);
    const before = await jan.everything();
    const done = await jan.settle({ action: 'confirm' });
    const lines = await jan.lines();
    await jan.proveUndo(done.activity_id, before);
    await jan.say('end', '12:25', WORK, { received: '14:40' });
    expect(await jan.lines()).toEqual(lines);
    expect(await jan.review()).toEqual(['event late_event']);
  });

  test('passenger: the drive is none of mine, and a late end does not bring it back', async () => {
    const jan = await atNoon();
    await jan.say('start', '12:00', HOME);
    await jan.follow('12:01', '12:21', HOME, 1);
    await jan.say('start', '14:00', WORK);
    await jan.say('end', '14:30', HOME);
    const before = await jan.everything();
    const done = await jan.settle({ action: 'passenger' });
    expect(await jan.lines()).toEqual(['14:00–14:30 26 km straight_line']);
    await jan.proveUndo(done.activity_id, before);
    await jan.say('end', '12:25', WORK, { received: '14:40' });
    expect(await jan.lines()).toEqual(['14:00–14:30 26 km straight_line']);
  });

  test('not_my_car and rental: of a trip that was taken for the default car’s', async () => {
    const jan = await atNoon();
    const golf = await jan.car('Golf');
    const van = await jan.car('Van');
    await jan.ask('PATCH', '/settings', { default_car_id: golf });
    await jan.say('start', '12:00', HOME);
    await jan.say('end', '12:30', WORK);
    expect((await jan.entry()).actions).toEqual(['confirm', 'passenger', 'not_my_car', 'rental']);
    const before = await jan.everything();
    const none = await jan.settle({ action: 'not_my_car' });
    expect(none.trip).toMatchObject({ car_id: null, distance_km: 26 });
    await jan.proveUndo(none.activity_id, before);
    await jan.undoLast();
    const rented = await jan.settle({ action: 'rental', car_id: van });
    expect((await jan.book.get('/stats')).body.by_car).toEqual([
      expect.objectContaining({ car_id: van, total_km: 26 }),
    ]);
    await jan.proveUndo(rented.activity_id, before);
  });
});
