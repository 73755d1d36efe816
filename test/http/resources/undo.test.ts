import { describe, expect, it } from 'vitest';
import { bookTrips } from '../../../src/actions/book.ts';
import { JAN, PIET, testApp } from '../../support/app.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, HOUR, MINUTE, NOW, openLogbook, type Answer, type Logbook } from './logbook.ts';

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** What is there before, and what is done to it then. */
interface Deed {
  readonly prepare: (ask: Ask, logbook: Logbook) => Promise<string>;
  readonly act: (ask: Ask, id: string) => Promise<Answer>;
}

const made = async (answer: Promise<Answer>): Promise<string> => (await answer).body.id;
const car = (ask: Ask) => made(ask('POST', '/cars', { name: 'Golf', device_names: ['golf'] }));
const place = (ask: Ask) => made(ask('POST', '/locations', { name: 'Thuis', lat: 52, lng: 4, kind: 'home' }));
const reading = async (ask: Ask) =>
  made(ask('POST', '/odometer-readings', { car_id: await car(ask), odometer_km: 1_000, note: 'bij de pomp' }));
const trip = async (_: Ask, { book }: Logbook) => {
  const one = tripOf({ startedAt: NOW - 3 * HOUR, createdAt: NOW - 2 * HOUR, purpose: 'beurs' });
  await book(one);
  return one.id;
};
const nothing = async (ask: Ask) => {
  await ask('PATCH', '/settings', { alarms: false });
  return '';
};

const DEEDS: Readonly<Record<string, Deed>> = {
  'a trip changed': {
    prepare: trip,
    act: (ask, id) => ask('PATCH', `/trips/${id}`, { purpose: 'klant', trip_type: 'P' }),
  },
  'a trip measured otherwise': {
    prepare: trip,
    act: (ask, id) => {
      const times = { started_at: '2026-02-27T09:00:00Z', ended_at: '2026-02-27T10:00:00Z' };
      return ask('PATCH', `/trips/${id}`, { distance_km: 99, ...times });
    },
  },
  'a trip deleted': { prepare: trip, act: (ask, id) => ask('DELETE', `/trips/${id}`) },
  'a location made': { prepare: nothing, act: (ask) => ask('POST', '/locations', { name: 'Werk', lat: 52, lng: 5 }) },
  'a location changed': {
    prepare: async (ask) => {
      const first = await place(ask);
      await place(ask);
      return first;
    },
    act: (ask, id) => ask('PATCH', `/locations/${id}`, { name: 'Huis', radius_m: 300 }),
  },
  'a location deleted': {
    prepare: async (ask) => {
      const first = await place(ask);
      await place(ask);
      return first;
    },
    act: (ask, id) => ask('DELETE', `/locations/${id}`),
  },
  'a car made': { prepare: nothing, act: (ask) => ask('POST', '/cars', { name: 'Polo' }) },
  'a car changed': {
    prepare: async (ask) => {
      const first = await car(ask);
      await ask('POST', '/cars', { name: 'Polo' });
      return first;
    },
    act: (ask, id) => ask('PATCH', `/cars/${id}`, { name: 'Golf 8', device_names: [] }),
  },
  'a car deleted': { prepare: car, act: (ask, id) => ask('DELETE', `/cars/${id}`) },
  'the default car deleted': {
    prepare: async (ask) => {
      const id = await car(ask);
      await ask('PATCH', '/settings', { default_car_id: id });
      return id;
    },
    act: (ask, id) => ask('DELETE', `/cars/${id}`),
  },
  'the default car archived': {
    prepare: async (ask, logbook) => {
      const id = await car(ask);
      await ask('PATCH', '/settings', { default_car_id: id });
      await logbook.book(tripOf({ carId: id }));
      return id;
    },
    act: (ask, id) => ask('DELETE', `/cars/${id}`),
  },
  'a car connected without a secret': {
    prepare: car,
    act: (ask, id) => ask('PUT', `/cars/${id}/connection`, { provider: 'push' }),
  },
  'a connection without a secret taken away': {
    prepare: async (ask) => {
      const id = await car(ask);
      await ask('PUT', `/cars/${id}/connection`, { provider: 'push' });
      return id;
    },
    act: (ask, id) => ask('DELETE', `/cars/${id}/connection`),
  },
  'an odometer read': {
    prepare: car,
    act: (ask, id) => ask('POST', '/odometer-readings', { car_id: id, odometer_km: 1_234 }),
  },
  'an odometer read some days ago': {
    prepare: car,
    act: (ask, id) => ask('POST', '/odometer-readings', { car_id: id, odometer_km: 1_234, at: '2026-03-01T12:00:00Z' }),
  },
  'a reading deleted': { prepare: reading, act: (ask, id) => ask('DELETE', `/odometer-readings/${id}`) },
  'settings changed': {
    prepare: nothing,
    act: (ask) => ask('PATCH', '/settings', { language: 'nl', resume_window_min: 3 }),
  },
};

function open() {
  const logbook = openLogbook();
  const ask: Ask = (method, path, body) => logbook.ask(JAN, method, path, body);
  const latest = async () => (await logbook.get('/activity?limit=1')).body.activity[0];
  const undo = (id: string) => ask('POST', `/activity/${id}/undo`);
  return { logbook, ask, latest, undo };
}

/** What is stored, but for when it was written, who was told and what was decided; of the rules' memory, the cars. */
function stored({ storePath }: Logbook): Record<string, unknown> {
  const { 'memory/': memory, ...all } = dump(storePath, JAN);
  const kept = Object.entries(all).filter(([name]) => !/^(activity|polls|idle|event)\//.test(name));
  const { cars = {} } = (memory as { memory: { cars: object } } | undefined)?.memory ?? {};
  return JSON.parse(JSON.stringify({ cars, ...Object.fromEntries(kept) }, inOneOrder));
}

function inOneOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const parts = Object.entries(value).filter(([name]) => name !== 'updatedAt');
  return Object.fromEntries(parts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('POST /activity/{id}/undo', () => {
  for (const [name, { prepare, act }] of Object.entries(DEEDS)) {
    it(`takes back ${name}, and takes that back`, async () => {
      const { logbook, ask, latest, undo } = open();
      const id = await prepare(ask, logbook);
      const before = stored(logbook);
      logbook.clock.advance(MINUTE);
      expect((await act(ask, id)).status).toBeLessThan(300);
      const done = await latest();
      const after = stored(logbook);
      expect(after).not.toEqual(before);

      logbook.clock.advance(MINUTE);
      const undone = await undo(done.id);
      expect([undone.status, undone.body.undoes, undone.body.by.kind]).toEqual([200, done.id, 'open']);
      expect(stored(logbook)).toEqual(before);
      expect((await undo(done.id)).status).toBe(409);
      const [entry, undoneEntry] = (await logbook.get('/activity?limit=2')).body.activity;
      expect(entry).toEqual(undone.body);
      expect(undoneEntry).toEqual({ ...done, undone_by: undone.body.id });

      const redone = await undo(undone.body.id);
      expect([redone.status, redone.body.undoes]).toEqual([200, undone.body.id]);
      expect(stored(logbook)).toEqual(after);
      const feed = (await logbook.get('/activity?limit=3')).body.activity;
      expect(feed.map(({ undone_by: by }: { undone_by: string | null }) => by)).toEqual([null, redone.body.id, null]);
      expect((await undo(done.id)).status).toBe(200);
      expect(stored(logbook)).toEqual(before);
    });
  }

  it('says what the trip rules did by themselves is not undone, and what to do instead', async () => {
    const { logbook, ask, latest, undo } = open();
    await trip(ask, logbook);
    const refused = await undo((await latest()).id);
    expect(refused.body).toMatchObject({ status: 409, code: 'conflict', detail: expect.stringContaining('Delete') });
    await ask('POST', '/webhook/start', { lat: 52, lng: 4 });
    logbook.clock.advance(5_000);
    await ask('POST', '/webhook/end', { lat: 52, lng: 4 });
    const discarded = await latest();
    expect(discarded).toMatchObject({ kind: 'discarded', by: { kind: 'rules' } });
    expect((await undo(discarded.id)).body.detail).toContain('/events');
  });

  it('names the later change that stands in the way', async () => {
    const { logbook, ask, latest, undo } = open();
    const path = `/trips/${await trip(ask, logbook)}`;
    await ask('PATCH', path, { purpose: 'een' });
    const first = await latest();
    logbook.clock.advance(MINUTE);
    await ask('PATCH', path, { notes: 'twee' });
    const second = await latest();
    const refused = await undo(first.id);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain(`on ${second.at}`);
    expect(refused.body.errors[0].field).toBe(second.id);
    expect((await undo(second.id)).status).toBe(200);
    expect((await undo(first.id)).status).toBe(200);
    expect((await logbook.get(path)).body).toMatchObject({ purpose: 'beurs', notes: null });
  });

  it('keeps what the rules measured since', async () => {
    const { logbook, ask, latest, undo } = open();
    const one = tripOf({ startedAt: NOW - 3 * HOUR, odometerPending: true });
    await logbook.book(one);
    await ask('PATCH', `/trips/${one.id}`, { trip_type: 'P', purpose: 'strand' });
    const edit = await latest();
    logbook.clock.advance(MINUTE);
    await logbook.deps.store.forUser(JAN).transact(function* (tx) {
      const before = yield* tx.get('trip', one.id);
      if (!before) throw new Error('no trip');
      const after = { ...before, distanceMetres: 13_000, distanceSource: 'odometer' as const, odometerPending: false };
      yield* bookTrips(tx, [{ before, after }], { kind: 'rules' }, logbook.deps.ids, logbook.clock.now());
    });
    expect((await undo(edit.id)).status).toBe(200);
    expect((await logbook.get(`/trips/${one.id}`)).body).toMatchObject({
      trip_type: 'B',
      purpose: null,
      distance_km: 13,
      business_km: 13,
      distance_source: 'odometer',
      needs_review: true,
    });
    expect((await logbook.get('/stats')).body).toMatchObject({ total_km: 13, business_km: 13 });
  });

  it('reaches back 30 days', async () => {
    const { logbook, ask, latest, undo } = open();
    await place(ask);
    const done = await latest();
    logbook.clock.advance(30 * DAY + 1);
    expect((await undo(done.id)).body).toMatchObject({ status: 409, detail: expect.stringContaining('30 days') });
    logbook.clock.advance(-1);
    expect((await undo(done.id)).status).toBe(200);
  });

  it('of two at once one wins', async () => {
    const { logbook, ask, latest, undo } = open();
    await ask('DELETE', `/trips/${await trip(ask, logbook)}`);
    const { id } = await latest();
    const answers = await Promise.all([undo(id), undo(id), undo(id)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect((await logbook.get('/stats')).body).toMatchObject({ trip_count: 1 });
  });

  it('brings a deleted trip back with its track', async () => {
    const { logbook, ask, latest, undo } = open();
    for (const [i, action] of ['start', 'ping', 'ping', 'end'].entries()) {
      await ask('POST', `/webhook/${action}`, { lat: 52 + i / 20, lng: 4 });
      logbook.clock.advance(5 * MINUTE);
    }
    const [{ id }] = (await logbook.get('/trips')).body.trips;
    const track = (await logbook.get(`/trips/${id}/track`)).text;
    await ask('DELETE', `/trips/${id}`);
    logbook.clock.advance(29 * DAY);
    await ask('POST', '/scheduler/poll-all');
    expect((await logbook.get(`/trips/${id}/track`)).status).toBe(404);
    await undo((await latest()).id);
    expect((await logbook.get(`/trips/${id}/track`)).text).toBe(track);
    logbook.clock.advance(2 * DAY);
    await ask('POST', '/scheduler/poll-all');
    expect((await logbook.get(`/trips/${id}/track`)).text).toBe(track);
  });

  it('does not lay a trip over one that came since, nor with a car that is gone', async () => {
    const { logbook, ask, latest, undo } = open();
    const carId = await car(ask);
    const [one, over] = [tripOf({ startedAt: NOW - 3 * HOUR, carId }), tripOf({ startedAt: NOW - 3 * HOUR + MINUTE })];
    const since = tripOf({ startedAt: NOW - 3 * HOUR + 2 * MINUTE });
    await logbook.book(one, over);
    await ask('DELETE', `/trips/${one.id}`);
    const deleted = await latest();
    logbook.clock.advance(MINUTE);
    await ask('DELETE', `/cars/${carId}`);
    const gone = await latest();
    expect((await undo(deleted.id)).body.detail).toContain(carId);
    await undo(gone.id);
    await logbook.book(since);
    expect((await undo(deleted.id)).body.detail).toContain(since.id);
    await ask('DELETE', `/trips/${since.id}`);
    expect((await undo(deleted.id)).status).toBe(200);
  });

  it('never brings a secret back', async () => {
    const { logbook, ask, latest, undo } = open();
    const id = await car(ask);
    const simulator = { provider: 'simulator', odometer_km: 48_000, parked_at: { lat: 52, lng: 5 } };
    expect((await ask('PUT', `/cars/${id}/connection`, simulator)).status).toBe(200);
    const connected = await latest();
    await ask('PATCH', `/cars/${id}`, { name: 'Golf 8' });
    const renamed = await latest();
    await ask('DELETE', `/cars/${id}/connection`);
    const disconnected = await latest();
    expect((await undo(disconnected.id)).body.detail).toContain('connect it again');
    expect((await undo(connected.id)).status).toBe(409);
    expect((await undo(renamed.id)).status).toBe(200);
    await ask('PUT', `/cars/${id}/connection`, simulator);
    const again = await latest();
    const undone = await undo(again.id);
    expect([undone.status, undone.body.after.connection]).toEqual([200, null]);
    expect(dump(logbook.storePath, JAN)).not.toHaveProperty([`secret/${id}`]);
    expect((await undo(undone.body.id)).status).toBe(409);
    await ask('PUT', `/cars/${id}/connection`, simulator);
    await ask('DELETE', `/cars/${id}`);
    const back = await undo((await latest()).id);
    expect([back.status, back.body.after.name, back.body.after.connection]).toEqual([200, 'Golf', null]);
  });

  it('checks what else would contradict it', async () => {
    const { logbook, ask, latest, undo } = open();
    const golf = await car(ask);
    const madeGolf = await latest();
    await ask('DELETE', `/cars/${golf}`);
    const deleted = await latest();
    const polo = await made(ask('POST', '/cars', { name: 'Polo', device_names: ['GOLF'] }));
    const madePolo = await latest();
    const taken = await undo(deleted.id);
    expect([taken.status, taken.body.errors[0].field]).toEqual([409, 'device_names']);
    await ask('PATCH', '/settings', { default_car_id: polo });
    expect((await undo(madePolo.id)).body.detail).toContain('default car');
    const chosen = await latest();
    await ask('PATCH', '/settings', { default_car_id: null });
    const cleared = await latest();
    await logbook.book(tripOf({ carId: polo }));
    expect((await undo(madePolo.id)).body.detail).toContain('archive');
    await ask('PATCH', `/cars/${polo}`, { device_names: [] });
    expect((await undo(deleted.id)).status).toBe(200);
    expect((await undo(madeGolf.id)).status).toBe(200);
    await ask('DELETE', `/cars/${polo}`);
    expect((await undo(cleared.id)).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('default car'),
    });
    expect((await undo(chosen.id)).status).toBe(409);
  });

  it('finds nothing of anybody else, and nothing that was never there', async () => {
    const { logbook, ask, latest } = open();
    await place(ask);
    const { id } = await latest();
    for (const [user, path] of [
      [PIET, id],
      [JAN, 'act_x'],
      [JAN, '%2e%2e'],
    ] as const) {
      expect((await logbook.ask(user, 'POST', `/activity/${path}/undo`)).body).toMatchObject({ code: 'not_found' });
    }
    expect((await latest()).undone_by).toBeNull();
    expect((await logbook.get(`/activity/${id}/undo`)).status).toBe(405);
    expect((await ask('POST', `/activity/${id}/undo?force=true`)).status).toBe(400);
  });

  it('wants the scope write, and notes the token that did it', async () => {
    const { app, tokenOf } = testApp({ auth: 'required' });
    const asking = async (scopes: ('read' | 'write' | 'events')[]) => {
      const secret = await tokenOf(JAN, { scopes });
      const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
      return (method: string, path: string, body?: object) =>
        app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    };
    const [all, reader] = [await asking(['read', 'write', 'events']), await asking(['read', 'events'])];
    await all('POST', '/locations', { name: 'Thuis', lat: 52, lng: 4 });
    const feed = async () =>
      ((await (await all('GET', '/activity')).json()) as { activity: { id: string }[] }).activity;
    const [entry] = await feed();
    expect((await reader('POST', `/activity/${entry?.id}/undo`)).status).toBe(403);
    expect((await all('POST', `/activity/${entry?.id}/undo`)).status).toBe(200);
    expect((await feed())[0]).toMatchObject({ kind: 'deleted', by: { kind: 'token', label: 'test' } });
  });
});
