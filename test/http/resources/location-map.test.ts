import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, openLogbook, type Logbook } from './logbook.ts';

const HERE = { lat: 52.0907, lng: 5.1214 };
const OFFICE = { name: 'Kantoor', kind: 'office', ...HERE };
const PATH = '/locations.geojson';

function feature([lng, lat]: readonly number[], properties: object = {}, id?: unknown): object {
  const named = id === undefined ? {} : { id };
  return { type: 'Feature', ...named, geometry: { type: 'Point', coordinates: [lng, lat] }, properties };
}

function polygon(rings: unknown, properties: object = { name: 'Yard' }): object {
  return { type: 'Feature', geometry: { type: 'Polygon', coordinates: rings }, properties };
}

const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });

function put({ ask }: Logbook, ...features: unknown[]) {
  return ask(JAN, 'POST', PATH, collection(...features));
}

const named = async ({ get }: Logbook) => (await get('/locations')).body.locations;

describe('GET /locations.geojson', () => {
  it('is a collection of points, lng first', async () => {
    const logbook = openLogbook();
    const { id } = (await logbook.ask(JAN, 'POST', '/locations', OFFICE)).body;
    const answer = await logbook.get(PATH);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/geo+json']);
    expect(answer.body).toEqual(
      collection(feature([HERE.lng, HERE.lat], { id, name: 'Kantoor', kind: 'office', radius_m: 150 })),
    );
    expect((await logbook.get(PATH, PIET)).body).toEqual(collection());
    expect(fieldsOf(await logbook.get(`${PATH}?limit=1`))).toEqual(['limit']);
  });

  it('taken in again changes nothing, however many there are', async () => {
    const logbook = openLogbook();
    const many = Array.from({ length: 1_000 }, (_, i) => feature([5 + i / 1_000, 52], { name: `place ${i}` }));
    expect((await put(logbook, ...many)).body).toMatchObject({ added: 1_000, refused: [] });
    const before = dump(logbook.storePath, JAN);
    const map = (await logbook.get(PATH)).body;
    expect(map.features).toHaveLength(1_000);
    const again = await logbook.ask(JAN, 'POST', PATH, map);
    expect(again.body).toMatchObject({ added: 0, updated: 0, unchanged: 1_000, changes: { activity_id: null } });
    expect(dump(logbook.storePath, JAN)).toEqual(before);
    const more = await put(logbook, feature([7, 52], { name: 'one more' }));
    expect(more.body).toMatchObject({ added: 0, refused: [{ index: 0, errors: [{ field: 'features[0]' }] }] });
    await logbook.ask(JAN, 'POST', `/activity/${(await logbook.get('/activity')).body.activity[0].id}/undo`);
    expect((await logbook.get('/locations')).body.locations).toEqual([]);
    expect((await logbook.deps.store.forUser(JAN).get('user', ''))?.locations).toEqual([]);
  });
});

describe('POST /locations.geojson', () => {
  it('takes points with what is said of them, and the usual for the rest', async () => {
    const logbook = openLogbook();
    const answer = await put(
      logbook,
      feature([5.1, 52.1, 3], { name: ' Thuis ', kind: 'home', radius_m: 99.6, colour: 'red' }),
      feature([5.2, 52.2], { title: 'School', kind: 'stop', Name: null }),
      feature([5.3, 52.3], { NAME: 'Club', kind: null, radius_m: null }, 17),
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ added: 3, updated: 0, unchanged: 0, refused: [] });
    expect(await named(logbook)).toMatchObject([
      { name: 'Thuis', kind: 'home', lat: 52.1, lng: 5.1, radius_m: 100 },
      { name: 'School', kind: 'stop', radius_m: 200 },
      { name: 'Club', kind: 'other', radius_m: 150 },
    ]);
  });

  it('takes one feature as well, and an area as the circle around it', async () => {
    const logbook = openLogbook();
    const ring = [
      [5, 52],
      [5.002, 52],
      [5.002, 52.001],
      [5, 52.001],
      [5, 52],
    ];
    const answer = await logbook.ask(JAN, 'POST', PATH, polygon([ring]));
    expect(answer.body).toMatchObject({ added: 1, refused: [] });
    const [yard] = await named(logbook);
    expect(yard).toMatchObject({ name: 'Yard', lat: 52.0005, lng: 5.001 });
    expect(yard.radius_m).toBeGreaterThan(80);
    expect(yard.radius_m).toBeLessThan(95);
  });

  it('knows a location by its id, or by its name within 50 m; what is not said stays', async () => {
    const logbook = openLogbook();
    const { id } = (await logbook.ask(JAN, 'POST', '/locations', { ...OFFICE, radius_m: 300 })).body;
    const beside = [HERE.lng, HERE.lat + 0.0004];
    expect((await put(logbook, feature(beside, { name: 'Kantoor' }))).body).toMatchObject({ updated: 1, added: 0 });
    expect(await named(logbook)).toEqual([{ ...OFFICE, id, lat: 52.0911, radius_m: 300 }]);
    expect((await put(logbook, feature([5, 52], { id, name: 'HQ' }))).body).toMatchObject({ updated: 1 });
    expect((await put(logbook, feature([5, 52], {}, id))).body).toMatchObject({ unchanged: 1 });
    expect(await named(logbook)).toEqual([{ id, name: 'HQ', kind: 'office', lat: 52, lng: 5, radius_m: 300 }]);
    const away = await put(logbook, feature([5.001, 52], { name: 'HQ' }), feature([5.001, 52], { name: 'HQ' }));
    expect(away.body).toMatchObject({ added: 1, unchanged: 1 });
  });

  it('takes the first of two that contradict each other', async () => {
    const logbook = openLogbook();
    const twice = (kind: string) => feature([5, 52], { name: 'HQ', kind });
    const between = Array.from({ length: 300 }, (_, i) => feature([6, 50 + i / 100], { name: `place ${i}` }));
    const { body } = await put(logbook, twice('office'), twice('client'), ...between, twice('home'), twice('office'));
    expect(body).toMatchObject({ added: 301, unchanged: 1, updated: 0 });
    expect(body.refused.map(({ index }: { index: number }) => index)).toEqual([1, 302]);
    expect(body.refused[0].errors[0].field).toBe('features[1]');
    expect((await logbook.ask(JAN, 'POST', `/activity/${body.changes.activity_id}/undo`)).status).toBe(200);
    expect(await named(logbook)).toEqual([]);
  });

  it('takes another’s id for none', async () => {
    const logbook = openLogbook();
    const { id } = (await logbook.ask(PIET, 'POST', '/locations', OFFICE)).body;
    const theirs = (await logbook.get(PATH, PIET)).body;
    expect((await logbook.ask(JAN, 'POST', PATH, theirs)).body).toMatchObject({ added: 1 });
    const [mine] = await named(logbook);
    expect(mine.id).not.toBe(id);
    expect((await logbook.get('/locations', PIET)).body.locations[0]).toMatchObject({ id, name: 'Kantoor' });
  });

  it('is one act with the trips that follow, tried out before and undone as one', async () => {
    const logbook = openLogbook();
    const { ask, book, get, storePath } = logbook;
    const place = (lat: number) => ({ lat, lng: 5, address: null, locationId: null });
    const trips = [1, 2, 3].map(() => tripOf({ from: place(52), to: place(53) }));
    await ask(JAN, 'PUT', '/rules', { rules: [{ when: { ends: ['home', 'office'] }, trip_type: 'P' }] });
    await book(...trips);
    const before = dump(storePath, JAN);
    const map = collection(
      feature([5, 52], { name: 'Thuis', kind: 'home' }),
      feature([5, 53], { name: 'Kantoor', kind: 'office' }),
    );
    const trial = await ask(JAN, 'POST', `${PATH}?dry_run=true`, map);
    const { changes } = trial.body;
    expect(changes).toMatchObject({ changed: 3, activity_id: null, totals: { after: { business_km: 0 } } });
    expect(dump(storePath, JAN)).toEqual(before);

    const { body } = await ask(JAN, 'POST', PATH, map);
    expect(body).toMatchObject({ added: 2, changes: { changed: 3, totals: changes.totals } });
    expect((await get('/stats')).body).toMatchObject({ business_km: 0 });
    expect((await get('/activity?limit=1')).body.activity[0]).toMatchObject({ cause: 'locations', count: 5 });
    expect((await ask(JAN, 'POST', `/activity/${body.changes.activity_id}/undo`)).status).toBe(200);
    const after = dump(storePath, JAN);
    for (const [name, doc] of Object.entries(before)) {
      if (/^(trip|month)/.test(name))
        expect({ ...Object(after[name]), updatedAt: 0 }).toEqual({ ...Object(doc), updatedAt: 0 });
    }
    expect(await named(logbook)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no feature', 5, 'features[1]'],
    ['another type', { ...feature([5, 52]), type: 'Point' }, 'features[1].type'],
    ['no geometry', { ...feature([5, 52]), geometry: null }, 'features[1].geometry'],
    [
      'another geometry',
      { ...feature([5, 52]), geometry: { type: 'LineString', coordinates: [] } },
      'features[1].geometry.type',
    ],
    ['no coordinates', { ...feature([5, 52]), geometry: { type: 'Point' } }, 'features[1].geometry.coordinates'],
    ['a latitude first', feature([5, 98], { name: 'x' }), 'features[1].geometry.coordinates'],
    ['a longitude too large', feature([181, 5], { name: 'x' }), 'features[1].geometry.coordinates'],
    [
      'text for a number',
      { ...feature([5, 52]), geometry: { type: 'Point', coordinates: ['5', '52'] } },
      'features[1].geometry.coordinates',
    ],
    [
      'an area of two corners',
      polygon([
        [
          [5, 52],
          [6, 52],
        ],
      ]),
      'features[1].geometry.coordinates',
    ],
    ['an area without rings', polygon([]), 'features[1].geometry.coordinates'],
    [
      'too wide an area',
      polygon([
        [
          [5, 52],
          [6, 52],
          [6, 53],
        ],
      ]),
      'features[1].geometry.coordinates',
    ],
    ['no name', feature([5, 52]), 'features[1].properties.name'],
    ['a name too long', feature([5, 52], { name: 'x'.repeat(101) }), 'features[1].properties.name'],
    ['half an emoji', feature([5, 52], { name: '\ud800' }), 'features[1].properties.name'],
    ['an unknown kind', feature([5, 52], { name: 'x', kind: 'castle' }), 'features[1].properties.kind'],
    ['too small a radius', feature([5, 52], { name: 'x', radius_m: 19 }), 'features[1].properties.radius_m'],
    ['properties that are none', { ...feature([5, 52]), properties: 'x' }, 'features[1].properties'],
  ])('refuses %s, and takes the others', async (_, bad, field) => {
    const logbook = openLogbook();
    const { status, body } = await put(logbook, feature([5, 51], { name: 'A' }), bad, feature([6, 51], { name: 'B' }));
    expect([status, body.added]).toEqual([200, 2]);
    expect(body.refused).toEqual([{ index: 1, errors: [{ field, message: expect.any(String) }] }]);
    if (field.endsWith('coordinates') && !String(_).includes('wide')) {
      expect(body.refused[0].errors[0].message).toContain('coordinates are [lng, lat]');
    }
  });

  it.each<[unknown, number, string[]]>([
    [{ type: 'Point', coordinates: [5, 52] }, 400, ['type']],
    [{ features: [] }, 400, ['type']],
    [{ type: 'FeatureCollection' }, 400, ['features']],
    [{ type: 'FeatureCollection', features: {} }, 400, ['features']],
    [[], 400, ['']],
    [collection(...Array.from({ length: 1_001 }, () => 0)), 422, ['features']],
  ])('refuses %j as a whole', async (body, status, fields) => {
    const { ask } = openLogbook();
    const answer = await ask(JAN, 'POST', PATH, body);
    expect([answer.status, fieldsOf(answer)]).toEqual([status, fields]);
  });

  it('takes 2 MB and no more, as JSON or GeoJSON', async () => {
    const { ask } = openLogbook();
    const note = (size: number) => feature([5, 52], { name: 'x', note: '.'.repeat(size) });
    const type = { 'content-type': 'application/geo+json; charset=utf-8' };
    expect((await ask(JAN, 'POST', PATH, note(1_900_000), type)).status).toBe(200);
    expect((await ask(JAN, 'POST', PATH, note(2_200_000))).status).toBe(413);
    expect((await ask(JAN, 'POST', PATH, note(1), { 'content-type': 'text/plain' })).status).toBe(415);
  });
});
