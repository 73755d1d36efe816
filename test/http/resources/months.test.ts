import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripsOf } from '../../support/book.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, MINUTE, NOW, openLogbook, type Logbook } from './logbook.ts';

/** 2026-02-14, while it is 2026-03-10. */
const FEBRUARY = Date.parse('2026-02-14T09:00:00Z');

function inFebruary(id: string, change: Partial<Trip> = {}): Trip {
  return tripOf({ id, startedAt: FEBRUARY, endedAt: FEBRUARY + 30 * MINUTE, ...change });
}

async function withClosed() {
  const logbook = openLogbook();
  await logbook.book(inFebruary('feb'), tripOf({ id: 'mar' }));
  const closed = await logbook.ask(JAN, 'POST', '/months/2026-02/close');
  const verify = async (query = '') => (await logbook.get(`/reports/verify${query}`)).body;
  return { ...logbook, closed, verify };
}

async function tamper({ deps }: Logbook, change: (trip: Trip) => Trip | null, id = 'feb'): Promise<void> {
  await deps.store.forUser(JAN).transact(function* (tx) {
    const trip = yield* tx.get('trip', id);
    const altered = trip && change(trip);
    if (altered) tx.put('trip', altered.id, altered);
    else tx.remove('trip', id);
  });
}

describe('POST /months/{month}/close', () => {
  it('locks the trips of a month that is over, and says what to mind', async () => {
    const { closed, get, verify } = await withClosed();
    expect([closed.status, closed.body]).toEqual([
      200,
      {
        month: '2026-02',
        head: expect.stringMatching(/^[0-9a-f]{64}$/),
        closed_at: new Date(NOW).toISOString(),
        trips: 1,
        warnings: [
          { code: 'needs_review', trips: 1 },
          { code: 'without_purpose', trips: 1 },
          { code: 'without_car', trips: 1 },
          { code: 'without_address', trips: 1 },
        ],
      },
    ]);
    expect((await get('/trips/feb')).body.locked).toBe(true);
    expect((await get('/trips/mar')).body.locked).toBe(false);
    expect((await get('/months')).body).toEqual({
      months: [
        {
          month: '2026-02',
          closed_at: new Date(NOW).toISOString(),
          head: closed.body.head,
          nth: 1,
          trips: 1,
          corrections: 0,
        },
      ],
      next_cursor: null,
    });
    expect(await verify()).toEqual({ ok: true, head: closed.body.head, checked: 1, knows_head: null, problems: [] });
  });

  it('answers a month that is closed already as it stands, and changes nothing on trial', async () => {
    const { ask, closed, clock, storePath } = await withClosed();
    clock.advance(DAY);
    const before = dump(storePath, JAN);
    expect((await ask(JAN, 'POST', '/months/2026-02/close')).body).toEqual(closed.body);
    const trial = await ask(JAN, 'POST', '/months/2026-01/close?dry_run=true');
    expect([trial.status, trial.body.month]).toEqual([200, '2026-01']);
    expect(dump(storePath, JAN)).toEqual(before);
  });

  it('keeps the names of its places, whatever becomes of them', async () => {
    const { ask, book, get } = openLogbook();
    const office = { name: 'Kantoor', lat: 52, lng: 5 };
    const { id } = (await ask(JAN, 'POST', '/locations', office)).body;
    const place = { lat: 52, lng: 5, locationId: id as string };
    await book(inFebruary('feb', { from: { ...place, address: null }, to: { ...place, address: 'Dam 1' } }));
    await ask(JAN, 'POST', '/months/2026-02/close');
    await ask(JAN, 'DELETE', `/locations/${id}`);
    expect((await get('/trips/feb')).body).toMatchObject({ from: { address: 'Kantoor' }, to: { address: 'Dam 1' } });
    expect((await get('/reports/verify')).body).toMatchObject({ ok: true, checked: 1 });
  });

  it('takes a month in the zone of each of its trips', async () => {
    const { book, ask, get } = openLogbook();
    const startedAt = Date.parse('2026-02-28T23:30:00Z');
    await book(
      tripOf({ id: 'london', startedAt, timeZone: 'Europe/London' }),
      tripOf({ id: 'amsterdam', startedAt, timeZone: 'Europe/Amsterdam' }),
    );
    expect((await ask(JAN, 'POST', '/months/2026-02/close')).body.trips).toBe(1);
    expect((await get('/trips/london')).body.locked).toBe(true);
    expect((await get('/trips/amsterdam')).body.locked).toBe(false);
  });

  it.each(['2026-03', '2026-04', '2999-12'])('refuses %s, which is not over', async (month) => {
    const { ask } = openLogbook();
    const answer = await ask(JAN, 'POST', `/months/${month}/close`);
    expect([answer.status, answer.body.code]).toEqual([422, 'month_not_over']);
  });

  it.each(['2026-13', '2026-2', 'februari', '2026-02-01'])('names what is wrong with %s', async (month) => {
    const { ask } = openLogbook();
    const answer = await ask(JAN, 'POST', `/months/${month}/close`);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, ['month']]);
  });

  it('waits for a drive that began in it', async () => {
    const { ask, clock } = openLogbook();
    clock.set(Date.parse('2026-02-28T22:50:00Z'));
    await ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 5 });
    clock.advance(30 * MINUTE);
    const answer = await ask(JAN, 'POST', '/months/2026-02/close');
    expect([answer.status, answer.body.code]).toEqual([422, 'month_not_over']);
    expect((await ask(JAN, 'POST', '/months/2026-01/close')).status).toBe(200);
  });

  it('is told in the feed, and not undone', async () => {
    const { ask, get, closed } = await withClosed();
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({
      noun: 'month',
      kind: 'created',
      after: { month: '2026-02', head: closed.body.head, trips: 1 },
    });
    const undone = await ask(JAN, 'POST', `/activity/${entry.id}/undo`);
    expect([undone.status, undone.body.code]).toEqual([409, 'conflict']);
  });
});

describe('a closed month', () => {
  const CHANGES: readonly [string, string, string, object?][] = [
    ['an edit', 'PATCH', '/trips/feb', { purpose: 'x' }],
    [
      'a move out of it',
      'PATCH',
      '/trips/feb',
      { started_at: '2026-03-01T10:00:00Z', ended_at: '2026-03-01T11:00:00Z' },
    ],
    ['a move into it', 'PATCH', '/trips/mar', { started_at: '2026-02-20T10:00:00Z', ended_at: '2026-02-20T11:00:00Z' }],
    ['a deletion', 'DELETE', '/trips/feb'],
    [
      'a new trip',
      'POST',
      '/trips',
      { started_at: '2026-02-20T10:00:00Z', ended_at: '2026-02-20T11:00:00Z', distance_km: 5 },
    ],
    ['a split', 'POST', '/trips/feb/split', { at: new Date(FEBRUARY + 10 * MINUTE).toISOString() }],
    ['a review', 'POST', '/review/feb', { action: 'passenger' }],
  ];

  it.each(CHANGES)('takes %s only with a reason', async (_, method, path, body) => {
    const { ask, storePath, verify } = await withClosed();
    const before = dump(storePath, JAN);
    const answer = await ask(JAN, method, path, body);
    expect([answer.status, answer.body.code]).toEqual([409, 'month_closed']);
    expect(dump(storePath, JAN)).toEqual(before);
    expect((await verify()).ok).toBe(true);
  });

  it.each(CHANGES.slice(0, 5))('takes %s with one, and it joins the chain', async (_, method, path, body) => {
    const { ask, closed, deps, get, verify } = await withClosed();
    const reason = 'typed wrongly';
    const asked = body ? path : `${path}?correction_reason=${encodeURIComponent(reason)}`;
    const answer = await ask(JAN, method, asked, body && { ...body, correction_reason: reason });
    expect(answer.status).toBeLessThan(300);
    const { head, ...found } = await verify();
    expect(found).toMatchObject({ ok: true, problems: [] });
    expect(head).not.toBe(closed.body.head);
    expect((await get('/months')).body.months).toMatchObject([{ month: '2026-02', corrections: 1 }]);
    const stored = await deps.store.forUser(JAN).get('closed_month', '2026-02');
    expect(stored?.corrections).toMatchObject([{ reason, by: { kind: 'open' }, head }]);
    expect(await verify(`?head=${closed.body.head}`)).toMatchObject({ ok: true, knows_head: true });
    await tripsOf(deps.store.forUser(JAN));
  });

  it('is split and merged with a reason, and the chain knows', async () => {
    const { ask, get, verify } = await withClosed();
    const said = { at: new Date(FEBRUARY + 10 * MINUTE).toISOString(), correction_reason: 'two drives' };
    const parts = (await ask(JAN, 'POST', '/trips/feb/split', said)).body.trips;
    expect((await verify()).ok).toBe(true);
    expect((await get('/months')).body.months).toMatchObject([{ corrections: 2 }]);
    const ids = parts.map(({ id }: { id: string }) => id);
    expect((await ask(JAN, 'POST', '/trips/merge', { ids })).body.code).toBe('month_closed');
    const merged = await ask(JAN, 'POST', '/trips/merge', { ids, correction_reason: 'one after all' });
    expect(merged.status).toBe(200);
    expect((await get('/trips/feb')).body.locked).toBe(true);
    expect((await verify()).ok).toBe(true);
  });

  it('locks what is put into it', async () => {
    const { ask, get } = await withClosed();
    const body = {
      started_at: '2026-02-20T10:00:00Z',
      ended_at: '2026-02-20T11:00:00Z',
      distance_km: 5,
      correction_reason: 'forgotten',
    };
    const made = await ask(JAN, 'POST', '/trips', body);
    expect(made.body.locked).toBe(true);
    const moved = {
      started_at: '2026-03-04T10:00:00Z',
      ended_at: '2026-03-04T11:00:00Z',
      correction_reason: 'wrong month',
    };
    expect((await ask(JAN, 'PATCH', `/trips/${made.body.id}`, moved)).body.locked).toBe(false);
    expect((await get('/months')).body.months).toMatchObject([{ corrections: 2 }]);
  });

  it('is left alone by what changes many trips', async () => {
    const { ask, get, verify } = await withClosed();
    await ask(JAN, 'PUT', '/rules', { rules: [{ trip_type: 'P' }] });
    expect((await ask(JAN, 'POST', '/rules/apply', {})).body.changed).toBe(1);
    const bulk = await ask(JAN, 'POST', '/trips/bulk', { ids: ['feb', 'mar'], set: { purpose: 'x' } });
    expect(bulk.body).toMatchObject({ changed: 1, refused: [{ id: 'feb', code: 'month_closed' }] });
    expect((await get('/trips/feb')).body).toMatchObject({ trip_type: 'B', purpose: null });
    expect((await verify()).ok).toBe(true);
  });

  it('keeps what was done before it was closed from being undone', async () => {
    const { ask, book, get, verify } = openLogbookWithVerify();
    await book(inFebruary('feb'));
    await ask(JAN, 'PATCH', '/trips/feb', { purpose: 'x' });
    const [edit] = (await get('/activity')).body.activity;
    await ask(JAN, 'POST', '/months/2026-02/close');
    const undone = await ask(JAN, 'POST', `/activity/${edit.id}/undo`);
    expect([undone.status, undone.body.code]).toEqual([409, 'month_closed']);
    expect((await verify()).ok).toBe(true);
  });

  it('gives back with a reason what was corrected or done before it was closed, and takes that back too', async () => {
    const { ask, get, verify } = await withClosed();
    const undoLast = async (body?: object) => {
      const [{ id }] = (await get('/activity')).body.activity;
      return ask(JAN, 'POST', `/activity/${id}/undo`, body);
    };
    await ask(JAN, 'DELETE', '/trips/feb?correction_reason=double');
    expect((await undoLast()).body.code).toBe('month_closed');
    expect((await undoLast({ correction_reason: 'It was another one' })).status).toBe(200);
    expect((await get('/trips/feb')).body.locked).toBe(true);
    expect(fieldsOf(await undoLast({ reason: 'no such field' }))).toEqual(['reason']);
    expect(fieldsOf(await undoLast([]))).toEqual(['']);
    expect((await undoLast({ correction_reason: 'Double after all' })).status).toBe(200);
    expect((await get('/trips/feb')).status).toBe(404);
    expect(await verify()).toMatchObject({ ok: true, checked: 0 });
    expect((await get('/months')).body.months[0].corrections).toBe(3);
  });

  it('is not needed for other undos, nor a body', async () => {
    const { app, ask, book, get } = openLogbook();
    await book(tripOf({ id: 'mar' }));
    await ask(JAN, 'PATCH', '/trips/mar', { purpose: 'x' });
    const [{ id }] = (await get('/activity')).body.activity;
    const headers = { 'x-user-email': JAN, 'content-type': 'application/json' };
    expect((await app.request(`/activity/${id}/undo`, { method: 'POST', headers })).status).toBe(200);
    const { body } = await get('/openapi.json');
    expect(Object.keys(body.components.schemas.Undoing.properties)).toEqual(['correction_reason']);
  });

  it('says that it is closed when an import of its trips is to be undone, and leaves all of it', async () => {
    const { ask, get, verify } = openLogbookWithVerify();
    const rows = [10, 11, 12].map((day) => `2026-02-${day}T08:00:00Z,2026-02-${day}T09:00:00Z,7`);
    const march = '2026-03-01T08:00:00Z,2026-03-01T09:00:00Z,7';
    await ask(JAN, 'POST', '/import', { csv: ['started_at,ended_at,distance_km', march, ...rows].join('\n') });
    const [{ id }] = (await get('/activity')).body.activity;
    await ask(JAN, 'POST', '/months/2026-02/close');
    const undone = await ask(JAN, 'POST', `/activity/${id}/undo`);
    expect([undone.status, undone.body.code]).toEqual([409, 'month_closed']);
    expect((await get('/trips')).body.trips).toHaveLength(4);
    const reason = { correction_reason: 'The wrong file' };
    expect((await ask(JAN, 'POST', `/activity/${id}/undo`, reason)).status).toBe(200);
    expect((await get('/trips')).body.trips).toEqual([]);
    expect(await verify()).toMatchObject({ ok: true, checked: 0 });
  });

  it('puts a drive that turns up late into the review list, and nothing into the book', async () => {
    const { ask, clock, get, verify } = openLogbookWithVerify();
    clock.set(Date.parse('2026-03-01T08:00:00Z'));
    await ask(JAN, 'POST', '/months/2026-02/close');
    const said = { lat: 52, lng: 5, timestamp: '2026-02-28T10:00:00Z' };
    expect((await ask(JAN, 'POST', '/webhook/start', said)).body.code).toBe('no_active_trip');
    await ask(JAN, 'POST', '/webhook/end', { lat: 52.2, lng: 5, timestamp: '2026-02-28T11:00:00Z' });
    expect((await get('/trips')).body.trips).toEqual([]);
    expect((await get('/review')).body.review).toMatchObject([
      { reasons: ['late_event'] },
      { reasons: ['late_event'] },
    ]);
    expect((await verify()).ok).toBe(true);
  });

  it('is not reopened by an end that comes after it', async () => {
    const { ask, clock, get, verify } = openLogbookWithVerify();
    clock.set(Date.parse('2026-02-28T20:00:00Z'));
    await ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 5 });
    clock.advance(30 * MINUTE);
    await ask(JAN, 'POST', '/webhook/end', { lat: 52.2, lng: 5 });
    clock.advance(3 * HOUR);
    await ask(JAN, 'POST', '/months/2026-02/close');
    const before = (await get('/trips')).body;
    clock.advance(5 * MINUTE);
    await ask(JAN, 'POST', '/webhook/end', { lat: 52.3, lng: 5, timestamp: '2026-02-28T20:40:00Z' });
    await ask(JAN, 'POST', '/webhook/ping', { points: [{ lat: 52.1, lng: 5, timestamp: '2026-02-28T20:10:00Z' }] });
    expect((await get('/trips')).body).toEqual(before);
    expect((await verify()).ok).toBe(true);
  });
});

function openLogbookWithVerify() {
  const logbook = openLogbook();
  return { ...logbook, verify: async (query = '') => (await logbook.get(`/reports/verify${query}`)).body };
}

describe('GET /reports/verify', () => {
  it('names a trip that was altered in the store, in any field', async () => {
    const one = await withClosed();
    const trip = await one.deps.store.forUser(JAN).get('trip', 'feb');
    const fields = Object.keys(trip ?? {}).filter(
      (name) => !['updatedAt', 'locked', 'id', 'startedAt', 'timeZone'].includes(name),
    );
    expect(fields.length).toBeGreaterThan(25);
    for (const name of fields) {
      await tamper(one, (now) => ({ ...now, [name]: 'tampered' }));
      expect((await one.verify()).problems).toEqual([
        { kind: 'altered_trip', trip_id: 'feb', month: '2026-02', detail: expect.stringContaining('feb') },
      ]);
      await tamper(one, () => trip);
    }
    expect((await one.verify()).ok).toBe(true);
  });

  it.each(["sort = '1700000000000'", "car = 'car_other'"])(
    'names one that lists no longer find: %s',
    async (column) => {
      const logbook = openLogbookWithVerify();
      await logbook.book(inFebruary('feb', { carId: 'car_1' }), tripOf({ id: 'mar', carId: 'car_other' }));
      await logbook.ask(JAN, 'POST', '/months/2026-02/close');
      const db = new DatabaseSync(logbook.storePath);
      expect(db.prepare(`UPDATE document SET ${column} WHERE kind = 'trip' AND id = 'feb'`).run().changes).toBe(1);
      db.close();
      expect(await logbook.verify()).toMatchObject({ ok: false, problems: [{ kind: 'altered_trip', trip_id: 'feb' }] });
    },
  );

  it('names one that was moved out, taken out or put in', async () => {
    const one = await withClosed();
    await tamper(one, (trip) => ({ ...trip, startedAt: NOW }));
    expect((await one.verify()).problems).toMatchObject([{ kind: 'missing_trip', trip_id: 'feb' }]);
    await tamper(one, () => null);
    expect((await one.verify()).problems).toMatchObject([{ kind: 'missing_trip', trip_id: 'feb' }]);
    await tamper(one, (trip) => ({ ...trip, startedAt: FEBRUARY }), 'mar');
    expect((await one.verify()).problems).toMatchObject([
      { kind: 'added_trip', trip_id: 'mar' },
      { kind: 'missing_trip' },
    ]);
  });

  it('finds a month that was opened by hand, and a chain that was cut', async () => {
    const { deps, verify } = await withClosed();
    const user = deps.store.forUser(JAN);
    await user.transact(function* (tx) {
      yield* tx.get('closed_month', '2026-02');
      tx.remove('closed_month', '2026-02');
    });
    expect((await verify()).problems).toMatchObject([{ kind: 'cut_off' }]);
  });

  it('does not know a head that never was', async () => {
    const { verify } = await withClosed();
    expect(await verify(`?head=${'0'.repeat(64)}`)).toMatchObject({ ok: false, knows_head: false });
    const { get } = openLogbook();
    expect(fieldsOf(await get('/reports/verify?head=x'))).toEqual(['head']);
  });

  it('is about one’s own months alone', async () => {
    const { get } = await withClosed();
    expect((await get('/reports/verify', PIET)).body).toEqual({
      ok: true,
      head: null,
      checked: 0,
      knows_head: null,
      problems: [],
    });
    expect((await get('/months', PIET)).body.months).toEqual([]);
  });

  it('holds for a logbook that moved, by its export', async () => {
    const { ask, closed, get } = await withClosed();
    await ask(JAN, 'PATCH', '/trips/feb', { purpose: 'x', correction_reason: 'forgotten' });
    const exported = (await get('/me/export')).text;
    const other = openLogbook();
    const headers = { 'x-user-email': PIET, 'content-type': 'application/json' };
    const imported = await other.app.request('/me/import', { method: 'POST', headers, body: exported });
    expect(imported.status).toBe(200);
    expect((await other.get('/reports/verify', PIET)).body).toEqual((await get('/reports/verify')).body);
    expect((await other.get(`/reports/verify?head=${closed.body.head}`, PIET)).body.knows_head).toBe(true);
    const edit = await other.ask(PIET, 'PATCH', '/trips/feb', { purpose: 'y' });
    expect(edit.body.code).toBe('month_closed');
  });
});
