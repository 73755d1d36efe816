/** What the columns of a file with trips may mean, and what somebody says about how it is to be read. */

import type { TripType } from '../trips.ts';
import type { DistanceUnit } from '../units.ts';

export const COLUMNS = [
  'id',
  'started_at',
  'date',
  'start_time',
  'ended_at',
  'end_time',
  'duration_min',
  'time_zone',
  'car',
  'from_address',
  'from_lat',
  'from_lng',
  'to_address',
  'to_lat',
  'to_lng',
  'distance',
  'start_odometer',
  'end_odometer',
  'trip_type',
  'business_distance',
  'private_distance',
  'commute',
  'purpose',
  'business_partner',
  'route_note',
  'detour',
  'notes',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Columns that hold a length, and so want a unit. */
export const LENGTHS: readonly Column[] = [
  'distance',
  'start_odometer',
  'end_odometer',
  'business_distance',
  'private_distance',
  'detour',
];

export const FORMATS = ['own', 'mileiq', 'driversnote', 'teslamate', 'generic'] as const;
export type Format = (typeof FORMATS)[number];

export type Decimal = '.' | ',';
export type Delimiter = ',' | ';' | '\t';

/** What is left out is recognised, proven by the rows, or asked for. */
export interface Mapping {
  /** By the header of a column in the file; `null`: not read, whatever the format says. */
  readonly columns: { readonly [C in Column]?: string | null | undefined };
  readonly distanceUnit: DistanceUnit | null;
  readonly dateFormat: DateFormat | null;
  readonly decimal: Decimal | null;
  readonly delimiter: Delimiter | null;
  readonly timeZone: string | null;
  /** Of rows that name none; `undefined`: as for a trip that is written down. */
  readonly carId: string | null | undefined;
  /** What the file calls a car: the id of one, or `null` for none of the user's. */
  readonly cars: Readonly<Record<string, string | null>>;
  /** What the file calls a class; `null`: none, as the rules say. */
  readonly types: Readonly<Record<string, TripType | null>>;
}

/** In which order a date says year, month and day. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

export interface DateFormat {
  readonly order: DateOrder;
  readonly hasShortYear: boolean;
}

const DATE_FORMAT = /^(YYYY|YY|MM|DD|M|D)([-/.])(YYYY|YY|MM|DD|M|D)\2(YYYY|YY|MM|DD|M|D)$/i;
const ORDERS: readonly string[] = ['ymd', 'dmy', 'mdy'] satisfies readonly DateOrder[];

/** `YYYY-MM-DD`, `DD-MM-YYYY`, `MM/DD/YYYY` and the like; `null` for what is none of them. */
export function dateFormatOf(text: string): DateFormat | null {
  const [, first = '', , second = '', third = ''] = DATE_FORMAT.exec(text.trim()) ?? [];
  const parts = [first, second, third].map((part) => part.toLowerCase());
  const order = parts.map((part) => part.charAt(0)).join('');
  return isOrder(order) ? { order, hasShortYear: parts.includes('yy') } : null;
}

function isOrder(order: string): order is DateOrder {
  return ORDERS.includes(order);
}

const PARTS = { y: 'YYYY', m: 'MM', d: 'DD' } as const;

export function nameOfDateFormat({ order, hasShortYear }: DateFormat): string {
  const names = [...order].map((part) => PARTS[part as keyof typeof PARTS]);
  return names.join('-').replace('YYYY', hasShortYear ? 'YY' : 'YYYY');
}

/** One record of the file; `row` is where a spreadsheet shows it. */
export interface FileRow {
  readonly row: number;
  readonly cells: readonly string[];
}

export function isBlank({ cells }: FileRow): boolean {
  return cells.every((cell) => cell.trim() === '');
}
