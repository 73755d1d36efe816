/** What is missing in a logbook, in sentences of both languages. */

import type { Language } from '../settings.ts';

export const PROBLEM_KINDS = [
  'unclassified',
  'needs_review',
  'no_car',
  'no_purpose',
  'no_address',
  'no_odometer',
  'unknown_distance',
  'estimated_distance',
  'reconstructed',
  'detour_without_route',
  'overlap',
  'odometer_gap',
  'odometer_overlap',
  'car_incomplete',
  'month_open',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

export interface CheckWords {
  /** What is wrong, behind what it is wrong with. `%`: what each case fills in. */
  readonly kinds: Readonly<Record<ProblemKind, string>>;
  readonly trip: string;
  readonly and: string;
  readonly start: string;
  readonly end: string;
  readonly plate: string;
  readonly make: string;
}

export const CHECK_WORDS: Readonly<Record<Language, CheckWords>> = {
  en: {
    kinds: {
      unclassified: 'nobody said within 7 days whether it was business or private',
      needs_review: 'it still wants to be reviewed (%)',
      no_car: 'it has no car',
      no_purpose: 'it is business and has no purpose',
      no_address: 'the address is missing at the %',
      no_odometer: 'the odometer is missing at the %',
      unknown_distance: 'its distance is unknown',
      estimated_distance: 'its distance is estimated',
      reconstructed: 'it was not recorded but reconstructed afterwards',
      detour_without_route: 'it has a detour of % and no word about the route',
      overlap: 'the same car drove another trip at that time, %',
      odometer_gap: 'the odometer tells of % that no trip accounts for',
      odometer_overlap: 'the trips tell of % that the odometer does not know',
      car_incomplete: 'missing: %',
      month_open: 'the month is over and not closed',
    },
    trip: 'Trip of',
    and: 'and',
    start: 'start',
    end: 'end',
    plate: 'licence plate',
    make: 'make and model',
  },
  nl: {
    kinds: {
      unclassified: 'niemand heeft binnen 7 dagen gezegd of hij zakelijk of privé was',
      needs_review: 'hij moet nog beoordeeld worden (%)',
      no_car: 'hij heeft geen auto',
      no_purpose: 'hij is zakelijk en heeft geen doel',
      no_address: 'het adres ontbreekt aan het %',
      no_odometer: 'de kilometerstand ontbreekt aan het %',
      unknown_distance: 'de afstand is onbekend',
      estimated_distance: 'de afstand is geschat',
      reconstructed: 'hij is niet vastgelegd maar achteraf gereconstrueerd',
      detour_without_route: 'hij heeft een omweg van % en geen woord over de route',
      overlap: 'dezelfde auto reed toen nog een rit, %',
      odometer_gap: 'de kilometerteller telt % die in geen rit staat',
      odometer_overlap: 'de ritten tellen % die de kilometerteller niet kent',
      car_incomplete: 'ontbreekt: %',
      month_open: 'de maand is voorbij en niet gesloten',
    },
    trip: 'Rit van',
    and: 'en',
    start: 'begin',
    end: 'einde',
    plate: 'kenteken',
    make: 'merk en type',
  },
};
