import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, openLogbook } from './logbook.ts';

const OFFICE_HOURS = ['09:00', '17:30'];
const DEFAULTS = {
  time_zone: 'Europe/Amsterdam',
  language: 'en',
  distance_unit: 'km',
  default_trip_type: 'B',
  default_car_id: null,
  mixed_business_share: 0.5,
  working_hours: { mon: OFFICE_HOURS, tue: OFFICE_HOURS, wed: OFFICE_HOURS, thu: OFFICE_HOURS, fri: OFFICE_HOURS },
  duplicate_window_s: 120,
  resume_window_min: 10,
  stale_after_min: 120,
  silent_stale_after_min: 720,
  parked_dwell_min: 3,
  car_wait_min: 20,
  stop_max_min: 120,
  movement_detection: false,
  alarms: true,
  track_retention_days: null,
};

describe('GET /settings', () => {
  it('are the usual ones for somebody new, who stays unknown', async () => {
    const { deps, get } = openLogbook();
    expect((await get('/settings')).body).toEqual(DEFAULTS);
    expect(await deps.store.users(10)).toEqual([]);
    expect(fieldsOf(await get('/settings?x=1'))).toEqual(['x']);
  });
});

describe('PATCH /settings', () => {
  it('changes every setting', async () => {
    const { ask, get } = openLogbook();
    const car = (await ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id;
    const all = {
      time_zone: 'Pacific/Auckland',
      language: 'nl',
      distance_unit: 'mi',
      default_trip_type: 'M',
      default_car_id: car,
      mixed_business_share: 0.25,
      working_hours: { sat: ['10:00', '23:59'] },
      duplicate_window_s: 0,
      resume_window_min: 60,
      stale_after_min: 30,
      silent_stale_after_min: 240,
      parked_dwell_min: 5,
      car_wait_min: 0,
      stop_max_min: 60,
      movement_detection: true,
      alarms: false,
      track_retention_days: 365,
    };
    const answer = await ask(JAN, 'PATCH', '/settings', all);
    expect([answer.status, answer.body]).toEqual([200, all]);
    expect((await get('/settings')).body).toEqual(all);
    expect((await get('/settings', PIET)).body).toEqual(DEFAULTS);
  });

  it('leaves what is not said, and notes what is', async () => {
    const { ask, get } = openLogbook();
    const answer = await ask(JAN, 'PATCH', '/settings', { working_hours: { mon: ['08:00', '12:00'], tue: null } });
    expect(answer.body).toEqual({ ...DEFAULTS, working_hours: { mon: ['08:00', '12:00'] } });
    await ask(JAN, 'PATCH', '/settings', {});
    const { activity } = (await get('/activity')).body;
    expect(activity).toEqual([expect.objectContaining({ kind: 'changed', noun: 'settings', after: answer.body })]);
    expect(activity[0].before).toEqual(DEFAULTS);
  });

  it('moves no booked trip to another zone', async () => {
    const { ask, book, get } = openLogbook();
    await book(tripOf({ startedAt: Date.parse('2026-02-28T23:30Z') }));
    const before = [(await get('/trips')).body, (await get('/stats')).body];
    await ask(JAN, 'PATCH', '/settings', { time_zone: 'Pacific/Honolulu' });
    expect([(await get('/trips')).body, (await get('/stats')).body]).toEqual(before);
    expect(before[0].trips[0].date).toBe('2026-03-01');
  });

  it('counts for the next trip', async () => {
    const { app, ask, clock, get } = openLogbook();
    await ask(JAN, 'PATCH', '/settings', { default_trip_type: 'P', time_zone: 'UTC' });
    const post = (action: string, lat: number) =>
      app.request(`/webhook/${action}`, {
        method: 'POST',
        headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
        body: JSON.stringify({ lat, lng: 4 }),
      });
    await post('start', 52);
    clock.advance(20 * 60_000);
    await post('end', 52.2);
    expect((await get('/trips')).body.trips[0]).toMatchObject({
      trip_type: 'P',
      time_zone: 'UTC',
      start_time: '12:00',
    });
  });

  it.each<[object, string[]]>([
    [{ time_zone: 'Amsterdam' }, ['time_zone']],
    [{ time_zone: '+01:00' }, ['time_zone']],
    [{ language: 'de' }, ['language']],
    [{ distance_unit: 'm' }, ['distance_unit']],
    [{ default_trip_type: 'b' }, ['default_trip_type']],
    [{ mixed_business_share: 1.1 }, ['mixed_business_share']],
    [{ duplicate_window_s: 601 }, ['duplicate_window_s']],
    [{ duplicate_window_s: 1.5 }, ['duplicate_window_s']],
    [{ resume_window_min: 61 }, ['resume_window_min']],
    [{ stale_after_min: 0 }, ['stale_after_min']],
    [{ silent_stale_after_min: -5 }, ['silent_stale_after_min']],
    [{ parked_dwell_min: '3' }, ['parked_dwell_min']],
    [{ car_wait_min: 61 }, ['car_wait_min']],
    [{ stop_max_min: 1 }, ['stop_max_min']],
    [{ movement_detection: 'on' }, ['movement_detection']],
    [{ alarms: null }, ['alarms']],
    [{ track_retention_days: 0 }, ['track_retention_days']],
    [{ working_hours: [] }, ['working_hours']],
    [{ working_hours: { monday: OFFICE_HOURS } }, ['working_hours.monday']],
    [{ working_hours: { mon: ['17:00', '09:00'] } }, ['working_hours.mon']],
    [{ working_hours: { mon: ['9:00', '17:00'] } }, ['working_hours.mon']],
    [{ working_hours: { mon: ['09:00'] } }, ['working_hours.mon']],
    [{ colour: 'red' }, ['colour']],
    [{ timeZone: 'UTC' }, ['timeZone']],
  ])('refuses %j with 400 and changes nothing', async (body, fields) => {
    const { ask, get } = openLogbook();
    const answer = await ask(JAN, 'PATCH', '/settings', body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect(answer.body.errors[0].message).not.toMatch(/invalid|expected/i);
    expect((await get('/settings')).body).toEqual(DEFAULTS);
  });

  it('refuses with 422 a default car that is another’s, nobody’s or archived', async () => {
    const { ask, book } = openLogbook();
    const theirs = (await ask(PIET, 'POST', '/cars', { name: 'Polo' })).body.id;
    const archived = (await ask(JAN, 'POST', '/cars', { name: 'Old' })).body.id;
    await book(tripOf({ carId: archived }));
    await ask(JAN, 'DELETE', `/cars/${archived}`);
    for (const id of [theirs, archived, 'car_of_nobody']) {
      const answer = await ask(JAN, 'PATCH', '/settings', { default_car_id: id });
      expect([answer.status, fieldsOf(answer)]).toEqual([422, ['default_car_id']]);
    }
    expect((await ask(JAN, 'PATCH', '/settings')).status).toBe(415);
  });
});
