import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { fieldsOf, openLogbook } from './logbook.ts';

const OFFICE = { name: 'Kantoor', lat: 52.0907, lng: 5.1214 };

async function withOffice() {
  const logbook = openLogbook();
  const made = await logbook.ask(JAN, 'POST', '/locations', OFFICE);
  const path = `/locations/${made.body.id}`;
  const copies = async () => (await logbook.deps.store.forUser(JAN).get('user', ''))?.locations;
  return { ...logbook, made, path, copies };
}

describe('POST /locations', () => {
  it('makes a location with the usual kind and radius, and says where it is', async () => {
    const { made, get, path } = await withOffice();
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(path);
    expect(made.body).toEqual({ id: expect.stringMatching(/^loc_/), ...OFFICE, kind: 'other', radius_m: 150 });
    expect((await get(path)).body).toEqual(made.body);
  });

  it('gives a stop 200 m, and takes what is said', async () => {
    const { ask } = await withOffice();
    expect((await ask(JAN, 'POST', '/locations', { ...OFFICE, kind: 'stop' })).body.radius_m).toBe(200);
    const said = { ...OFFICE, name: ' School ', kind: 'stop', radius_m: 20, lat: 52.12345678 };
    expect((await ask(JAN, 'POST', '/locations', said)).body).toMatchObject({
      name: 'School',
      radius_m: 20,
      lat: 52.1234568,
    });
  });

  it('is known to the next event in the same moment', async () => {
    const { app, copies, clock, get, made } = await withOffice();
    expect(await copies()).toEqual([
      { id: made.body.id, kind: 'other', lat: OFFICE.lat, lng: OFFICE.lng, radiusMetres: 150 },
    ]);
    const post = (action: string, lat: number) =>
      app.request(`/webhook/${action}`, {
        method: 'POST',
        headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
        body: JSON.stringify({ lat, lng: OFFICE.lng }),
      });
    await post('start', OFFICE.lat);
    clock.advance(20 * 60_000);
    await post('end', 52.2);
    expect((await get('/trips')).body.trips[0].from.location_id).toBe(made.body.id);
  });

  it.each<[object, string[]]>([
    [{}, ['name', 'lat', 'lng']],
    [{ ...OFFICE, name: '  ' }, ['name']],
    [{ ...OFFICE, name: 'x'.repeat(101) }, ['name']],
    [{ ...OFFICE, name: null }, ['name']],
    [{ ...OFFICE, lat: '52.1' }, ['lat']],
    [{ ...OFFICE, lat: 90.1, lng: -180.1 }, ['lat', 'lng']],
    [{ ...OFFICE, kind: 'castle' }, ['kind']],
    [{ ...OFFICE, radius_m: 19 }, ['radius_m']],
    [{ ...OFFICE, radius_m: 5_001 }, ['radius_m']],
    [{ ...OFFICE, radius_m: null }, ['radius_m']],
    [{ ...OFFICE, id: 'loc_mine', colour: 'red' }, ['id', 'colour']],
  ])('refuses %j with 400', async (body, fields) => {
    const { ask, get } = openLogbook();
    const answer = await ask(JAN, 'POST', '/locations', body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect((await get('/locations')).body.locations).toEqual([]);
  });

  it('refuses the thousand and first', async () => {
    const { ask, deps } = await withOffice();
    await deps.store.forUser(JAN).transact(function* (tx) {
      const user = yield* tx.get('user', '');
      if (!user) throw new Error('no user');
      const copy = user.locations[0]!;
      const locations = Array.from({ length: 1_000 }, (_, i) => ({ ...copy, id: `loc_${i}` }));
      tx.put('user', '', { ...user, locations });
    });
    const answer = await ask(JAN, 'POST', '/locations', OFFICE);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['locations']]);
  });

  it('wants JSON', async () => {
    const { ask } = openLogbook();
    expect((await ask(JAN, 'POST', '/locations')).status).toBe(415);
  });
});

describe('GET /locations', () => {
  it('pages, oldest first', async () => {
    const { ask, clock, get, made } = await withOffice();
    for (const name of ['Thuis', 'Klant']) {
      clock.advance(1_000);
      await ask(JAN, 'POST', '/locations', { ...OFFICE, name });
    }
    const first = await get('/locations?limit=2');
    const second = await get(`/locations?limit=2&cursor=${first.body.next_cursor}`);
    const names = [...first.body.locations, ...second.body.locations].map(({ name }) => name);
    expect(names).toEqual(['Kantoor', 'Thuis', 'Klant']);
    expect([first.body.locations[0].id, second.body.next_cursor]).toEqual([made.body.id, null]);
    expect(fieldsOf(await get('/locations?limit=500'))).toEqual(['limit']);
  });
});

describe('PATCH and DELETE /locations/{id}', () => {
  it('change what is said, in the copy too, and note it', async () => {
    const { ask, clock, copies, get, made, path } = await withOffice();
    clock.advance(1_000);
    const answer = await ask(JAN, 'PATCH', path, { name: 'HQ', radius_m: 300, kind: 'office' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...made.body, name: 'HQ', radius_m: 300, kind: 'office' });
    expect((await get(path)).body).toEqual(answer.body);
    expect(await copies()).toEqual([expect.objectContaining({ radiusMetres: 300, kind: 'office' })]);
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({ kind: 'changed', noun: 'location', before: made.body, after: answer.body });
  });

  it('with dry_run show the change without making it', async () => {
    const { ask, copies, get, made, path } = await withOffice();
    const answer = await ask(JAN, 'PATCH', `${path}?dry_run=true`, { radius_m: 300 });
    expect([answer.status, answer.body.radius_m]).toEqual([200, 300]);
    expect((await get(path)).body).toEqual(made.body);
    expect(await copies()).toEqual([expect.objectContaining({ radiusMetres: 150 })]);
  });

  it('note nothing when nothing changes', async () => {
    const { ask, get, made, path } = await withOffice();
    expect((await ask(JAN, 'PATCH', path, OFFICE)).body).toEqual(made.body);
    expect((await get('/activity')).body.activity).toHaveLength(1);
  });

  it('refuse what POST refuses', async () => {
    const { ask, path } = await withOffice();
    expect(fieldsOf(await ask(JAN, 'PATCH', path, { lat: 99, name: '', x: 1 })).toSorted()).toEqual([
      'lat',
      'name',
      'x',
    ]);
    expect((await ask(JAN, 'PATCH', path)).status).toBe(415);
  });

  it('forget the location and its copy', async () => {
    const { ask, copies, get, path } = await withOffice();
    const gone = await ask(JAN, 'DELETE', path);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await get(path)).status).toBe(404);
    expect(await copies()).toEqual([]);
    expect((await ask(JAN, 'DELETE', path)).status).toBe(404);
    expect((await ask(JAN, 'PATCH', path, { name: 'x' })).status).toBe(404);
    expect((await get('/activity')).body.activity).toEqual([
      expect.objectContaining({ kind: 'deleted' }),
      expect.objectContaining({ kind: 'created' }),
    ]);
  });

  it('are nobody else’s', async () => {
    const { ask, get, made, path } = await withOffice();
    await ask(PIET, 'POST', '/locations', OFFICE);
    for (const method of ['GET', 'DELETE']) expect((await ask(PIET, method, path)).status).toBe(404);
    expect((await ask(PIET, 'PATCH', path, { name: 'mine' })).status).toBe(404);
    expect((await get('/locations', PIET)).body.locations).toHaveLength(1);
    expect((await get(path)).body).toEqual(made.body);
  });
});
