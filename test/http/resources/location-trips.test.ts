import { describe, expect, it } from 'vitest';
import type { Place, Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, NOW, openLogbook, type Answer, type Logbook } from './logbook.ts';

const HERE = { lat: 52.0907, lng: 5.1214 };
const FAR = { lat: 52.37, lng: 4.9 };
const HOME = { name: 'Thuis', kind: 'home', ...HERE };
const OFFICE = { name: 'Kantoor', kind: 'office', ...FAR };

function placeAt(position: { lat: number; lng: number }, parts: Partial<Place> = {}): Place {
  return { ...position, address: null, locationId: null, ...parts };
}

/** Every day one, from here to there, at no location yet. */
function tripsOf(many: number, parts: Partial<Trip> = {}): Trip[] {
  return Array.from({ length: many }, (_, i) =>
    tripOf({ startedAt: NOW - (i + 1) * 6 * HOUR, from: placeAt(HERE), to: placeAt(FAR), ...parts }),
  );
}

/** What is there but the feed and when it was written. */
function book({ storePath }: Logbook): Record<string, unknown> {
  const plain = JSON.stringify(dump(storePath, JAN), (name, value: unknown) => (name === 'updatedAt' ? 0 : value));
  const all = Object.entries(JSON.parse(plain) as Record<string, unknown>);
  return Object.fromEntries(all.filter(([name]) => !/^(activity|part)\//.test(name)));
}

/** The newest entry of the feed. */
async function latest({ get }: Logbook): Promise<Answer['body']> {
  return (await get('/activity?limit=1')).body.activity[0];
}

/** Answers the entry that says so. */
async function undo({ ask, clock }: Logbook, id: string): Promise<string> {
  clock.advance(1_000);
  const answer = await ask(JAN, 'POST', `/activity/${id}/undo`);
  expect(answer.status).toBe(200);
  return answer.body.id;
}

describe('past trips follow', () => {
  it('a location that is added, changed and removed, with class and totals; each is one act, undone as one', async () => {
    const logbook = openLogbook();
    const { ask, book: enter, clock, get } = logbook;
    await ask(JAN, 'PUT', '/rules', {
      rules: [{ when: { ends: ['home', 'office'] }, trip_type: 'P', purpose: 'commute' }],
    });
    const trips = tripsOf(60);
    await enter(...trips);
    const totals = async () => (await get('/stats')).body;
    const first = async () => (await get(`/trips/${trips[0]!.id}`)).body;
    const states: unknown[] = [book(logbook)];
    const steps: [string, string, object?][] = [
      ['POST', '/locations', HOME],
      ['POST', '/locations', OFFICE],
    ];
    for (const [method, path, body] of steps) {
      clock.advance(1_000);
      expect((await ask(JAN, method, path, body)).status).toBe(201);
      states.push(book(logbook));
    }
    const [home, office] = (await get('/locations')).body.locations;
    expect(await first()).toMatchObject({
      from: { location_id: home.id },
      to: { location_id: office.id },
      trip_type: 'P',
      commute: true,
      purpose: 'commute',
      needs_review: false,
    });
    expect(await totals()).toMatchObject({ trip_count: 60, business_km: 0, private_km: 740.7 });
    expect(await latest(logbook)).toMatchObject({ cause: 'locations', noun: 'location', kind: 'created', count: 61 });

    clock.advance(1_000);
    expect((await ask(JAN, 'PATCH', `/locations/${office.id}`, { kind: 'client' })).status).toBe(200);
    states.push(book(logbook));
    expect(await first()).toMatchObject({ trip_type: 'B', commute: false, purpose: null, to: { address: null } });
    expect(await totals()).toMatchObject({ business_km: 740.7 });

    clock.advance(1_000);
    expect((await ask(JAN, 'DELETE', `/locations/${office.id}`)).status).toBe(204);
    expect((await first()).to).toEqual({ ...FAR, location_id: null, address: 'Kantoor' });

    states.push(book(logbook));

    const acts = (await get('/activity?limit=4')).body.activity;
    for (const [i, { id }] of acts.entries()) {
      const again = await undo(logbook, id);
      expect(book(logbook)).toEqual(states.at(-2 - i));
      const once = await undo(logbook, again);
      expect(book(logbook)).toEqual(states.at(-1 - i));
      await undo(logbook, once);
      expect(book(logbook)).toEqual(states.at(-2 - i));
    }
  });

  it('but not one that is only called otherwise', async () => {
    const logbook = openLogbook();
    const { ask, book: enter, get } = logbook;
    await enter(...tripsOf(2));
    const { id } = (await ask(JAN, 'POST', '/locations', HOME)).body;
    const before = (await get('/trips')).text;
    await ask(JAN, 'PATCH', `/locations/${id}`, { name: 'Huis' });
    expect((await get('/trips')).text).toBe(before);
    expect(await latest(logbook)).toMatchObject({ kind: 'changed', count: 1 });
  });

  it('unless an end was named by hand, or the month is closed', async () => {
    const { ask, book: enter, get } = openLogbook();
    const [named, closed] = [tripsOf(1)[0]!, tripsOf(1, { locked: true })[0]!];
    await enter(named, closed);
    const { id } = (await ask(JAN, 'POST', '/locations', OFFICE)).body;
    await ask(JAN, 'PATCH', `/trips/${named.id}`, { from: { location_id: id } });
    await ask(JAN, 'PATCH', `/locations/${id}`, { lat: 51, lng: 4 });
    expect((await get(`/trips/${named.id}`)).body).toMatchObject({
      from: { location_id: id },
      to: { location_id: null },
    });
    expect((await get(`/trips/${closed.id}`)).body.to.location_id).toBeNull();
    await ask(JAN, 'DELETE', `/locations/${id}`);
    expect((await get(`/trips/${named.id}`)).body.from).toMatchObject({ location_id: null, address: 'Kantoor' });
  });

  it('once more, when a change that was cut off is asked for again', async () => {
    const { ask, book: enter, deps, get } = openLogbook();
    const trips = tripsOf(3);
    await enter(...trips);
    const { id } = (await ask(JAN, 'POST', '/locations', HOME)).body;
    await deps.store.forUser(JAN).transact(function* (tx) {
      const trip = yield* tx.get('trip', trips[1]!.id);
      if (trip) tx.put('trip', trip.id, { ...trip, from: placeAt(HERE) });
    });
    await ask(JAN, 'PATCH', `/locations/${id}`, { radius_m: 150 });
    expect((await get(`/trips/${trips[1]!.id}`)).body.from.location_id).toBe(id);
  });

  it('nobody else’s', async () => {
    const { ask, bookFor, get } = openLogbook();
    await bookFor(PIET, ...tripsOf(1));
    await ask(JAN, 'POST', '/locations', HOME);
    expect((await get('/trips', PIET)).body.trips[0].from.location_id).toBeNull();
  });
});

describe('dry_run=true', () => {
  it('shows which trips and totals would change, and changes nothing', async () => {
    const logbook = openLogbook();
    const { ask, book: enter } = logbook;
    await ask(JAN, 'PUT', '/rules', { rules: [{ when: { ends: ['home'] }, trip_type: 'P' }] });
    await enter(...tripsOf(2));
    const before = dump(logbook.storePath, JAN);
    const trial = await ask(JAN, 'POST', '/locations?dry_run=true', HOME);
    expect([trial.status, trial.headers.get('location')]).toEqual([200, null]);
    expect(trial.body).toMatchObject({
      name: 'Thuis',
      changes: {
        changed: 2,
        refused: [],
        activity_id: null,
        totals: {
          before: { trips: 2, business_km: 24.69, private_km: 0 },
          after: { trips: 2, business_km: 0, private_km: 24.69 },
        },
      },
    });
    expect(trial.body.changes.trips[0]).toMatchObject({
      before: { from: { location_id: null }, trip_type: 'B' },
      after: { from: { location_id: trial.body.id }, trip_type: 'P' },
    });
    expect(dump(logbook.storePath, JAN)).toEqual(before);

    const path = `/locations/${(await ask(JAN, 'POST', '/locations', HOME)).body.id}`;
    const made = dump(logbook.storePath, JAN);
    const moved = await ask(JAN, 'PATCH', `${path}?dry_run=true`, { lat: 51, name: 'Elders' });
    expect(moved.body).toMatchObject({ name: 'Elders', lat: 51, changes: { changed: 2 } });
    expect(moved.body.changes.trips[0].after).toMatchObject({ from: { location_id: null }, trip_type: 'B' });
    const renamed = await ask(JAN, 'PATCH', `${path}?dry_run=true`, { name: 'Huis' });
    expect(renamed.body).toMatchObject({ name: 'Huis', changes: { changed: 0, trips: [] } });
    const gone = await ask(JAN, 'DELETE', `${path}?dry_run=true`);
    expect([gone.status, gone.body.changes.changed]).toEqual([200, 2]);
    expect(gone.body.changes.trips[0].after.from).toEqual({ ...HERE, location_id: null, address: 'Thuis' });
    expect(dump(logbook.storePath, JAN)).toEqual(made);
  });

  it.each(['POST', 'PATCH', 'DELETE'])('is true or false, also for %s', async (method) => {
    const { ask } = openLogbook();
    const { id } = (await ask(JAN, 'POST', '/locations', HOME)).body;
    const path = method === 'POST' ? '/locations' : `/locations/${id}`;
    const answer = await ask(JAN, method, `${path}?dry_run=1`, method === 'DELETE' ? undefined : { ...HOME });
    expect([answer.status, fieldsOf(answer)]).toEqual([400, ['dry_run']]);
  });
});

describe('what goes on meanwhile', () => {
  async function drive({ app }: Logbook, action: string, position: object, atMs?: number) {
    const timestamp = atMs === undefined ? {} : { timestamp: new Date(atMs).toISOString() };
    await app.request(`/webhook/${action}`, {
      method: 'POST',
      headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
      body: JSON.stringify({ ...position, ...timestamp }),
    });
  }

  it('an open trip that began at a place named now says so when it is finished', async () => {
    const logbook = openLogbook();
    await drive(logbook, 'start', HERE);
    const home = (await logbook.ask(JAN, 'POST', '/locations', HOME)).body;
    logbook.clock.advance(40 * 60_000);
    await drive(logbook, 'end', FAR);
    const [trip] = (await logbook.get('/trips')).body.trips;
    expect(trip.from.location_id).toBe(home.id);
  });

  it('a late event leaves what followed as it is', async () => {
    const logbook = openLogbook();
    const { ask, clock, get } = logbook;
    const start = clock.now();
    await drive(logbook, 'start', HERE);
    clock.advance(40 * 60_000);
    await drive(logbook, 'end', FAR);
    const office = (await ask(JAN, 'POST', '/locations', OFFICE)).body;
    const trip = async () => (await get('/trips')).body.trips[0];
    const { to } = await trip();
    expect(to.location_id).toBe(office.id);
    clock.advance(10 * 60_000);
    await drive(logbook, 'ping', { lat: 52.2, lng: 5.0 }, start + 20 * 60_000);
    expect((await trip()).to).toEqual(to);
    expect((await trip()).from.location_id).toBeNull();
  });
});

describe('undo', () => {
  const DRIVE_MS = 40 * 60_000;

  async function drive(logbook: Logbook): Promise<void> {
    const { app, clock } = logbook;
    const send = (action: string, position: object) =>
      app.request(`/webhook/${action}`, {
        method: 'POST',
        headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
        body: JSON.stringify({ ...position, timestamp: new Date(clock.now()).toISOString() }),
      });
    await send('start', HERE);
    clock.advance(DRIVE_MS);
    await send('end', FAR);
  }

  it('keeps what late events told of the trips since', async () => {
    const logbook = openLogbook();
    const { app, ask, clock, get } = logbook;
    await drive(logbook);
    await ask(JAN, 'POST', '/locations', OFFICE);
    const { id } = await latest(logbook);
    const trip = async () => (await get('/trips')).body.trips[0];
    const { distance_km } = await trip();
    clock.advance(60_000);
    await app.request('/webhook/ping', {
      method: 'POST',
      headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
      body: JSON.stringify({ lat: 52.2, lng: 5.4, timestamp: new Date(clock.now() - DRIVE_MS / 2).toISOString() }),
    });
    const corrected = await trip();
    expect(corrected.distance_km).toBeGreaterThan(distance_km);
    await undo(logbook, id);
    expect(await trip()).toEqual({
      ...corrected,
      to: { ...FAR, address: null, location_id: null },
      updated_at: expect.any(String),
    });
  });

  it('of an addition leaves no trip at what is gone; taken back it lies there again', async () => {
    const logbook = openLogbook();
    const { ask, clock, get } = logbook;
    const { body } = await ask(JAN, 'POST', '/locations', OFFICE);
    const { id } = await latest(logbook);
    clock.advance(60_000);
    await drive(logbook);
    const to = async () => (await get('/trips')).body.trips[0].to;
    expect(await to()).toMatchObject({ location_id: body.id });
    const before = book(logbook);
    const back = await undo(logbook, id);
    expect(await to()).toEqual({ ...FAR, address: 'Kantoor', location_id: null });
    await undo(logbook, back);
    expect(book(logbook)).toEqual(before);
  });

  it('of a removal finds the trips that ended there since', async () => {
    const logbook = openLogbook();
    const { ask, clock, get } = logbook;
    const { body } = await ask(JAN, 'POST', '/locations', OFFICE);
    await ask(JAN, 'DELETE', `/locations/${body.id}`);
    const { id } = await latest(logbook);
    clock.advance(60_000);
    await drive(logbook);
    await undo(logbook, id);
    expect((await get('/trips')).body.trips[0].to).toMatchObject({ location_id: body.id });
  });
});

it('five thousand trips follow, to the last', { timeout: 60_000 }, async () => {
  const { ask, book: enter, get } = openLogbook();
  const many = Array.from({ length: 5_000 }, (_, i) =>
    tripOf({ startedAt: NOW - i * (DAY / 5), from: placeAt(HERE), to: placeAt(FAR) }),
  );
  await enter(...many);
  const { status, body } = await ask(JAN, 'POST', '/locations', HOME);
  expect(status).toBe(201);
  expect((await get(`/trips/${many.at(-1)!.id}`)).body.from.location_id).toBe(body.id);
});
