/** A file of each program is understood as it comes. */

import { describe, expect, it } from 'vitest';
import { JAN } from '../../../support/app.ts';
import { openImports } from './asking.ts';

const MILEIQ = `rates >>>,business $,0.7,medical $,0.21
SUMMARY

VEHICLE,ODOMETER (START OF YEAR),BUSINESS,COMMUTE,PERSONAL (OTHER),TOTAL DISTANCE
2019 VW Golf,0,30.5,0,4.1,34.6

DETAILED LOG

START_DATE*,END_DATE*,CATEGORY*,START*,STOP*,MILES*,MILES_VALUE,PARKING,TOLLS,TOTAL,VEHICLE,PURPOSE,NOTES
02/27/2026 08:15,02/27/2026 09:02,Business,"Main St 1, Springfield","Oak Ave 20, Shelbyville",30.5,"=ROUND(PRODUCT(F10, C1), 2)",0,0,21.35,2019 VW Golf,Customer Visit,Quote
02/27/2026 17:40,02/27/2026 17:52,Personal,"Oak Ave 20, Shelbyville",Mall,4.1,0,0,0,0,2019 VW Golf,,
02/28/2026 11:00,02/28/2026 11:30,Unclassified,Mall,Home,9,0,0,0,0,2019 VW Golf,,
Totals,,,,,=SUM(F10:F12),=SUM(G10:G12)

Report created at MileIQ.com
"* For an IRS compliant log, these are required for every drive."
`;

describe('a file of MileIQ', () => {
  it('is recognised below its summary, and read up to its totals', async () => {
    const { send, golf, get } = await openImports();
    const mapping = { cars: { '2019 VW Golf': golf }, time_zone: 'America/Chicago' };
    const answer = await send(MILEIQ, { mapping });
    expect(answer.body).toMatchObject({ format: 'mileiq', recognised: true });
    expect(answer.body.counts).toEqual({ rows: 3, added: 3, duplicate: 0, refused: 0 });
    expect(answer.body.mapping).toMatchObject({
      date_format: 'MM-DD-YYYY',
      decimal: '.',
      columns: { distance: 'MILES*' },
    });
    expect(answer.body.ignored_columns).toEqual(['MILES_VALUE', 'PARKING', 'TOLLS', 'TOTAL']);
    const { trips } = (await get('/trips')).body;
    expect(trips[2]).toMatchObject({
      car_id: golf,
      started_at: '2026-02-27T14:15:00.000Z',
      ended_at: '2026-02-27T15:02:00.000Z',
      time_zone: 'America/Chicago',
      from: { lat: null, lng: null, address: 'Main St 1, Springfield', location_id: null },
      to: { address: 'Oak Ave 20, Shelbyville' },
      distance_km: 49.085,
      distance_source: 'imported',
      trip_type: 'B',
      classified_by: 'import',
      purpose: 'Customer Visit',
      notes: 'Quote',
      opened_by: 'user',
      closed_by: 'user',
      needs_review: false,
    });
    expect(trips[1]).toMatchObject({ trip_type: 'P', classified_by: 'import', purpose: null });
    expect(trips[0]).toMatchObject({ classified_by: 'default', review_reasons: ['no_rule_matched'] });
  });

  it('asks what nobody can know: whose car it was', async () => {
    const { send, get } = await openImports();
    const answer = await send(MILEIQ);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ field: 'mapping.cars', message: expect.stringContaining('“2019 VW Golf”') }]);
    expect((await get('/trips')).body.trips).toEqual([]);
  });
});

describe('a file of TeslaMate', () => {
  const TAX = `drive_id,start_date_ts,start_km,start_address,end_date_ts,end_km,end_address,duration_min,distance_km
412,1772001000000,48211.337,"Dorpsstraat 1, Utrecht",1772002200000,48231.9,"Laan 2, Amersfoort",20,20.561
`;

  it('of the page for the tax office: instants and odometers', async () => {
    const { send, golf, get } = await openImports();
    const answer = await send(TAX, { mapping: { car_id: golf } });
    expect(answer.body).toMatchObject({ format: 'teslamate', recognised: true, counts: { added: 1 } });
    expect((await get('/trips')).body.trips).toMatchObject([
      {
        car_id: golf,
        started_at: '2026-02-25T06:30:00.000Z',
        ended_at: '2026-02-25T06:50:00.000Z',
        start_odometer_km: 48_211.337,
        end_odometer_km: 48_231.9,
        distance_km: 20.561,
        distance_source: 'odometer',
        from: { address: 'Dorpsstraat 1, Utrecht' },
      },
    ]);
  });

  it('of the page as it is shown, where lengths carry their unit', async () => {
    const { send, get } = await openImports();
    const shown = `"ID","Start Time","Start Odometer","Start Address","End Time","End Odometer","End Address","Duration","Distance"
412,2026-02-25 07:30:00,"29958.1 mi","Dorpsstraat 1",2026-02-25 07:50:00,"29970.9 mi","Laan 2",20 m,"12.8 mi"
`;
    const answer = await send(shown, { mapping: { car_id: null } });
    expect(answer.body).toMatchObject({ format: 'teslamate', counts: { added: 1 } });
    expect((await get('/trips')).body.trips).toMatchObject([
      { car_id: null, started_at: '2026-02-25T06:30:00.000Z', distance_km: 20.6, start_odometer_km: 48_212.888 },
    ]);
  });

  it('of its table: kilometres, and times in UTC', async () => {
    const { send, get } = await openImports();
    const table = `id,start_date,end_date,outside_temp_avg,start_km,end_km,distance,duration_min,car_id
7,2026-02-25 06:30:00.123,2026-02-25 06:50:00.5,8.1,48211.33,48231.9,20.57,20,1
`;
    const answer = await send(table, { mapping: { car_id: null } });
    expect(answer.body).toMatchObject({ format: 'teslamate', mapping: { time_zone: 'UTC', distance_unit: 'km' } });
    expect((await get('/trips')).body.trips).toMatchObject([
      { started_at: '2026-02-25T06:30:00.000Z', time_zone: 'UTC', distance_km: 20.57 },
    ]);
  });
});

describe('a file of Driversnote', () => {
  const FILE = `Date;Start time;End time;From;To;Vehicle;Type;Purpose;Odometer start;Odometer end;Distance (km);Notes
24-02-2026;8:05;8:41;"Kerkstraat 1; Breda";Tilburg;12-abc-3;Business;Klant;48000;48031;30,6;"eerste
en tweede regel"
24-02-2026;23:50;0:20;Tilburg;Breda;Golf;Private;;48031;48062;30,8;
`;

  it('is read by the usual headers: plates, semicolons, commas, midnight, odometers in whole kilometres', async () => {
    const { send, golf, get } = await openImports();
    const answer = await send(FILE, { query: '?format=driversnote' });
    expect(answer.body).toMatchObject({ format: 'driversnote', recognised: false, counts: { added: 2 } });
    expect(answer.body.mapping).toMatchObject({ delimiter: ';', decimal: ',', date_format: 'DD-MM-YYYY' });
    const { trips } = (await get('/trips')).body;
    expect(trips).toMatchObject([
      { car_id: golf, trip_type: 'P', distance_km: 31, start_time: '23:50', end_time: '00:20', duration_min: 30 },
      {
        car_id: golf,
        trip_type: 'B',
        distance_km: 31,
        distance_source: 'odometer',
        notes: 'eerste\nen tweede regel',
        from: { address: 'Kerkstraat 1; Breda' },
      },
    ]);
  });
});

describe('a file of our own', () => {
  const HEAD =
    'id,date,started_at,ended_at,time_zone,car,from_address,from_lat,from_lng,to_address,distance_km,start_odometer_km,' +
    'end_odometer_km,trip_type,business_km,private_km,commute,classified_by,purpose,notes';

  it('comes back as it was, but for where it is from', async () => {
    const { send, golf, get } = await openImports();
    const row =
      `trip_x,2026-02-25,2026-02-25T06:30:00.000Z,2026-02-25T06:50:00.000Z,Europe/Berlin,Golf,"A, B",52.08931,5.1101,C,` +
      `20.5,,,M,8.25,12.25,true,user,Klant,'=1+1`;
    const answer = await send(`\ufeff${HEAD}\r\n${row}\r\n`);
    expect(answer.body).toMatchObject({ format: 'own', recognised: true, counts: { added: 1 } });
    expect((await get('/trips')).body.trips).toMatchObject([
      {
        car_id: golf,
        time_zone: 'Europe/Berlin',
        from: { lat: 52.08931, lng: 5.1101, address: 'A, B' },
        distance_km: 20.5,
        trip_type: 'M',
        business_km: 8.25,
        private_km: 12.25,
        commute: true,
        classified_by: 'import',
        distance_source: 'imported',
        notes: '=1+1',
      },
    ]);
    const again = await send(`${HEAD}\n${row}\n`);
    expect(again.body.counts).toEqual({ rows: 1, added: 0, duplicate: 1, refused: 0 });
  });

  it('is recognised by the id of its trip, wherever that was moved since', async () => {
    const { send, get, ask } = await openImports();
    const row = (id: string) =>
      `${id},2026-02-25,2026-02-25T06:30:00.000Z,2026-02-25T06:50:00.000Z,UTC,Golf,,,,,20.5,,,B,20.5,0,false,user,,`;
    await send(`${HEAD}\n${row('trip_elsewhere')}\n`);
    const [trip] = (await get('/trips')).body.trips;
    const moved = { started_at: '2026-02-24T06:30:00Z', ended_at: '2026-02-24T06:50:00Z', distance_km: 31 };
    expect((await ask(JAN, 'PATCH', `/trips/${trip.id}`, moved)).status).toBe(200);
    const again = await send(`${HEAD}\n${row(trip.id)}\n`);
    expect(again.body.rows).toMatchObject([{ row: 2, outcome: 'duplicate', trip_id: trip.id, same_as_row: null }]);
  });
});

describe('a spreadsheet', () => {
  it('is read by its usual headers, in Dutch and with tabs', async () => {
    const { send, get } = await openImports();
    const file =
      'Datum\tBegintijd\tEindtijd\tVan\tNaar\tKm\tSoort\n23-02-2026\t8.05\t8:41\tBreda\tTilburg\t30,6\tzakelijk\n';
    const answer = await send(file);
    expect(answer.body).toMatchObject({ format: 'generic', recognised: true, mapping: { delimiter: '\t' } });
    expect((await get('/trips')).body.trips).toMatchObject([
      { distance_km: 30.6, trip_type: 'B', start_time: '08:05' },
    ]);
  });

  it('is read as the mapping says', async () => {
    const { send, get, golf } = await openImports();
    const file = 'When;How long;How far;What for;Kind;Which\n02/03/2026 08:05;1:20;30.6;visit;Medical;old one\n';
    const mapping = {
      columns: {
        started_at: 'when',
        duration_min: 'How long',
        distance: 'How far',
        notes: 'What for',
        trip_type: 'Kind',
        car: 'Which',
      },
      distance_unit: 'mi',
      date_format: 'DD/MM/YYYY',
      types: { medical: 'P' },
      cars: { 'Old one': golf },
    };
    const answer = await send(file, { mapping });
    expect(answer.body.counts).toEqual({ rows: 1, added: 1, duplicate: 0, refused: 0 });
    expect((await get('/trips')).body.trips).toMatchObject([
      { date: '2026-03-02', duration_min: 80, distance_km: 49.246, notes: 'visit', trip_type: 'P', car_id: golf },
    ]);
  });
});
