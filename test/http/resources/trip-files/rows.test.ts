/** Rows and files that cannot be taken: each says where it is wrong, and what is expected there. */

import { describe, expect, it } from 'vitest';
import { JAN } from '../../../support/app.ts';
import { csvOf, openImports } from './asking.ts';

const HEADER = {
  started_at: '2026-02-03T08:00:00Z',
  ended_at: '2026-02-03T08:40:00Z',
  distance_km: '20.5',
  start_odometer_km: '',
  end_odometer_km: '',
  duration_min: '',
  time_zone: '',
  from_lat: '',
  from_lng: '',
  to_address: '',
  trip_type: 'M',
  business_km: '5.5',
  commute: '',
  purpose: '',
  detour_km: '',
  route_note: '',
  notes: '',
};
type Row = Partial<typeof HEADER>;
const fileOf = (...rows: readonly Row[]) =>
  csvOf([Object.keys(HEADER), ...rows.map((row) => Object.values({ ...HEADER, ...row }))]);

describe('a row', () => {
  it.each<readonly [Row, string, RegExp]>([
    [{ started_at: '' }, 'started_at', /^required/],
    [{ started_at: 'yesterday' }, 'started_at', /a date YYYY-MM-DD/],
    [{ started_at: '2026-02-30 08:00' }, 'started_at', /a date YYYY-MM-DD/],
    [{ started_at: '2026-02-03 25:00' }, 'started_at', /a date/],
    [{ started_at: '2026-02-03' }, 'start_time', /^required: when on that day/],
    [{ started_at: '1969-02-03 08:00', ended_at: '1969-02-03 09:00' }, 'started_at', /from 1970/],
    [{ ended_at: '' }, 'ended_at', /^required, or end_time/],
    [{ ended_at: '2026-02-03T07:40:00Z' }, 'ended_at', /must end after it started/],
    [{ ended_at: '2026-02-13T07:40:00Z' }, 'ended_at', /7 days/],
    [{ started_at: '2027-02-03T08:00:00Z', ended_at: '2027-02-03T09:00:00Z' }, 'ended_at', /in the future/],
    [{ ended_at: '', duration_min: 'long' }, 'duration_min', /a number of minutes/],
    [{ time_zone: 'Mars/Olympus' }, 'time_zone', /IANA/],
    [{ distance_km: '', business_km: '' }, 'distance', /^required, or start_odometer/],
    [{ distance_km: 'far' }, 'distance', /a length of 0 … 100000 km, with “\.”/],
    [{ distance_km: '-3' }, 'distance', /a length of 0/],
    [{ distance_km: '100001' }, 'distance', /a length of 0/],
    [{ distance_km: '3 furlongs' }, 'distance', /a length of 0/],
    [{ distance_km: '1,23,4.5' }, 'distance', /a length of 0/],
    [{ start_odometer_km: '100.5', end_odometer_km: '99.5' }, 'end_odometer', /must not be below/],
    [{ start_odometer_km: '100.5', end_odometer_km: '130.5' }, 'distance', /what the odometers say, 30 km/],
    [{ from_lat: '91', from_lng: '5' }, 'from_lat', /-90 … 90/],
    [{ from_lat: '52', from_lng: 'east' }, 'from_lng', /-180 … 180/],
    [{ to_address: 'x'.repeat(501) }, 'to_address', /at most 500/],
    [{ notes: 'x'.repeat(5_001) }, 'notes', /at most 5000/],
    [{ purpose: 'a\u0007b' }, 'purpose', /control characters/],
    [{ commute: 'perhaps' }, 'commute', /yes or no/],
    [{ detour_km: '3.5' }, 'route_note', /required with detour_km/],
  ])('with %j is refused for its %s, the others being added', async (change, field, message) => {
    const { send } = await openImports();
    const other = { started_at: '2026-02-04T08:00:00Z', ended_at: '2026-02-04T08:40:00Z' };
    const answer = await send(fileOf(change, other));
    expect(answer.status).toBe(200);
    const [row, second] = answer.body.rows;
    expect(row).toMatchObject({ row: 2, outcome: 'refused', code: 'invalid_request', trip: null, trip_id: null });
    expect(row.errors).toEqual([{ field, message: expect.stringMatching(message) }]);
    expect(second).toMatchObject({ row: 3, outcome: 'added', trip: { trip_type: 'M', business_km: 5.5 } });
  });

  it('says everything that is wrong with it, once', async () => {
    const { send } = await openImports();
    const answer = await send(fileOf({ started_at: 'x', business_km: '?', purpose: 'x'.repeat(501), commute: '?' }));
    expect(answer.body.rows[0].errors.map(({ field }: { field: string }) => field)).toEqual([
      'started_at',
      'business_distance',
      'commute',
      'purpose',
    ]);
  });

  it('counts as a spreadsheet counts it: blank rows and rows of several lines are one each', async () => {
    const { send } = await openImports();
    const csv =
      'Date;Start time;End time;Km;Notes\r\n\r\n2026-02-03;8:00;8:40;20,5;"a\r\n""b""\r\n;c"\r\n;;;;\r\n2026-02-04;8:00;7:99;1,5;\r\n';
    const answer = await send(csv);
    expect(answer.body.rows).toMatchObject([
      { row: 3, outcome: 'added', trip: { notes: 'a\r\n"b"\r\n;c' } },
      { row: 5, outcome: 'refused', errors: [{ field: 'end_time' }] },
    ]);
  });
});

describe('a file', () => {
  const form = (parts: Readonly<Record<string, string | Blob>>) => {
    const data = new FormData();
    for (const [name, part] of Object.entries(parts)) data.append(name, part);
    return data;
  };
  const GOOD = fileOf({});
  const csvFile = (content: string | Buffer<ArrayBuffer>) => new Blob([content], { type: 'text/csv' });

  async function opened() {
    const logbook = await openImports();
    const post = async (body: string | FormData, headers: Record<string, string> = {}, query = '') => {
      const answer = await logbook.app.request(`/import${query}`, {
        method: 'POST',
        body,
        headers: { 'x-user-email': JAN, ...headers },
      });
      return { status: answer.status, body: JSON.parse(await answer.text()) };
    };
    return { ...logbook, post };
  }

  it('comes as a form, too, with its mapping', async () => {
    const { post } = await opened();
    const mapping = JSON.stringify({ columns: { notes: 'purpose', purpose: null } });
    const answer = await post(form({ file: csvFile(fileOf({ purpose: 'x' })), mapping }), {}, '?dry_run=true');
    expect([answer.status, answer.body.rows[0].trip.notes]).toEqual([200, 'x']);
  });

  it.each([
    ['UTF-8 with a mark', `\ufeff${fileOf({ to_address: 'Łódź, Ağrı 🚗' })}`],
    ['UTF-16', Buffer.from(`\ufeff${fileOf({ to_address: 'Łódź, Ağrı 🚗' })}`, 'utf16le')],
    [
      'UTF-16, the other way round',
      Buffer.from(`\ufeff${fileOf({ to_address: 'Łódź, Ağrı 🚗' })}`, 'utf16le').swap16(),
    ],
  ])('in %s keeps its letters', async (_, content) => {
    const { post, get } = await opened();
    expect((await post(form({ file: csvFile(content) }))).body.counts.added).toBe(1);
    expect((await get('/trips')).body.trips[0].to.address).toBe('Łódź, Ağrı 🚗');
  });

  it.each<readonly [string, Readonly<Record<string, string | Blob>>, string]>([
    ['no file', { mapping: '{}' }, 'file'],
    ['text instead of a file', { file: 'x' }, 'file'],
    ['an unknown field', { file: csvFile(GOOD), format: 'own' }, 'format'],
    ['a mapping that is no JSON', { file: csvFile(GOOD), mapping: '{' }, 'mapping'],
    ['a mapping that is none', { file: csvFile(GOOD), mapping: '{"unit": 1}' }, 'mapping.unit'],
    ['a workbook', { file: csvFile('PK\u0003\u0004') }, 'file'],
    ['Latin letters', { file: csvFile(Buffer.from(fileOf({ to_address: 'Caf\u00e9' }), 'latin1')) }, 'file'],
    ['nothing in it', { file: csvFile('') }, 'csv'],
  ])('is refused with 400 for %s', async (_, parts, field) => {
    const { post } = await opened();
    const answer = await post(form(parts));
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, field]);
  });

  it.each([
    ['a quote that never ends', `${GOOD}"2026`, /row 3 cannot be read: a quote/],
    ['a row without an end', `${GOOD}${'x'.repeat(100_001)}\n`, /row 3 cannot be read: it is longer/],
  ])('is refused as a whole for %s', async (_, csv, message) => {
    const { send, get } = await opened();
    const answer = await send(csv);
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, 'csv']);
    expect(answer.body.detail).toMatch(message);
    expect((await get('/trips')).body.trips).toEqual([]);
  });

  it.each([
    ['other types', GOOD, 'text/csv', 415],
    ['JSON that is none', '{', 'application/json', 400],
    ['JSON without a file', '{}', 'application/json', 400],
    ['a form that is none', 'x', 'multipart/form-data; boundary=y', 400],
    ['a form without a boundary', 'x', 'multipart/form-data', 415],
  ])('is refused for %s', async (_, body, type, status) => {
    const { post } = await opened();
    expect((await post(body, { 'content-type': type })).status).toBe(status);
  });

  it('is refused for two of one field', async () => {
    const { post } = await opened();
    const data = form({ file: csvFile(GOOD) });
    data.append('file', csvFile(GOOD));
    expect((await post(data)).body).toMatchObject({ status: 400, errors: [{ field: 'file' }] });
  });

  it('is refused when it is larger than 10 MB', async () => {
    const { post } = await opened();
    const large = `${GOOD}${`${'x'.repeat(999)}\n`.repeat(10_500)}`;
    expect((await post(form({ file: csvFile(large) }))).status).toBe(413);
  });

  it.each(['?format=fleetmatics', '?dry_run=1', '?mapping=x'])('is refused with 400 with %s', async (query) => {
    const { send } = await openImports();
    expect((await send(GOOD, { query })).status).toBe(400);
  });
});
