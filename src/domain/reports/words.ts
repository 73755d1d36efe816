/** What reports say, in both languages. What is missing in one does not compile. */

import type { Language } from '../settings.ts';
import type { TripType } from '../trips.ts';
import type { ToldField } from './changes.ts';
import type { ColumnKey } from './columns.ts';
import { EN } from './english.ts';
import type { Layout } from './layouts.ts';

/** Columns that have a heading for people; the others are named as on the wire. */
export type HeadedKey = Extract<
  ColumnKey,
  | 'date'
  | 'start_time'
  | 'end_time'
  | 'car'
  | 'plate'
  | 'from'
  | 'to'
  | 'distance'
  | 'start_odometer'
  | 'end_odometer'
  | 'type'
  | 'business'
  | 'private'
  | 'private_detour'
  | 'purpose'
  | 'business_partner'
  | 'route'
  | 'notes'
  | 'receipts'
  | 'rate'
  | 'amount'
  | 'currency'
  | 'recorded'
  | 'changes'
  | 'marks'
>;

export interface Words {
  readonly titles: Readonly<Record<Layout, string>>;
  /** Without blanks and accents. */
  readonly fileNames: Readonly<Record<Layout, string>>;
  readonly headings: Readonly<Record<HeadedKey, string>>;
  readonly types: Readonly<Record<TripType, string>>;
  readonly told: Readonly<Record<ToldField, string>>;
  readonly commute: string;
  readonly yes: string;
  readonly no: string;
  readonly nothing: string;
  readonly byRules: string;
  readonly byUser: string;
  readonly undone: string;
  /** Why a closed month was corrected. */
  readonly correctionReason: string;
  /** A trip, to a month that was closed. */
  readonly addedLater: string;
  readonly detour: string;
  readonly marks: Readonly<
    Record<
      | 'reconstructed'
      | 'imported'
      | 'byHand'
      | 'estimatedDistance'
      | 'unknownDistance'
      | 'estimatedEnd'
      | 'estimatedOdometer'
      | 'endsOn'
      | 'wantsReview',
      string
    >
  >;
  readonly driver: string;
  readonly period: string;
  readonly everything: string;
  readonly from: string;
  readonly until: string;
  readonly generated: string;
  readonly page: string;
  readonly pageOf: string;
  readonly car: string;
  readonly makeAndModel: string;
  readonly licensePlate: string;
  readonly available: string;
  readonly odometerOn: string;
  readonly notStated: string;
  readonly knownOn: string;
  readonly unknown: string;
  readonly noCar: string;
  readonly noTrips: string;
  readonly total: string;
  readonly totalOf: string;
  readonly trips: string;
  readonly businessTotal: string;
  readonly privateTotal: string;
  readonly commuteTotal: string;
  readonly privateDetourTotal: string;
  readonly unexplained: string;
  readonly privateWithUnexplained: string;
  readonly amount: string;
  readonly unrated: string;
  /** Business kilometres with a company car, or to work, where those are not paid for. */
  readonly unpaid: string;
  readonly deletedTrips: string;
  readonly deletedBy: string;
  readonly closedMonths: string;
  readonly rounding: string;
}

/** The words, and how numbers look among them. */
export interface ReportLanguage {
  readonly language: Language;
  readonly words: Words;
  readonly unit: 'km' | 'mi';
}

export function isHeaded(key: ColumnKey): key is HeadedKey {
  return Object.hasOwn(EN.headings, key);
}
