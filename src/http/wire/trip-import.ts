/** What a caller says about a file of trips, and the report of what came of it. */

import { z } from '@hono/zod-openapi';
import type { RowReport } from '../../actions/trip-import-rows.ts';
import { MOST_ROWS_SHOWN, type TripFile, type TripImportReport } from '../../actions/trip-import.ts';
import { Problem } from '../../domain/problem.ts';
import {
  COLUMNS,
  dateFormatOf,
  FORMATS,
  nameOfDateFormat,
  type Delimiter,
  type Format,
  type Mapping,
} from '../../domain/trip-files/columns.ts';
import { knownColumns, layoutOf, ROWS_LOOKED_AT, type Layout } from '../../domain/trip-files/headers.ts';
import { METRES_PER, type DistanceUnit, kmOf } from '../../domain/units.ts';
import { wireCodeOf } from '../problems.ts';
import { firstRowsOf, rowsIn } from './csv.ts';
import { flagParameter, queryOf } from './lists.ts';
import { tripToWire } from './trips-out.ts';
import { TRIP_TYPES, TripWire } from './trips.ts';
import { idIn, oneOf, timeZoneIn } from './values.ts';

export const tripImportQuery = queryOf({
  dry_run: flagParameter().optional().openapi({ description: 'Answers what would come of it, and adds nothing' }),
  format: oneOf(FORMATS)
    .optional()
    .openapi({ description: 'Where the file is from; left out, it is recognised by its header' }),
});

const HEADER = 'the header of a column of the file, or null';
const headerIn = () =>
  z.string({ error: HEADER }).trim().min(1, { error: HEADER }).max(200, { error: HEADER }).nullable();
const DATE_FORMAT = 'YYYY-MM-DD, DD-MM-YYYY, MM/DD/YYYY or alike; YY for years of two digits';
const UNITS = Object.keys(METRES_PER) as [DistanceUnit, ...DistanceUnit[]];

const columns = z.strictObject(
  Object.fromEntries(COLUMNS.map((column) => [column, headerIn().optional()])) as Record<
    (typeof COLUMNS)[number],
    z.ZodOptional<ReturnType<typeof headerIn>>
  >,
);

export const MappingIn = z
  .strictObject({
    columns: columns.optional().openapi({ description: 'Which column is headed how; null: not read' }),
    distance_unit: oneOf(UNITS)
      .nullable()
      .optional()
      .openapi({ description: 'Of lengths whose header and cells say none' }),
    date_format: z
      .string({ error: DATE_FORMAT })
      .transform((text, context) => {
        const format = dateFormatOf(text);
        if (format === null) context.addIssue({ code: 'custom', message: DATE_FORMAT });
        return format ?? z.NEVER;
      })
      .optional()
      .openapi({ type: 'string', example: 'DD-MM-YYYY' }),
    decimal: oneOf(['.', ',']).optional(),
    delimiter: oneOf([',', ';', '\t']).optional(),
    time_zone: timeZoneIn().optional().openapi({ description: 'Of times without an offset; else the user’s' }),
    car_id: idIn().nullable().optional().openapi({ description: 'Of rows that name no car; left out: as POST /trips' }),
    cars: z
      .record(z.string().max(200), idIn().nullable())
      .optional()
      .openapi({ description: 'What the file calls a car: its id here, or null', example: { 'Golf (old)': null } }),
    types: z
      .record(z.string().max(200), oneOf(TRIP_TYPES).nullable())
      .optional()
      .openapi({ description: 'What the file calls a class; null: as the rules say', example: { Medical: 'P' } }),
  })
  .openapi('ImportMapping');

const CSV = 'the CSV as text';

export const TripImportIn = z
  .strictObject({ csv: z.string({ error: CSV }).min(1, { error: CSV }), mapping: MappingIn.optional() })
  .openapi('TripImport', { description: 'Up to 10 MB and 20,000 trips' });

type MappingIn = z.infer<typeof MappingIn>;

export function mappingOf(mapping: MappingIn = {}): Mapping {
  return {
    columns: mapping.columns ?? {},
    distanceUnit: mapping.distance_unit ?? null,
    dateFormat: mapping.date_format ?? null,
    decimal: mapping.decimal ?? null,
    delimiter: mapping.delimiter ?? null,
    timeZone: mapping.time_zone ?? null,
    carId: mapping.car_id,
    cars: mapping.cars ?? {},
    types: mapping.types ?? {},
  };
}

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/** Read with the delimiter by which the most columns are known. Throws `unprocessable` when none makes sense of it. */
export function tripFileOf(text: string, format: Format | null, mapping: Mapping): TripFile {
  let best: Layout | null = null;
  let problem: { readonly width: number; readonly error: Problem } | null = null;
  for (const delimiter of mapping.delimiter === null ? DELIMITERS : [mapping.delimiter]) {
    const rows = firstRowsOf(text, delimiter, ROWS_LOOKED_AT);
    try {
      const layout = layoutOf(rows, format, mapping, delimiter);
      if (best === null || knownColumns(layout) > knownColumns(best)) best = layout;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
      if (problem === null || width > problem.width) problem = { width, error };
    }
  }
  if (best === null) throw problem?.error ?? new Error('no delimiter was tried');
  const layout = best;
  return { layout, rows: () => rowsIn(text, layout.delimiter) };
}

const TotalsWire = z.object({ trips: z.int(), total_km: z.number(), business_km: z.number(), private_km: z.number() });

const RowWire = z
  .object({
    row: z.int().openapi({ description: 'As a spreadsheet counts: the header is one too' }),
    outcome: z.enum(['added', 'duplicate', 'refused']),
    code: z.string().nullable().openapi({ description: 'Why it was refused', example: 'month_closed' }),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
    trip_id: z
      .string()
      .nullable()
      .openapi({ description: 'Of the trip that was added, or is there already; null in a trial for a new one' }),
    same_as_row: z.int().nullable().openapi({ description: 'The row of this file that tells of the same trip' }),
    trip: TripWire.omit({ id: true }).nullable().openapi({ description: 'What was, or would be, added' }),
  })
  .openapi('ImportedRow');

export const TripImportWire = z
  .object({
    dry_run: z.boolean(),
    format: z.enum(FORMATS),
    recognised: z.boolean().openapi({ description: 'By its header; nobody said so' }),
    mapping: z
      .object({
        columns: z.record(z.string(), z.string().nullable()),
        distance_unit: z.enum(UNITS).nullable().openapi({ description: 'null: every length says its own' }),
        date_format: z.string(),
        decimal: z.string(),
        delimiter: z.string(),
        time_zone: z.string(),
        car_id: z.string().nullable().optional(),
        cars: z.record(z.string(), z.string().nullable()).optional(),
        types: z.record(z.string(), z.enum(TRIP_TYPES).nullable()).optional(),
      })
      .openapi({ description: 'How the file was read; may be sent back, and changed' }),
    ignored_columns: z.array(z.string()),
    counts: z.object({ rows: z.int(), added: z.int(), duplicate: z.int(), refused: z.int() }),
    totals: TotalsWire.openapi({ description: 'Of what was added' }),
    rows: z.array(RowWire).openapi({ description: `The first ${MOST_ROWS_SHOWN}` }),
    activity_id: z.string().nullable().openapi({ description: 'To be undone by; null: nothing was added' }),
  })
  .openapi('TripImportReport');

/** `said`: the mapping as it came. */
export function tripImportToWire(
  report: TripImportReport,
  dryRun: boolean,
  said: MappingIn = {},
): z.infer<typeof TripImportWire> {
  const { reading, counts, added } = report;
  const { layout } = reading;
  const { columns: saidOf = {}, car_id, cars, types } = said;
  const unread = Object.entries(saidOf).flatMap(([column, header]) =>
    header === null ? [[column, null] as const] : [],
  );
  const read = [...layout.places].map(([column, { header }]) => [column, header] as const);
  return {
    dry_run: dryRun,
    format: layout.file.format,
    recognised: layout.isRecognised,
    mapping: {
      columns: Object.fromEntries([...unread, ...read]),
      distance_unit: reading.distanceUnit,
      date_format: nameOfDateFormat(reading.dateFormat),
      decimal: reading.decimal,
      delimiter: layout.delimiter,
      time_zone: reading.timeZone,
      ...(car_id !== undefined && { car_id }),
      ...(cars && { cars }),
      ...(types && { types }),
    },
    ignored_columns: [...layout.ignored],
    counts: { rows: counts.added + counts.duplicate + counts.refused, ...counts },
    totals: {
      trips: added.trips,
      total_km: kmOf(added.metres),
      business_km: kmOf(added.businessMetres),
      private_km: kmOf(added.metres - added.businessMetres),
    },
    rows: report.rows.map(rowToWire),
    activity_id: report.activityId,
  };
}

function rowToWire({ row, outcome, code, errors, tripId, sameAsRow, trip }: RowReport): z.infer<typeof RowWire> {
  return {
    row,
    outcome,
    code: code && wireCodeOf(code),
    errors: [...errors],
    trip_id: tripId,
    same_as_row: sameAsRow,
    trip: trip && withoutId(tripToWire(trip)),
  };
}

function withoutId(trip: TripWire): Omit<TripWire, 'id'> {
  const { id: _, ...others } = trip;
  return others;
}
