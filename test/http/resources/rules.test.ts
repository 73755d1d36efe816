import { describe, expect, it } from 'vitest';
import type { Place, Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripsOf } from '../../support/book.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, MINUTE, NOW, openLogbook } from './logbook.ts';

const HOME = { name: 'Thuis', kind: 'home', lat: 52, lng: 5 };
const OFFICE = { name: 'Kantoor', kind: 'office', lat: 52.1, lng: 5.1 };
const PRIVATE_WEEKENDS = { name: 'Weekend', when: { weekdays: ['sat', 'sun'] }, trip_type: 'P' };

async function withPlaces() {
  const logbook = openLogbook();
  const held = () => dump(logbook.storePath, JAN);
  const home = (await logbook.ask(JAN, 'POST', '/locations', HOME)).body.id as string;
  const office = (await logbook.ask(JAN, 'POST', '/locations', OFFICE)).body.id as string;
  const put = (rules: readonly object[], headers = {}) => logbook.ask(JAN, 'PUT', '/rules', { rules }, headers);
  const commuteTrip = (id: string, change: Partial<Trip> = {}) =>
    tripOf({ id, from: placeAt(HOME, home), to: placeAt(OFFICE, office), ...change });
  return { ...logbook, held, home, office, put, commuteTrip };
}

function placeAt({ lat, lng }: typeof HOME, locationId: string): Place {
  return { lat, lng, address: null, locationId };
}

/** Trips and totals, as they stand in the book. When they were last written does not count. */
function bookOf(held: Record<string, unknown>) {
  const kept = Object.entries(held).filter(([key]) => key.startsWith('trip/') || key.startsWith('month/'));
  return kept.map(([key, doc]) => [key, { ...(doc as object), updatedAt: 0 }]);
}

/** 2026-03-07 is a Saturday. */
const SATURDAY = Date.parse('2026-03-07T09:00:00Z');

function weekendTrip(id: string, change: Partial<Trip> = {}): Trip {
  return tripOf({ id, startedAt: SATURDAY, endedAt: SATURDAY + 30 * MINUTE, ...change });
}

/** A Saturday of a month that is over. */
const CLOSED = Date.parse('2026-02-07T10:00:00Z');

describe('PUT /rules', () => {
  it('keeps rules in their order, with ids of ours, and answers them as GET does', async () => {
    const { put, get, home } = await withPlaces();
    const commute = { when: { ends: [{ location_id: home }, 'office'] }, trip_type: 'M', business_share: 0.25 };
    const made = await put([commute, PRIVATE_WEEKENDS]);
    expect(made.status).toBe(200);
    expect(made.body.rules).toEqual([
      { id: expect.stringMatching(/^rul_/), name: null, purpose: null, ...commute },
      { id: expect.stringMatching(/^rul_/), business_share: null, purpose: null, ...PRIVATE_WEEKENDS },
    ]);
    const read = await get('/rules');
    expect(read.body).toEqual(made.body);
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
  });

  it('keeps the id of a rule that is still there, and gives a stranger’s anew', async () => {
    const { put } = await withPlaces();
    const [first] = (await put([PRIVATE_WEEKENDS])).body.rules;
    const again = (
      await put([
        { when: {}, trip_type: 'B' },
        { ...first, name: 'Vrij' },
        { ...PRIVATE_WEEKENDS, id: 'rul_x' },
      ])
    ).body.rules;
    expect(again.map(({ id }: { id: string }) => id === first.id)).toEqual([false, true, false]);
    expect(again[2].id).not.toBe('rul_x');
  });

  it('is refused for rules that have changed meanwhile', async () => {
    const { put, get } = await withPlaces();
    const etag = (await get('/rules')).headers.get('etag') ?? '';
    expect((await put([PRIVATE_WEEKENDS], { 'if-match': etag })).status).toBe(200);
    expect((await put([], { 'if-match': etag })).status).toBe(412);
    expect((await get('/rules')).body.rules).toHaveLength(1);
  });

  it('is one entry of the feed, undone and done again', async () => {
    const { put, get, ask } = await withPlaces();
    await put([PRIVATE_WEEKENDS]);
    await put([]);
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({
      noun: 'rules',
      kind: 'changed',
      before: { rules: [PRIVATE_WEEKENDS] },
      after: { rules: [] },
    });
    const undone = await ask(JAN, 'POST', `/activity/${entry.id}/undo`);
    expect((await get('/rules')).body.rules).toMatchObject([PRIVATE_WEEKENDS]);
    await ask(JAN, 'POST', `/activity/${undone.body.id}/undo`);
    expect((await get('/rules')).body.rules).toEqual([]);
  });

  it.each<[object, string[]]>([
    [{}, ['rules']],
    [{ rules: {} }, ['rules']],
    [{ rules: Array.from({ length: 101 }, () => ({ trip_type: 'P' })) }, ['rules']],
    [{ rules: [{}] }, ['rules.0.trip_type']],
    [{ rules: [{ trip_type: 'X' }] }, ['rules.0.trip_type']],
    [{ rules: [{ trip_type: 'P', business_share: 0.5 }] }, ['rules.0.business_share']],
    [{ rules: [{ trip_type: 'M', business_share: 1.1 }] }, ['rules.0.business_share']],
    [{ rules: [{ trip_type: 'P', color: 1 }] }, ['rules.0.color']],
    [{ rules: [{ trip_type: 'P', when: { ends: [] } }] }, ['rules.0.when.ends']],
    [{ rules: [{ trip_type: 'P', when: { ends: ['home', 'office', 'client'] } }] }, ['rules.0.when.ends']],
    [{ rules: [{ trip_type: 'P', when: { ends: ['castle'] } }] }, ['rules.0.when.ends.0']],
    [{ rules: [{ trip_type: 'P', when: { weekdays: ['monday'] } }] }, ['rules.0.when.weekdays.0']],
    [{ rules: [{ trip_type: 'P', when: { working_hours: 'yes' } }] }, ['rules.0.when.working_hours']],
    [{ rules: [{ trip_type: 'P', when: { min_km: 5, max_km: 4 } }] }, ['rules.0.when.max_km']],
    [{ rules: [{ trip_type: 'P', when: { device: '' } }] }, ['rules.0.when.device']],
    [
      {
        rules: [
          { id: 'a', trip_type: 'P' },
          { id: 'a', trip_type: 'B' },
        ],
      },
      ['rules.1.id'],
    ],
  ])('names what is wrong with %j', async (body, fields) => {
    const { ask, get } = await withPlaces();
    const answer = await ask(JAN, 'PUT', '/rules', body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect((await get('/rules')).body.rules).toEqual([]);
  });

  it('names cars and locations that are not the user’s, an invented one like another’s', async () => {
    const { ask, put } = await withPlaces();
    const theirs = (await ask(PIET, 'POST', '/locations', HOME)).body.id;
    const car = (await ask(PIET, 'POST', '/cars', { name: 'Golf' })).body.id;
    const answer = await put([
      { when: { ends: ['home', { location_id: theirs }] }, trip_type: 'P' },
      { when: { car_id: car, ends: [{ location_id: 'loc_none' }] }, trip_type: 'P' },
    ]);
    expect([answer.status, fieldsOf(answer)]).toEqual([
      422,
      ['rules.0.when.ends.1.location_id', 'rules.1.when.car_id', 'rules.1.when.ends.0.location_id'],
    ]);
  });
});

describe('a drive', () => {
  it('gets its class from the rules of the moment, and says from which', async () => {
    const { app, clock, put, get } = await withPlaces();
    const rules = [
      { when: { device: 'Opel van Oma' }, trip_type: 'P', purpose: 'Oma' },
      { when: { ends: ['home', 'office'] }, trip_type: 'M', business_share: 0.2 },
    ];
    const [byDevice, byEnds] = (await put(rules)).body.rules;
    const drive = async (device?: string) => {
      const post = (action: string, place: object) =>
        app.request(`/webhook/${action}`, {
          method: 'POST',
          headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
          body: JSON.stringify({ ...place, device }),
        });
      await post('start', HOME);
      clock.advance(25 * MINUTE);
      await post('end', OFFICE);
      clock.advance(60 * MINUTE);
      return (await get('/trips?limit=1')).body.trips[0];
    };
    const commute = await drive();
    expect(commute).toMatchObject({
      trip_type: 'M',
      commute: true,
      classified_by: `rule:${byEnds.id}`,
      needs_review: false,
    });
    expect(commute.business_km).toBeCloseTo(commute.distance_km * 0.2, 2);
    expect(await drive('opel van oma')).toMatchObject({
      trip_type: 'P',
      purpose: 'Oma',
      classified_by: `rule:${byDevice.id}`,
    });
  });
});

describe('POST /rules/preview', () => {
  it('shows which trips and totals would change, and changes nothing', async () => {
    const { ask, book, held } = await withPlaces();
    await book(weekendTrip('t1', { distanceMetres: 10_000, businessMetres: 10_000 }), tripOf({ id: 't2' }));
    const before = held();
    const answer = await ask(JAN, 'POST', '/rules/preview', {
      rules: [{ trip_type: 'P', when: { min_km: 99 } }, PRIVATE_WEEKENDS],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      changed: 1,
      unchanged: 1,
      activity_id: null,
      totals: {
        before: { trips: 1, total_km: 10, business_km: 10, private_km: 0 },
        after: { trips: 1, total_km: 10, business_km: 0, private_km: 10 },
      },
      by_rule: [
        { name: null, trips: 0 },
        { name: 'Weekend', trips: 1 },
        { rule_id: null, name: null, trips: 1 },
      ],
    });
    expect(answer.body.trips).toMatchObject([{ id: 't1', before: { trip_type: 'B' }, after: { trip_type: 'P' } }]);
    expect(held()).toEqual(before);
  });

  it('takes the rules there are where none are given, and only the trips of the period', async () => {
    const { ask, book, put } = await withPlaces();
    await book(
      weekendTrip('t1'),
      weekendTrip('t2', { startedAt: SATURDAY - 7 * DAY, endedAt: SATURDAY - 7 * DAY + MINUTE }),
    );
    await put([PRIVATE_WEEKENDS]);
    expect((await ask(JAN, 'POST', '/rules/preview', {})).body.changed).toBe(2);
    const period = { from: '2026-03-07', to: '2026-03-07' };
    expect((await ask(JAN, 'POST', '/rules/preview', period)).body.trips).toMatchObject([{ id: 't1' }]);
  });

  it('names what is wrong', async () => {
    const { ask } = await withPlaces();
    const wrong = { from: '2026-3-1', rules: [{ trip_type: 'P', when: { car_id: 'a/b' } }], color: 1 };
    expect(fieldsOf(await ask(JAN, 'POST', '/rules/preview', wrong)).toSorted()).toEqual([
      'color',
      'from',
      'rules.0.when.car_id',
    ]);
    const turned = await ask(JAN, 'POST', '/rules/apply', { from: '2026-03-02', to: '2026-03-01' });
    expect([turned.status, fieldsOf(turned)]).toEqual([400, ['to']]);
    const strange = await ask(JAN, 'POST', '/rules/preview', {
      rules: [{ when: { car_id: 'car_x' }, trip_type: 'P' }],
    });
    expect([strange.status, fieldsOf(strange)]).toEqual([422, ['rules.0.when.car_id']]);
  });
});

describe('POST /rules/apply', () => {
  it('never touches what was set by hand, came with another logbook or is closed', async () => {
    const { ask, book, put, get } = await withPlaces();
    await book(
      weekendTrip('hand', { setByUser: ['trip_type'], classifiedBy: 'user' }),
      weekendTrip('imported', { classifiedBy: 'import' }),
      weekendTrip('closed', { startedAt: CLOSED, endedAt: CLOSED + 20 * MINUTE }),
      weekendTrip('free', { purpose: 'own', setByUser: ['purpose'] }),
    );
    expect((await ask(JAN, 'POST', '/months/2026-02/close')).status).toBe(200);
    await put([{ ...PRIVATE_WEEKENDS, purpose: 'Vrij' }]);
    const trips = (await get('/trips')).body.trips;
    const answer = await ask(JAN, 'POST', '/rules/apply', {});
    expect([answer.body.changed, answer.body.unchanged]).toEqual([1, 3]);
    const after = (await get('/trips')).body.trips;
    const others = (list: { id: string }[]) => list.filter(({ id }) => id !== 'free');
    expect(others(after)).toEqual(others(trips));
    expect(after.find(({ id }: { id: string }) => id === 'free')).toMatchObject({ trip_type: 'P', purpose: 'own' });
  });

  it('changes a whole logbook as one act, undone and done again as one; totals are sums throughout', async () => {
    const { ask, book, put, deps, held } = await withPlaces();
    const trips = Array.from({ length: 130 }, (_, i) => {
      const startedAt = NOW - (i + 1) * DAY;
      return tripOf({
        id: `t${i}`,
        startedAt,
        endedAt: startedAt + 20 * MINUTE,
        distanceMetres: 1_000 + i,
        businessMetres: 1_000 + i,
      });
    });
    await book(...trips);
    await put([
      { when: { weekdays: ['mon', 'tue', 'sat'] }, trip_type: 'M', business_share: 0.3, purpose: 'rule' },
      { when: {}, trip_type: 'P' },
    ]);
    const before = held();
    const trial = await ask(JAN, 'POST', '/rules/apply?dry_run=true', {});
    expect(held()).toEqual(before);
    const applied = await ask(JAN, 'POST', '/rules/apply', {});
    expect(applied.body).toEqual({ ...trial.body, activity_id: expect.stringMatching(/^act_/) });
    expect(applied.body.changed).toBe(130);
    await tripsOf(deps.store.forUser(JAN));
    const after = held();
    const undone = await ask(JAN, 'POST', `/activity/${applied.body.activity_id}/undo`);
    expect(undone.body).toMatchObject({ cause: 'rules', count: 130, undoes: applied.body.activity_id });
    await tripsOf(deps.store.forUser(JAN));
    const back = held();
    expect(bookOf(back)).toEqual(bookOf(before));
    await ask(JAN, 'POST', `/activity/${undone.body.id}/undo`);
    expect(bookOf(held())).toEqual(bookOf(after));
    expect((await ask(JAN, 'POST', '/rules/apply', {})).body).toMatchObject({
      changed: 0,
      unchanged: 130,
      activity_id: null,
    });
  });

  it('knows a commute by its ends, whatever its class', async () => {
    const { ask, book, commuteTrip, get } = await withPlaces();
    await book(commuteTrip('t1', { commute: false }));
    await ask(JAN, 'POST', '/rules/apply', {});
    expect((await get('/trips/t1')).body).toMatchObject({ commute: true, trip_type: 'B', classified_by: 'default' });
  });
});
