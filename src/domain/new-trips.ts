/** A trip that somebody writes down: a blank one, edited, so that the same holds for both. */

import { carOf, type CarFacts } from './cars.ts';
import { BLANK } from './machine/record.ts';
import { editTrip, type EditContext, type TripEdit } from './trip-edits.ts';
import type { Trip } from './trips.ts';

export type NewTrip = TripEdit & { readonly startedAt: number; readonly endedAt: number };

export interface NewTripContext extends EditContext {
  /** Those in use. */
  readonly cars: readonly CarFacts[];
}

/** Throws `Problem('unprocessable')` that lists every field in the way. */
export function newTrip(id: string, wish: NewTrip, context: NewTripContext): Trip {
  return editTrip(blankTrip(id, wish, context), wish, context).trip;
}

function blankTrip(id: string, { carId, startedAt, endedAt }: NewTrip, context: NewTripContext): Trip {
  const { settings, now } = context;
  const car = carId === undefined ? presumedCar(context) : { carId: null, isUncertain: false };
  return {
    ...BLANK,
    id,
    carId: car.carId,
    startedAt,
    endedAt,
    endedAtEstimated: false,
    timeZone: settings.timeZone,
    from: null,
    to: null,
    stops: [],
    distanceMetres: 0,
    distanceSource: 'manual',
    startOdometerMetres: null,
    endOdometerMetres: null,
    startOdometerEstimated: false,
    odometerPending: false,
    gpsDistanceMetres: null,
    type: settings.defaultTripType,
    needsReview: car.isUncertain,
    reviewReasons: car.isUncertain ? ['uncertain_car'] : [],
    openedBy: 'user',
    closedBy: 'user',
    createdAt: now,
    updatedAt: now,
  };
}

/** Trip rule 6, where nobody says which: the only car, else the default one, and that is a guess. */
function presumedCar({ cars, settings }: NewTripContext): { carId: string | null; isUncertain: boolean } {
  const own = cars.filter(({ ignored }) => !ignored);
  const { carId } = carOf({ carId: null, device: null, tokenCarId: null }, own);
  if (carId !== null) return { carId, isUncertain: false };
  const isKnown = own.some(({ id }) => id === settings.defaultCarId);
  return isKnown ? { carId: settings.defaultCarId, isUncertain: true } : { carId: null, isUncertain: false };
}
