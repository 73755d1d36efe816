/** Which columns a report has, in their order. `paper`: those of a page, where it cannot hold all of them. */

import type { ColumnKey } from './columns.ts';

export const LAYOUTS = ['plain', 'nl', 'expense', 'fahrtenbuch'] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface LayoutTraits {
  readonly columns: readonly ColumnKey[];
  readonly paper: readonly ColumnKey[];
  /** Car by car, each with its facts and its own totals. */
  readonly byCar: boolean;
  /** In kilometres, whatever its user reads elsewhere: an office asks for them. */
  readonly inKm: boolean;
  /** A table for programs: fields by their names on the wire, and nothing around it. On paper it is like the others. */
  readonly isData: boolean;
  readonly commuteIsBusiness: boolean;
  readonly onlyBusiness: boolean;
  readonly hasChanges: boolean;
  readonly hasAmounts: boolean;
  /** Decimals of a length on paper; what is reckoned is not rounded. */
  readonly decimals: number;
}

const WHEN = ['date', 'start_time', 'end_time'] as const;
const ODOMETERS = ['start_odometer', 'end_odometer'] as const;
const WHERE = ['from', 'to'] as const;
const WHAT_FOR = ['purpose', 'business_partner'] as const;

const NL_PAPER = [
  ...WHEN,
  ...ODOMETERS,
  'distance',
  ...WHERE,
  'route',
  'type',
  'business',
  'private',
  'private_detour',
  ...WHAT_FOR,
  'notes',
  'marks',
] as const satisfies readonly ColumnKey[];

const FAHRTENBUCH_PAPER = [
  ...WHEN,
  ...ODOMETERS,
  'distance',
  ...WHERE,
  'route',
  'type',
  'business',
  'private',
  ...WHAT_FOR,
  'notes',
  'recorded',
  'changes',
  'marks',
] as const satisfies readonly ColumnKey[];

const EXPENSE = [
  'date',
  'car',
  'plate',
  ...WHERE,
  ...WHAT_FOR,
  'business',
  'rate',
  'amount',
  'currency',
  'receipts',
] as const satisfies readonly ColumnKey[];

const PLAIN = [
  'id',
  'date',
  'start_time',
  'end_time',
  'started_at',
  'ended_at',
  'ended_at_estimated',
  'time_zone',
  'duration_min',
  'car_id',
  'car',
  'plate',
  'from_location',
  'from_address',
  'from_lat',
  'from_lng',
  'to_location',
  'to_address',
  'to_lat',
  'to_lng',
  'stops',
  'distance',
  'distance_source',
  'start_odometer',
  'end_odometer',
  'start_odometer_estimated',
  'odometer_pending',
  'gps_distance',
  'route_distance',
  'trip_type',
  'business',
  'private',
  'commute',
  'classified_by',
  'needs_review',
  'review_reasons',
  'purpose',
  'business_partner',
  'route_note',
  'detour',
  'notes',
  'opened_by',
  'closed_by',
  'reconstructed',
  'locked',
  'created_at',
  'updated_at',
] as const satisfies readonly ColumnKey[];

const PLAIN_PAPER = [
  ...WHEN,
  'car',
  ...WHERE,
  'distance',
  ...ODOMETERS,
  'type',
  'business',
  'private',
  ...WHAT_FOR,
  'route',
  'notes',
  'marks',
] as const satisfies readonly ColumnKey[];

const PLAIN_TRAITS = {
  byCar: false,
  inKm: false,
  isData: false,
  commuteIsBusiness: false,
  onlyBusiness: false,
  hasChanges: false,
  hasAmounts: false,
  decimals: 1,
} as const;

export const TRAITS_OF: Readonly<Record<Layout, LayoutTraits>> = {
  plain: { ...PLAIN_TRAITS, columns: PLAIN, paper: PLAIN_PAPER, isData: true },
  nl: {
    ...PLAIN_TRAITS,
    columns: ['car', 'plate', ...NL_PAPER],
    paper: NL_PAPER,
    byCar: true,
    inKm: true,
    commuteIsBusiness: true,
  },
  expense: { ...PLAIN_TRAITS, columns: EXPENSE, paper: EXPENSE, onlyBusiness: true, hasAmounts: true },
  fahrtenbuch: {
    ...PLAIN_TRAITS,
    columns: ['car', 'plate', ...FAHRTENBUCH_PAPER],
    paper: FAHRTENBUCH_PAPER,
    byCar: true,
    inKm: true,
    hasChanges: true,
    decimals: 0,
  },
};
