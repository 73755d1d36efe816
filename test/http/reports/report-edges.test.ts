import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, test } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { asTime, CAN_READ_PDF, pdfText, readCsv, readXlsx } from '../../support/reports.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, MINUTE, openLogbook, type Logbook } from '../resources/logbook.ts';
import { GOLF, openBook, report, TRIPS } from './book.ts';

const FORMATS = ['csv', 'xlsx', 'pdf'] as const;
const LAYOUTS = ['plain', 'nl', 'expense', 'fahrtenbuch'] as const;

async function linesOf(logbook: Logbook, query: string): Promise<string[]> {
  const { bytes } = await report(logbook, query);
  return readCsv(bytes.toString(), /lang=nl/.test(query) ? ';' : ',').map((record) => record.join('|'));
}

describe('what a report says besides its trips', () => {
  it('tells of each car what it is, since when, and its odometer on 1 January and 31 December', async () => {
    const logbook = await openBook();
    logbook.clock.set('2027-02-01T12:00:00Z');
    const lines = await linesOf(logbook, 'layout=nl&lang=nl&year=2026');
    const from = lines.indexOf('Golf');
    expect(lines.slice(from, from + 6)).toEqual([
      'Golf',
      'Merk en type|Volkswagen Golf',
      'Kenteken|AB-12-C',
      'Ter beschikking|vanaf 01-06-2025',
      'Kilometerstand op 01-01-2026|50000 km (bekend op 31-12-2025)',
      'Kilometerstand op 31-12-2026|50048 km (bekend op 01-02-2026)',
    ]);
    expect(lines).toContain("'+Polo");
    expect(lines).toContain('Kenteken|onbekend');
  });

  it('counts as private what the odometer tells and no trip', async () => {
    const lines = await linesOf(await openBook(), 'layout=nl&lang=en&year=2026');
    const from = lines.indexOf('Total of Golf', lines.indexOf('Golf'));
    expect(lines.slice(from, from + 8)).toEqual([
      'Total of Golf',
      'Trips|3',
      'Business|35.345 km',
      'Private|5 km',
      'Private detours in mixed trips|5 km',
      'Between home and work|8 km',
      'Unexplained by the odometer, counted as private|7.655 km',
      'Private, unexplained included|12.655 km',
    ]);
    expect(lines.at(-1)).toBe('Private, unexplained included|18.155 km');
  });

  it('counts the way to work as business for Dutch wage tax, whatever the trip was called', async () => {
    const trips = (['P', 'M'] as const).map((type, i) => {
      const startedAt = Date.parse('2026-01-05T08:00:00Z') + i * 3_600_000;
      return tripOf({ id: `t${i}`, carId: GOLF.id, startedAt, type, commute: true, distanceMetres: 10_000 });
    });
    const logbook = await openBook(trips.map((trip) => ({ ...trip, businessMetres: trip.type === 'M' ? 6_000 : 0 })));
    const cells = async (layout: string) => {
      const { bytes } = await report(logbook, `layout=${layout}&lang=en&year=2026`);
      const [heading = [], ...rows] = readCsv(bytes.toString(), ',');
      const at = ['Character', 'Business (km)', 'Private (km)'].map((name) => heading.indexOf(name));
      return rows.slice(0, 3).map((row) => at.map((i) => row[i]));
    };
    expect(await cells('nl')).toEqual([
      ['commute', '10', '0'],
      ['mixed, commute', '6', '4'],
      ['', '16', '4'],
    ]);
    expect((await cells('fahrtenbuch'))[0]).toEqual(['private, commute', '0', '10']);
  });

  it('speaks the language of its user, unless another is asked for', async () => {
    const logbook = await openBook();
    await logbook.ask(JAN, 'PATCH', '/settings', { language: 'nl' });
    const nl = await report(logbook, 'layout=expense&year=2026');
    expect(nl.bytes.toString()).toContain('Declaratie van kilometers');
    expect((await report(logbook, 'layout=expense&lang=en')).bytes.toString()).toContain('Mileage expense claim');
  });

  it('has no amount where there is no rate, and says of how much', async () => {
    const early = tripOf({ id: 't9', startedAt: Date.parse('2005-06-01T08:00:00Z') });
    const lines = await linesOf(await openBook([...TRIPS, early]), 'layout=expense&lang=en&year=2005');
    expect(lines[1]).toBe('2005-06-01|||||||12.345||||');
    expect(lines).toContain('Without a rate|12.345 km');
    expect(lines.some((line) => line.startsWith('Amount'))).toBe(false);
  });

  it('says how much of a claim is not paid for', async () => {
    const logbook = await openBook();
    await logbook.ask(JAN, 'PATCH', `/cars/${GOLF.id}`, { company_car: true });
    const [trip] = (await logbook.get(`/trips?year=2026&trip_type=B&car_id=${GOLF.id}`)).body.trips;
    const lines = await linesOf(logbook, `layout=expense&lang=en&year=2026&car_id=${GOLF.id}`);
    const total = lines.find((line) => line.startsWith('Business|'))?.split('|')[1];
    expect(trip.business_km).toBeGreaterThan(0);
    expect(lines).toContain(`Not reimbursed (company car, commute)|${total}`);
  });

  it('prints changes beside the trip, with when and by whom, and what was deleted', async () => {
    const logbook = await openBook();
    await logbook.ask(JAN, 'PATCH', '/trips/t1', { purpose: 'delivery', trip_type: 'P' });
    await logbook.ask(JAN, 'PATCH', '/trips/t2', { notes: 'for a moment' });
    const [entry] = (await logbook.get('/activity')).body.activity;
    await logbook.ask(JAN, 'POST', `/activity/${entry.id}/undo`);
    await logbook.ask(JAN, 'DELETE', '/trips/t4');
    const { bytes } = await report(logbook, 'layout=fahrtenbuch&lang=en&year=2026');
    const [heading = [], first = [], second = []] = readCsv(bytes.toString(), ',');
    const changes = heading.indexOf('Changes');
    expect(first[changes]).toBe(
      '2026-03-10 13:00 driver: character business → private; purpose “=SUM(A1)” → “delivery”',
    );
    expect(second[changes]?.split('\n')).toEqual([
      '2026-03-10 13:00 driver: notes – → “for a moment”',
      '2026-03-10 13:00 driver (taken back): notes “for a moment” → –',
    ]);
    const deleted = /Deleted trips\r\n(.*)\r\n/.exec(bytes.toString())?.[1];
    expect(deleted).toBe('"2026-02-02 23:50, unknown → unknown, 5.5 km, private: deleted 2026-03-10 13:00, driver"');
  });

  it('says why a closed month was corrected: changed, added, deleted, taken back', async () => {
    const logbook = await openBook();
    for (const month of ['2026-01', '2026-02']) await logbook.ask(JAN, 'POST', `/months/${month}/close`);
    const later = () => logbook.clock.set(logbook.clock.now() + MINUTE);
    later();
    const reason = { correction_reason: 'Misread' };
    await logbook.ask(JAN, 'PATCH', '/trips/t1', { purpose: 'delivery', ...reason });
    const [entry] = (await logbook.get('/activity')).body.activity;
    later();
    await logbook.ask(JAN, 'POST', `/activity/${entry.id}/undo`, { correction_reason: 'Right after all' });
    await logbook.ask(JAN, 'DELETE', '/trips/t4?correction_reason=Never%20driven');
    const late = { started_at: '2026-01-02T08:00:00Z', ended_at: '2026-01-02T08:30:00Z', distance_km: 4 };
    await logbook.ask(JAN, 'POST', '/trips', { ...late, car_id: 'car_golf', correction_reason: 'Forgotten' });
    const { bytes } = await report(logbook, 'layout=fahrtenbuch&lang=en&year=2026');
    const [heading = [], added = [], first = []] = readCsv(bytes.toString(), ',');
    const changes = heading.indexOf('Changes');
    expect(added[changes]).toBe('2026-03-10 13:02 driver: added after the month was closed (reason: Forgotten)');
    expect(first[changes]?.split('\n')).toEqual([
      '2026-03-10 13:01 driver: purpose “=SUM(A1)” → “delivery” (reason: Misread)',
      '2026-03-10 13:02 driver (taken back): purpose “delivery” → “=SUM(A1)” (reason: Right after all)',
    ]);
    expect(bytes.toString()).toContain('deleted 2026-03-10 13:02, driver (reason: Never driven)');
  });

  it('tells why a trip of a closed month was changed or deleted, and where the chain of closed months ends', async () => {
    const logbook = await openBook();
    const { head } = (await logbook.ask(JAN, 'POST', '/months/2026-01/close')).body;
    const before = (await report(logbook, 'layout=nl&lang=nl&year=2026')).bytes.toString();
    expect(before).toMatch(new RegExp(`Keten van gesloten maanden .*;1: ${head}\\r\\n`));
    await logbook.ask(JAN, 'PATCH', '/trips/t1', { purpose: 'delivery', correction_reason: 'typing error' });
    await logbook.ask(JAN, 'DELETE', '/trips/t2?correction_reason=driven%20twice');
    const text = (await report(logbook, 'layout=fahrtenbuch&lang=en&year=2026')).bytes.toString();
    expect(text).toContain('driver: purpose “=SUM(A1)” → “delivery” (reason: typing error)');
    expect(text).toContain('deleted 2026-03-10 13:00, driver (reason: driven twice)');
  });

  it.skipIf(!CAN_READ_PDF)('breaks a word that is too wide where it is joined', async () => {
    const logbook = await openBook();
    const address = 'Hugo-Junkers-Straße-Nebengebäude 14';
    await logbook.ask(JAN, 'PATCH', '/trips/t1', { to: { address } });
    const words = pdfText((await report(logbook, 'layout=fahrtenbuch&format=pdf&year=2026')).bytes).split(/\s+/);
    expect(words).toContain('Hugo-Junkers-');
    expect(words).toContain('Straße-');
  });

  it('does not call a trip deleted that came back', async () => {
    const logbook = await openBook();
    await logbook.ask(JAN, 'DELETE', '/trips/t1');
    const [entry] = (await logbook.get('/activity')).body.activity;
    await logbook.ask(JAN, 'POST', `/activity/${entry.id}/undo`);
    expect((await report(logbook, 'layout=fahrtenbuch&lang=en')).bytes.toString()).not.toContain('Deleted trips');
  });
});

describe('which trips', () => {
  it('are those of the period by the calendar of each, and of the car', async () => {
    const logbook = await openBook();
    const ids = async (query: string) =>
      readCsv((await report(logbook, query)).bytes.toString(), ',')
        .slice(1)
        .map(([id]) => id);
    expect(await ids('')).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
    expect(await ids('year=2025')).toEqual(['t0']);
    expect(await ids('year=2026&month=1')).toEqual(['t1', 't2']);
    expect(await ids('from=2026-02-02&to=2026-02-02')).toEqual(['t4']);
    expect(await ids('car_id=car_polo')).toEqual(['t4']);
    const golf = await linesOf(logbook, 'layout=nl&lang=en&car_id=car_golf');
    expect(golf.filter((line) => line.startsWith('Total'))).toEqual([
      expect.stringContaining('Golf|||'),
      'Total of Golf',
    ]);
  });

  it('keep their hours in the night the clocks change', async () => {
    const startedAt = Date.parse('2025-10-26T00:30:00Z');
    const night = tripOf({ id: 't9', startedAt, endedAt: Date.parse('2025-10-26T01:15:00Z') });
    const { bytes } = await report(await openBook([night]), 'format=xlsx');
    const [names = [], row = []] = await readXlsx(bytes);
    const cell = (name: string) => row[names.indexOf(name)];
    expect(cell('date')).toEqual(new Date('2025-10-26T00:00:00Z'));
    expect([asTime(cell('start_time')), asTime(cell('end_time'))]).toEqual(['02:30', '02:15']);
    expect(cell('duration_min')).toBe(45);
  });

  it('are none in an empty logbook, in every layout and file', async () => {
    const logbook = openLogbook();
    for (const layout of LAYOUTS) {
      for (const format of FORMATS) {
        const { status, bytes } = await report(logbook, `layout=${layout}&format=${format}&lang=en&year=2026`);
        expect(`${layout} ${format} ${status}`).toBe(`${layout} ${format} 200`);
        if (format === 'csv' && layout !== 'plain') expect(bytes.toString()).toContain('No trips');
      }
    }
  });

  it('are nobody else’s', async () => {
    const logbook = await openBook();
    expect((await report(logbook, '', PIET)).bytes.toString()).not.toContain('t1');
    expect((await report(logbook, 'car_id=car_golf', PIET)).status).toBe(404);
  });
});

describe('the file', () => {
  it('has a name that says what it is', async () => {
    const logbook = await openBook();
    const named = async (query: string) => (await report(logbook, query)).headers.get('content-disposition');
    expect(await named('layout=nl&lang=nl&year=2026&format=pdf')).toBe(
      'attachment; filename="rittenregistratie-2026.pdf"',
    );
    expect(await named('year=2026&month=2')).toBe('attachment; filename="trips-2026-02.csv"');
    expect(await named('car_id=car_golf')).toBe('attachment; filename="trips-AB-12-C.csv"');
    expect(await named('car_id=car_polo&from=2026-01-05&to=2026-01-09&format=xlsx')).toBe(
      'attachment; filename="trips-Polo-2026-01-05-to-2026-01-09.xlsx"',
    );
  });

  it('says how long it is, and what it is of', async () => {
    const logbook = await openBook();
    for (const format of FORMATS) {
      const { headers, bytes } = await report(logbook, `format=${format}&layout=nl`);
      expect(headers.get('content-length')).toBe(String(bytes.length));
    }
    expect((await report(logbook, 'format=pdf')).bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect((await report(logbook, '')).headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });

  it('is refused by the name of what is wrong', async () => {
    const { get } = openLogbook();
    expect(fieldsOf(await get('/reports/trips?format=doc'))).toEqual(['format']);
    expect(fieldsOf(await get('/reports/trips?layout=de'))).toEqual(['layout']);
    expect(fieldsOf(await get('/reports/trips?lang=de'))).toEqual(['lang']);
    expect(fieldsOf(await get('/reports/trips?month=2'))).toEqual(['month']);
    expect(fieldsOf(await get('/reports/trips?columns=all'))).toEqual(['columns']);
    expect((await get('/reports/trips?car_id=car_none')).status).toBe(404);
  });

  it('is asked for again later by who asked for many at once', async () => {
    const logbook = await openBook();
    const all = await Promise.all(Array.from({ length: 6 }, () => report(logbook, 'format=xlsx')));
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 429, 429]);
    expect(all.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('5');
    expect((await report(logbook, '')).status).toBe(200);
  });

  it('can be asked about without being fetched', async () => {
    const { app } = await openBook();
    const response = await app.request('/reports/trips', { method: 'HEAD', headers: { 'x-user-email': JAN } });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
  });

  test.each(FORMATS)('is not sent when the store fails halfway: %s', async (format) => {
    const many = Array.from({ length: 450 }, (_, i) =>
      tripOf({ id: `t${i}`, startedAt: Date.parse('2026-01-01') + i * 1e6 }),
    );
    const logbook = await openBook(many);
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('mileage-report-'));
    const before = left();
    const { forUser } = logbook.deps.store;
    logbook.deps.store.forUser = (email) => {
      const user = forUser.call(logbook.deps.store, email);
      let pages = 0;
      return {
        email,
        get: (kind, id) => user.get(kind, id),
        transact: (work) => user.transact(work),
        async list(kind, query) {
          if (kind === 'trip' && (pages += 1) === 3) throw new Error('the disk is gone');
          return user.list(kind, query);
        },
      };
    };
    const { status, headers, bytes } = await report(logbook, `format=${format}`);
    expect(status).toBe(500);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('content-disposition')).toBeNull();
    expect(JSON.parse(bytes.toString()).code).toBe('internal');
    expect(left()).toEqual(before);
  });
});

describe.skipIf(!CAN_READ_PDF)('pages', () => {
  it('are numbered to the last, each with its heading', async () => {
    const many = Array.from({ length: 120 }, (_, i) =>
      tripOf({ id: `t${i}`, carId: GOLF.id, startedAt: Date.parse('2026-01-01') + i * 6e6, notes: `note ${i}` }),
    );
    const { bytes } = await report(await openBook(many), 'layout=nl&lang=nl&year=2026&format=pdf');
    const pages = pdfText(bytes).split('\f').slice(0, -1);
    expect(pages.length).toBeGreaterThan(3);
    for (const [i, page] of pages.entries()) {
      expect(page).toMatch(new RegExp(`Pagina ${i + 1} van ${pages.length}\\s*$`));
      expect(page).toContain('Bestuurder: jan@example.nl');
    }
    for (const page of pages.slice(0, -1)) expect(page).toContain('Beginstand');
    for (let i = 0; i < 120; i += 1) expect(pages.join('\n')).toContain(`note ${i}`);
    expect(pages.at(-1)).toContain('Privé, met wat niet verklaard is');
  });

  it('hold a note that is longer than a page, to its last word', async () => {
    const notes = Array.from({ length: 900 }, (_, i) => `w${i}`)
      .join('\n')
      .slice(0, 5_000);
    const { bytes } = await report(await openBook([tripOf({ notes })]), 'layout=nl&lang=en&format=pdf');
    const text = pdfText(bytes);
    for (const word of notes.split('\n')) expect(text).toContain(word);
  });
});
