import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, openLogbook } from './logbook.ts';

async function withGolf(body: object = { name: 'Golf' }) {
  const logbook = openLogbook();
  const made = await logbook.ask(JAN, 'POST', '/cars', body);
  const path = `/cars/${made.body.id}`;
  const facts = async () => (await logbook.deps.store.forUser(JAN).get('user', ''))?.cars;
  return { ...logbook, made, path, facts };
}

describe('POST /cars', () => {
  it('needs only a name', async () => {
    const { get, made, path } = await withGolf();
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(path);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^car_/),
      name: 'Golf',
      license_plate: null,
      vin: null,
      make: null,
      model: null,
      available_from: null,
      available_to: null,
      company_car: false,
      device_names: [],
      ignored: false,
      odometer_unit: 'km',
      start_odometer_km: null,
      connection: null,
      archived_at: null,
      created_at: '2026-03-10T12:00:00.000Z',
    });
    expect((await get(path)).body).toEqual(made.body);
  });

  it('keeps everything that is said', async () => {
    const said = {
      name: 'Golf',
      license_plate: 'AB-123-C',
      vin: 'WVWZZZ1KZAW000001',
      make: 'Volkswagen',
      model: 'Golf GTE',
      available_from: '2026-01-01',
      available_to: '2026-12-31',
      company_car: true,
      device_names: ['My Golf'],
      ignored: false,
      odometer_unit: 'mi',
      start_odometer_km: 12_345.6,
    };
    const { facts, made } = await withGolf({ ...said, device_names: ['My Golf', 'MY GOLF '] });
    expect(made.body).toMatchObject(said);
    expect(await facts()).toEqual([
      { id: made.body.id, deviceNames: ['My Golf'], ignored: false, pollIntervalMs: null },
    ]);
  });

  it.each<[object, string[]]>([
    [{}, ['name']],
    [{ name: '' }, ['name']],
    [{ name: 'half an emoji \ud83d' }, ['name']],
    [{ name: 'x', make: 'a\u0000b', device_names: ['\u0007'] }, ['make', 'device_names.0']],
    [{ name: 'x', vin: 'x'.repeat(33) }, ['vin']],
    [{ name: 'x', license_plate: 'x'.repeat(33) }, ['license_plate']],
    [{ name: 'x', available_from: '2026-13-01' }, ['available_from']],
    [{ name: 'x', company_car: 1 }, ['company_car']],
    [{ name: 'x', device_names: 'Golf' }, ['device_names']],
    [{ name: 'x', device_names: ['ok', ''] }, ['device_names.1']],
    [{ name: 'x', device_names: Array.from({ length: 21 }, (_, i) => `d${i}`) }, ['device_names']],
    [{ name: 'x', odometer_unit: 'nm' }, ['odometer_unit']],
    [{ name: 'x', start_odometer_km: -1 }, ['start_odometer_km']],
    [{ name: 'x', connection: {}, archived_at: null }, ['connection', 'archived_at']],
  ])('refuses %j with 400', async (body, fields) => {
    const { ask } = openLogbook();
    const answer = await ask(JAN, 'POST', '/cars', body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
  });

  it('refuses with 422 a device name of another car, and days that run backwards', async () => {
    const { ask, get } = await withGolf({ name: 'Golf', device_names: ['Car Radio'] });
    const body = {
      name: 'Polo',
      device_names: ['car radio'],
      available_from: '2026-02-01',
      available_to: '2026-01-01',
    };
    const answer = await ask(JAN, 'POST', '/cars', body);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['available_to', 'device_names']]);
    expect((await get('/cars')).body.cars).toHaveLength(1);
    expect((await ask(PIET, 'POST', '/cars', { name: 'Polo', device_names: ['car radio'] })).status).toBe(201);
  });
});

describe('PATCH /cars/{id}', () => {
  it('changes what is said, in the copy too, and notes it', async () => {
    const { ask, facts, get, made, path } = await withGolf();
    const answer = await ask(JAN, 'PATCH', path, { name: 'GTE', device_names: ['GTE'], ignored: true, vin: null });
    expect(answer.body).toEqual({ ...made.body, name: 'GTE', device_names: ['GTE'], ignored: true });
    expect((await get(path)).body).toEqual(answer.body);
    expect(await facts()).toEqual([expect.objectContaining({ deviceNames: ['GTE'], ignored: true })]);
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({ kind: 'changed', noun: 'car', before: made.body, after: answer.body });
  });

  it('refuses what is not known, not JSON, or taken', async () => {
    const { ask, path } = await withGolf();
    await ask(JAN, 'POST', '/cars', { name: 'Polo', device_names: ['Radio'] });
    expect((await ask(JAN, 'PATCH', path)).status).toBe(415);
    expect(fieldsOf(await ask(JAN, 'PATCH', path, { archived_at: '2026-01-01T00:00:00Z' }))).toEqual(['archived_at']);
    const taken = await ask(JAN, 'PATCH', path, { device_names: ['Radio'] });
    expect([taken.status, fieldsOf(taken)]).toEqual([422, ['device_names']]);
    expect((await ask(JAN, 'PATCH', '/cars/car_of_nobody', { name: 'x' })).status).toBe(404);
  });
});

describe('DELETE /cars/{id}', () => {
  it('deletes a car nobody drove', async () => {
    const { ask, facts, get, path } = await withGolf();
    expect((await ask(JAN, 'DELETE', path)).status).toBe(204);
    expect((await get(path)).status).toBe(404);
    expect(await facts()).toEqual([]);
    expect((await ask(JAN, 'DELETE', path)).status).toBe(404);
  });

  it('archives a car with trips: it is no event’s any more, and its name is free', async () => {
    const { ask, book, facts, get, made, path } = await withGolf({ name: 'Golf', device_names: ['Radio'] });
    await ask(JAN, 'PATCH', '/settings', { default_car_id: made.body.id });
    await book(tripOf({ carId: made.body.id }));
    expect((await ask(JAN, 'DELETE', path)).status).toBe(204);
    expect((await get(path)).body.archived_at).toBe('2026-03-10T12:00:00.000Z');
    expect(await facts()).toEqual([]);
    expect((await get('/settings')).body.default_car_id).toBeNull();
    expect((await get(`/trips?car_id=${made.body.id}`)).body.trips).toHaveLength(1);
    expect((await ask(JAN, 'POST', '/cars', { name: 'Polo', device_names: ['radio'] })).status).toBe(201);
    expect((await ask(JAN, 'DELETE', path)).status).toBe(204);
    const names = async (query: string) =>
      (await get(`/cars${query}`)).body.cars.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['Golf', 'Polo']);
    expect(await names('?archived=true')).toEqual(['Golf']);
    expect(await names('?archived=false')).toEqual(['Polo']);
  });

  it('archives a car with readings, and one that is being driven', async () => {
    const { ask, get, made, path } = await withGolf();
    await ask(JAN, 'POST', '/odometer-readings', { car_id: made.body.id, odometer_km: 5 });
    await ask(JAN, 'DELETE', path);
    expect((await get(path)).body.archived_at).not.toBeNull();
    const { app, ...other } = await withGolf();
    await app.request('/webhook/start', { method: 'POST', headers: { 'x-user-email': JAN } });
    await other.ask(JAN, 'DELETE', other.path);
    expect((await other.get(other.path)).body.archived_at).not.toBeNull();
  });

  it('takes an archived car back with archived_at: null', async () => {
    const { ask, book, facts, made, path } = await withGolf({ name: 'Golf', device_names: ['Radio'] });
    await book(tripOf({ carId: made.body.id }));
    await ask(JAN, 'DELETE', path);
    const polo = await ask(JAN, 'POST', '/cars', { name: 'Polo', device_names: ['Radio'] });
    expect(fieldsOf(await ask(JAN, 'PATCH', path, { archived_at: null }))).toEqual(['device_names']);
    await ask(JAN, 'DELETE', `/cars/${polo.body.id}`);
    expect((await ask(JAN, 'PATCH', path, { archived_at: null })).body.archived_at).toBeNull();
    expect(await facts()).toEqual([expect.objectContaining({ id: made.body.id })]);
  });
});

it('another user’s cars are not there', async () => {
  const { ask, get, made, path } = await withGolf();
  await ask(PIET, 'POST', '/cars', { name: 'Polo' });
  for (const method of ['GET', 'DELETE']) expect((await ask(PIET, method, path)).status).toBe(404);
  expect((await ask(PIET, 'PATCH', path, { name: 'mine' })).status).toBe(404);
  expect((await ask(PIET, 'POST', `${path}/readings`, { odometer_km: 5 })).status).toBe(404);
  expect((await get(path)).body).toEqual(made.body);
  expect(fieldsOf(await get('/cars?archived=maybe&x=1')).toSorted()).toEqual(['archived', 'x']);
});
