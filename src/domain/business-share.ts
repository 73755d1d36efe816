/** How a trip's distance divides into a business and a private part, when a person edits it. The two always add up. */

import type { FieldError } from './problem.ts';
import { businessMetresOf, type Trip } from './trips.ts';
import { kmOf } from './units.ts';

export interface ShareEdit {
  readonly businessMetres?: number | undefined;
  readonly privateMetres?: number | undefined;
}

export interface BusinessShare {
  readonly businessMetres: number;
  readonly errors: readonly FieldError[];
}

/** The business part of the edited trip. `edited` already has its new class and distance. */
export function shareOf(edited: Trip, before: Trip, edit: ShareEdit, share: number): BusinessShare {
  const { type, distanceMetres } = edited;
  const { businessMetres: business, privateMetres: rest } = edit;
  const km = `${kmOf(distanceMetres)} km`;
  if (type !== 'M') return wholeTrip(edited, edit);
  if (business !== undefined && rest !== undefined && business + rest !== distanceMetres) {
    return refused('private_km', `business_km and private_km must add up to the distance, ${km}`);
  }
  if (business !== undefined) return part(business, distanceMetres, 'business_km', km);
  if (rest !== undefined) return part(distanceMetres - rest, distanceMetres, 'private_km', km);
  if (before.type !== 'M') return { businessMetres: businessMetresOf('M', distanceMetres, share), errors: [] };
  if (before.setByUser.includes('business_km')) return part(before.businessMetres, distanceMetres, 'distance_km', km);
  if (before.setByUser.includes('private_km')) {
    const kept = before.distanceMetres - before.businessMetres;
    return part(distanceMetres - kept, distanceMetres, 'distance_km', km);
  }
  return { businessMetres: rescaledBusinessMetres(before, distanceMetres, share), errors: [] };
}

/** The business part of a mixed trip whose distance was measured anew: the same share of it. */
export function rescaledBusinessMetres(trip: Trip, distanceMetres: number, share: number): number {
  if (trip.type !== 'M') return businessMetresOf(trip.type, distanceMetres, share);
  const kept = trip.distanceMetres > 0 ? trip.businessMetres / trip.distanceMetres : share;
  return businessMetresOf('M', distanceMetres, kept);
}

function part(businessMetres: number, distanceMetres: number, field: string, km: string): BusinessShare {
  if (businessMetres >= 0 && businessMetres <= distanceMetres) return { businessMetres, errors: [] };
  return refused(field, `the business and the private part must fit in the distance, ${km}`);
}

/** Business and private trips are all one thing; a split that says so is welcome, another is not. */
function wholeTrip({ type, distanceMetres }: Trip, edit: ShareEdit): BusinessShare {
  const businessMetres = businessMetresOf(type, distanceMetres, 0);
  const wrong = [
    { field: 'business_km', given: edit.businessMetres, due: businessMetres },
    { field: 'private_km', given: edit.privateMetres, due: distanceMetres - businessMetres },
  ].filter(({ given, due }) => given !== undefined && given !== due);
  const message = (due: number) => `${kmOf(due)} km, as the trip_type is ${type}; only M is split`;
  return { businessMetres, errors: wrong.map(({ field, due }) => ({ field, message: message(due) })) };
}

function refused(field: string, message: string): BusinessShare {
  return { businessMetres: 0, errors: [{ field, message }] };
}
