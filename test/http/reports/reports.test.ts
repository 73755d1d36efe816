import { describe, expect, it, test } from 'vitest';
import { columnOf } from '../../../src/domain/reports/columns.ts';
import { TRAITS_OF, type Layout } from '../../../src/domain/reports/layouts.ts';
import { asTime, CAN_READ_PDF, pdfRows, pdfWords, readCsv, readXlsx, type Band } from '../../support/reports.ts';
import { openBook, report } from './book.ts';
import { golden, HEADINGS, type Value } from './golden.ts';

const LAYOUTS = ['nl', 'fahrtenbuch', 'expense'] as const;
const LANGS = ['nl', 'en'] as const;
const CASES = LAYOUTS.flatMap((layout) => LANGS.map((lang) => ({ layout, lang })));
type Lang = (typeof LANGS)[number];

function inCsv(value: Value, lang: Lang): string {
  if (value === null) return '';
  if (typeof value === 'string') return /^[=+\-@]/.test(value) ? `'${value}` : value;
  if ('day' in value) return value.day;
  if ('time' in value) return value.time;
  const number = 'metres' in value ? String(value.metres / 1_000) : (value.cents / 100).toFixed(2);
  return lang === 'nl' ? number.replace('.', ',') : number;
}

function inSheet(value: Value): unknown {
  if (value === null || typeof value === 'string') return value;
  if ('day' in value) return new Date(`${value.day}T00:00:00Z`);
  if ('time' in value) return value.time;
  return 'metres' in value ? value.metres / 1_000 : value.cents / 100;
}

function onPaper(value: Value, lang: Lang, decimals: number): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.replace('🚗', '▯').replaceAll(/\s/g, '');
  if ('day' in value) return lang === 'nl' ? value.day.split('-').toReversed().join('-') : value.day;
  if ('time' in value) return value.time;
  const number = 'metres' in value ? (value.metres / 1_000).toFixed(decimals) : (value.cents / 100).toFixed(2);
  return lang === 'nl' ? number.replace('.', ',') : number;
}

describe.each(CASES)('the report $layout in $lang', ({ layout, lang }) => {
  const query = `layout=${layout}&lang=${lang}&year=2026`;
  const rows = golden(layout, lang);

  test('is right in every cell of its CSV', async () => {
    const { bytes } = await report(await openBook(), `${query}&format=csv`);
    const records = readCsv(bytes.toString(), lang === 'nl' ? ';' : ',');
    expect(records[0]).toEqual(HEADINGS[lang][layout]);
    expect(records.slice(1, rows.length + 1)).toEqual(rows.map((row) => row.map((value) => inCsv(value, lang))));
    expect(records[rows.length + 1]).toEqual(['']);
  });

  test('is right in every cell of its workbook, each of its kind', async () => {
    const { bytes } = await report(await openBook(), `${query}&format=xlsx`);
    const [heading = [], ...cells] = await readXlsx(bytes);
    expect(heading).toEqual(HEADINGS[lang][layout]);
    const read = rows.map((row, i) =>
      row.map((value, j) => {
        const cell = cells[i]?.[j] ?? null;
        return typeof value === 'object' && value !== null && 'time' in value ? asTime(cell) : cell;
      }),
    );
    expect(read).toEqual(rows.map((row) => row.map(inSheet)));
  });

  test.skipIf(!CAN_READ_PDF)('is right in every cell of its pages', async () => {
    const { bytes } = await report(await openBook(), `${query}&format=pdf`);
    const { columns, paper, decimals } = TRAITS_OF[layout];
    const read = pdfRows(bytes, bandsOf(layout), lang === 'nl' ? /^\d\d-\d\d-\d{4}$/ : /^\d{4}-\d\d-\d\d$/);
    const trips = rows.filter((row) =>
      row.some((value) => typeof value === 'object' && value !== null && 'day' in value),
    );
    const shown = trips.map((row) => row.filter((_, i) => paper.includes(columns[i] as never)));
    expect(read).toEqual(shown.map((row) => row.map((value) => onPaper(value, lang, decimals))));
  });

  test.skipIf(!CAN_READ_PDF)('breaks no word of its headings', async () => {
    const { bytes } = await report(await openBook(), `${query}&format=pdf`);
    const { columns, paper } = TRAITS_OF[layout];
    const words = new Set(pdfWords(bytes).map(({ text }) => text));
    const headings = HEADINGS[lang][layout].filter((_, i) => paper.includes(columns[i] as never));
    expect(headings.flatMap((heading) => heading.split(' ')).filter((word) => !words.has(word))).toEqual([]);
  });
});

/** Where the columns lie between the margins of a page. */
function bandsOf(layout: Layout): Band[] {
  const [margin, gap, page] = [28, 5, 841.89];
  const widths = TRAITS_OF[layout].paper.map((key) => columnOf(key).width as number);
  const scale = (page - 2 * margin - gap * (widths.length - 1)) / widths.reduce((sum, width) => sum + width, 0);
  let left = margin;
  return widths.map((width) => {
    const band = { left, right: left + width * scale };
    left = band.right + gap;
    return band;
  });
}

describe('the report plain', () => {
  it('has every field of a trip under its name on the wire, in every language', async () => {
    const logbook = await openBook();
    for (const [lang, delimiter, comma] of [
      ['en', ',', '.'],
      ['nl', ';', ','],
    ] as const) {
      const { bytes } = await report(logbook, `lang=${lang}&year=2026`);
      const [names = [], ...records] = readCsv(bytes.toString(), delimiter);
      expect(records).toHaveLength(5);
      const trips = records.map((record) => Object.fromEntries(names.map((name, i) => [name, record[i]])));
      for (const trip of trips) {
        const wire = (await logbook.get(`/trips/${trip['id']}`)).body as Record<string, unknown>;
        const { from, to, stops, ...flat } = wire;
        for (const [field, value] of Object.entries(flat)) {
          expect(names).toContain(field);
          const text = Array.isArray(value) ? value.join(' ') : value === null ? '' : String(value);
          const said = typeof value === 'number' ? text.replace('.', comma) : text;
          expect(`${field} ${trip[field]?.replace(/^'/, '')}`).toBe(`${field} ${said}`);
        }
        for (const [end, place] of Object.entries({ from, to }) as [
          string,
          { address: string; lat: number } | null,
        ][]) {
          expect(trip[`${end}_address`]).toBe(place?.address ?? '');
          expect(trip[`${end}_lat`]).toBe(place === null ? '' : String(place.lat).replace('.', comma));
        }
        expect(stops).toEqual([]);
      }
    }
  });

  it('counts in miles when its user does, and offices are told kilometres all the same', async () => {
    const logbook = await openBook();
    await logbook.ask('jan@example.nl', 'PATCH', '/settings', { distance_unit: 'mi' });
    const [names = [], first = []] = readCsv((await report(logbook, 'year=2026')).bytes.toString(), ',');
    expect(first[names.indexOf('distance_mi')]).toBe('7.671');
    expect(names).not.toContain('distance_km');
    for (const layout of ['nl', 'fahrtenbuch']) {
      const [heading = []] = readCsv((await report(logbook, `layout=${layout}&year=2026`)).bytes.toString(), ',');
      expect(heading).toContain('Distance (km)');
    }
  });
});
