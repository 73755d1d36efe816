/** What somebody who checks a logbook would miss, trip by trip and car by car. It names; it changes nothing. */

import { localDate } from './calendar.ts';
import type { Car } from './cars.ts';
import { isOpen, type Gap } from './odometer-chain.ts';
import { areImpossible } from './overlaps.ts';
import { holds, type Period } from './periods.ts';
import { whenText } from './reports/change-words.ts';
import { CHECK_WORDS, type ProblemKind } from './reports/check-words.ts';
import { dateText, lengthText } from './reports/numbers.ts';
import type { ReportLanguage } from './reports/words.ts';
import { lacksOnlyClass } from './reviews.ts';
import type { Place, Trip } from './trips.ts';

export interface ReportProblem {
  readonly kind: ProblemKind;
  readonly tripId: string | null;
  readonly carId: string | null;
  readonly month: string | null;
  /** One sentence. */
  readonly detail: string;
}

/** An office that looks at electronic logbooks expects a class within a week. */
const CLASSIFIED_WITHIN_MS = 7 * 24 * 3_600_000;

interface Finding {
  readonly kind: ProblemKind;
  readonly fill: string;
}

export function tripProblems(trip: Trip, now: number, language: ReportLanguage): ReportProblem[] {
  return findings(trip, now, language).map(({ kind, fill }) => ofTrip(trip, kind, fill, language));
}

function findings(trip: Trip, now: number, language: ReportLanguage): Finding[] {
  const words = CHECK_WORDS[language.language];
  const lacksClass = trip.needsReview && trip.reviewReasons.includes('no_rule_matched');
  const reasons = trip.reviewReasons.filter((reason) => reason !== 'no_rule_matched');
  const ends = (starts: boolean, stops: boolean) =>
    [starts ? words.start : null, stops ? words.end : null].filter((end) => end !== null).join(` ${words.and} `);
  const [noAddress, noOdometer] = [
    ends(lacksAddress(trip.from), lacksAddress(trip.to)),
    ends(trip.startOdometerMetres === null, trip.endOdometerMetres === null),
  ];
  const found: readonly (readonly [ProblemKind, boolean, string?])[] = [
    ['unclassified', lacksClass && now - trip.endedAt > CLASSIFIED_WITHIN_MS],
    ['needs_review', trip.needsReview && !lacksOnlyClass(trip), reasons.join(', ')],
    ['no_car', trip.carId === null],
    ['no_purpose', trip.businessMetres > 0 && !trip.commute && !trip.purpose],
    ['no_address', noAddress !== '', noAddress],
    ['no_odometer', noOdometer !== '', noOdometer],
    ['unknown_distance', trip.distanceSource === 'unknown'],
    [
      'estimated_distance',
      trip.distanceSource === 'straight_line' || trip.reviewReasons.includes('estimated_distance'),
    ],
    ['reconstructed', trip.reconstructed],
    [
      'detour_without_route',
      Boolean(trip.detourMetres) && !trip.routeNote,
      lengthText(trip.detourMetres ?? 0, language),
    ],
  ];
  return found.filter(([, is]) => is).map(([kind, , fill = '']) => ({ kind, fill }));
}

function lacksAddress(place: Place | null): boolean {
  return place === null || !place.address;
}

function ofTrip(trip: Trip, kind: ProblemKind, fill: string, language: ReportLanguage): ReportProblem {
  const { trip: name } = CHECK_WORDS[language.language];
  const subject = `${name} ${whenText(trip.startedAt, trip.timeZone, language)}`;
  return { kind, tripId: trip.id, carId: trip.carId, month: null, detail: sentence(subject, kind, fill, language) };
}

function sentence(subject: string, kind: ProblemKind, fill: string, { language }: ReportLanguage): string {
  return `${subject}: ${CHECK_WORDS[language].kinds[kind].replace('%', () => fill)}.`;
}

/** Looks for trips one car cannot both have driven. They must come in the order of their start. */
export class OverlapCheck {
  readonly #last = new Map<string, Trip>();

  next(trip: Trip, language: ReportLanguage): ReportProblem[] {
    if (trip.carId === null) return [];
    const last = this.#last.get(trip.carId) ?? null;
    if (last === null || trip.endedAt >= last.endedAt) this.#last.set(trip.carId, trip);
    if (last === null || !areImpossible(last, trip)) return [];
    return [ofTrip(trip, 'overlap', whenText(last.startedAt, last.timeZone, language), language)];
  }
}

export function carProblems(
  car: Car,
  gaps: readonly Gap[],
  period: Period,
  timeZone: string,
  language: ReportLanguage,
): ReportProblem[] {
  const words = CHECK_WORDS[language.language];
  const lacks = [car.licensePlate ? null : words.plate, car.make && car.model ? null : words.make];
  const lacking = lacks.filter((name) => name !== null).join(` ${words.and} `);
  const open = gaps.filter((gap) => isOpen(gap) && holds(period, localDate(gap.toAt, timeZone)));
  return [
    ...(lacking === '' ? [] : [ofCar(car, 'car_incomplete', car.name, lacking, language)]),
    ...open.map((gap) => gapProblem(car, gap, timeZone, language)),
  ];
}

function gapProblem(car: Car, gap: Gap, timeZone: string, language: ReportLanguage): ReportProblem {
  const metres = gap.metres - gap.loggedMetres;
  const days = [gap.fromAt, gap.toAt].map((at) => dateText(localDate(at, timeZone), language));
  const kind = metres > 0 ? 'odometer_gap' : 'odometer_overlap';
  const subject = `${car.name}, ${[...new Set(days)].join(' – ')}`;
  return ofCar(car, kind, subject, lengthText(Math.abs(metres), language), language);
}

function ofCar(car: Car, kind: ProblemKind, subject: string, fill: string, language: ReportLanguage): ReportProblem {
  return { kind, tripId: null, carId: car.id, month: null, detail: sentence(subject, kind, fill, language) };
}

/** Months `YYYY-MM` that are over, have trips and are not closed. */
export function monthProblems(
  months: readonly string[],
  closed: readonly string[],
  thisMonth: string,
  language: ReportLanguage,
): ReportProblem[] {
  return months
    .filter((month) => month < thisMonth && !closed.includes(month))
    .map((month) => ({
      kind: 'month_open',
      tripId: null,
      carId: null,
      month,
      detail: sentence(month, 'month_open', '', language),
    }));
}
