/** What several trips were for, said of the one they become. Business metres of theirs are business metres of it. */

import { commuteOf, isClassGiven, reclassify, type ClassificationContext } from './classification.ts';
import { Problem, type FieldError } from './problem.ts';
import { businessMetresOf, type ReviewReason, type Trip } from './trips.ts';

export interface MergeContext extends ClassificationContext {
  readonly now: number;
}

/** Characters, as the fields are limited everywhere. */
const LONGEST = { purpose: 500, businessPartner: 500, routeNote: 500, notes: 5_000 } as const;
const NAMES = {
  purpose: 'purpose',
  businessPartner: 'business_partner',
  routeNote: 'route_note',
  notes: 'notes',
} as const;
type TextField = keyof typeof LONGEST;

/** What each says, once. Where the rules look at the whole, a purpose one of them gave goes with it. */
export function textsOf(trips: readonly Trip[]): Pick<Trip, TextField> {
  const isRuledAnew = isClassOpen(trips);
  const errors: FieldError[] = [];
  const joined = (field: TextField): string | null => {
    const said = trips.map((trip) => (field === 'purpose' && isRuledAnew && isByRule(trip) ? null : trip[field]));
    const text = [...new Set(said.filter((one) => one !== null))].join('; ');
    if (text.length > LONGEST[field]) {
      errors.push({
        field: NAMES[field],
        message: `together at most ${LONGEST[field]} characters, now ${text.length}`,
      });
    }
    return text === '' ? null : text;
  };
  const texts = {
    purpose: joined('purpose'),
    businessPartner: joined('businessPartner'),
    routeNote: joined('routeNote'),
    notes: joined('notes'),
  };
  if (errors.length > 0) throw new Problem('unprocessable', 'What the trips say is too long together.', errors);
  return texts;
}

function isByRule({ classifiedBy, setByUser: byHand }: Trip): boolean {
  return classifiedBy.startsWith('rule:') && !byHand.includes('purpose');
}

/** Trips of different classes that nobody gave them: the rules look at the whole. */
function isClassOpen(trips: readonly Trip[]): boolean {
  return new Set(trips.map(({ type }) => type)).size > 1 && !trips.some(isClassGiven);
}

export function classified(merged: Trip, trips: readonly Trip[], context: MergeContext): Trip {
  const byHand = trips.find((trip) => trip.setByUser.includes('commute'));
  const whole = { ...merged, commute: (byHand ?? merged).commute };
  if (isClassOpen(trips)) return reclassify(whole, context);
  const classifiedBy = classifiedByOf(trips);
  const lacksClass = classifiedBy === 'default' && trips.some(lacks);
  const others = merged.reviewReasons.filter((reason) => reason !== 'no_rule_matched');
  const reviewReasons: ReviewReason[] = lacksClass ? [...others, 'no_rule_matched'] : others;
  return {
    ...whole,
    ...shareOf(merged.distanceMetres, trips, context),
    classifiedBy,
    commute: commuteOf(whole, context),
    reviewReasons,
    needsReview: reviewReasons.length > 0,
  };
}

function lacks({ reviewReasons }: Trip): boolean {
  return reviewReasons.includes('no_rule_matched');
}

/** By somebody, if any was; else by another logbook, or by the first rule that matched one of them. */
function classifiedByOf(trips: readonly Trip[]): string {
  const said = trips.map(({ classifiedBy, setByUser: byHand }) =>
    byHand.includes('trip_type') ? 'user' : classifiedBy,
  );
  const known = ['user', 'import'].find((one) => said.includes(one));
  return known ?? said.find((one) => one.startsWith('rule:')) ?? 'default';
}

function shareOf(
  metres: number,
  trips: readonly Trip[],
  { settings }: MergeContext,
): Pick<Trip, 'type' | 'businessMetres'> {
  const [type = 'M', ...others] = new Set(trips.map((trip) => trip.type));
  if (type !== 'M' && others.length === 0) return { type, businessMetres: businessMetresOf(type, metres, 0) };
  const said = trips.reduce((sum, trip) => sum + trip.distanceMetres, 0);
  const business = trips.reduce((sum, trip) => sum + trip.businessMetres, 0);
  const share = said === 0 ? settings.mixedBusinessShare : business / said;
  return { type: 'M', businessMetres: mixedMetres(metres, said, business, share) };
}

/** What was business stays so; what lay between the trips, or is less than they said, is shared out like them. */
function mixedMetres(metres: number, said: number, business: number, share: number): number {
  return metres >= said ? business + Math.round((metres - said) * share) : Math.round(metres * share);
}
