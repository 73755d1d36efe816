/** What the columns of a report say in words: an unusual route, the rate that was paid, and what a reader must know of a trip. */

import { localDate } from '../calendar.ts';
import type { Reimbursement } from '../rates.ts';
import type { DistanceSource, Trip } from '../trips.ts';
import { dateText, decimalText, lengthText } from './numbers.ts';
import type { ReportLanguage, Words } from './words.ts';

/** Only where it was not the usual one. */
export function routeText({ routeNote, detourMetres }: Trip, language: ReportLanguage): string | null {
  const detour = detourMetres ? `${language.words.detour} ${lengthText(detourMetres, language)}` : null;
  return [routeNote, detour].filter((part) => part !== null && part !== '').join('; ') || null;
}

const MILLICENTS = 100_000;

/** `0.23 EUR/km`; where a tier was crossed, each of the rates. */
export function rateText(paid: Reimbursement | null, language: ReportLanguage): string | null {
  if (paid === null || paid.rate === null) return null;
  const amounts = paid.parts.map(({ milliCents }) => decimalText(milliCents / MILLICENTS, 5, language));
  return `${amounts.join(' / ')} ${paid.rate.currency}/${paid.rate.per}`;
}

const SOURCE_MARKS: Readonly<Partial<Record<DistanceSource, keyof Words['marks']>>> = {
  reconstructed: 'reconstructed',
  imported: 'imported',
  straight_line: 'estimatedDistance',
  unknown: 'unknownDistance',
};

/** How a trip differs from one that was recorded on the way and looked at. */
export function marksOf(trip: Trip, date: string, language: ReportLanguage): string | null {
  const { marks } = language.words;
  const bySource = SOURCE_MARKS[trip.distanceSource];
  const endsOn = localDate(trip.endedAt, trip.timeZone);
  const isEstimated = trip.reviewReasons.includes('estimated_distance') && bySource === undefined;
  const said = [
    trip.reconstructed ? marks.reconstructed : null,
    trip.openedBy === 'user' && !trip.reconstructed && bySource !== 'imported' ? marks.byHand : null,
    bySource === undefined || (bySource === 'reconstructed' && trip.reconstructed) ? null : marks[bySource],
    isEstimated ? marks.estimatedDistance : null,
    trip.endedAtEstimated ? marks.estimatedEnd : null,
    trip.startOdometerEstimated ? marks.estimatedOdometer : null,
    endsOn === date ? null : `${marks.endsOn} ${dateText(endsOn, language)}`,
    trip.needsReview ? marks.wantsReview : null,
  ];
  return said.filter((mark) => mark !== null).join('; ') || null;
}
