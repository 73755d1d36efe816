/**
 * A start or an end that found no trip, made into one by somebody's leave. What was neither said nor received is worked
 * out: from points, from where the car was before or is next, else from nothing; and the trip says what was reckoned.
 */

import { businessMetresOf, positionOf, type ReviewReason, type Trip } from './trips.ts';
import { carOf, type CarFacts } from './cars.ts';
import { reclassify } from './classification.ts';
import { travelMs, wayMetres } from './distance.ts';
import type { Fix, PhoneEvent } from './events.ts';
import { distanceMetres, type Position } from './geo.ts';
import { locationAt } from './locations.ts';
import { BLANK } from './machine/record.ts';
import { unprocessable } from './problem.ts';
import { LIMITS } from './settings.ts';
import { extend, measure, NO_TRACK } from './track.ts';
import { editTrip, type EditContext, type PlaceEdit, type TripEdit } from './trip-edits.ts';

/** Where the car was, or will be, when something else is known of it. */
export interface Mark {
  readonly at: number;
  readonly position: Position | null;
}

export interface Surroundings {
  /** What waits for a decision as well and fits: the start of this end, or the end of this start. */
  readonly counterpart: PhoneEvent | null;
  /** The latest that is known before the event, and the earliest after it. */
  readonly before: Mark | null;
  readonly after: Mark | null;
  /** Usable points between the two that belong to no trip, in order; also the event's own. */
  readonly fixes: readonly Fix[];
}

export interface MakingContext extends EditContext {
  readonly cars: readonly CarFacts[];
}

/** How long a drive took of which nothing is known but one end. */
const UNKNOWN_MS = 15 * 60_000;

/** One end of the drive. `isGuess`: nobody was seen there then. */
interface End {
  readonly at: number;
  readonly position: Position | null;
  readonly isGuess: { readonly time: boolean; readonly place: boolean };
}

/** Throws `Problem('unprocessable')` that lists every field in the way. */
export function makeTrip(
  id: string,
  event: PhoneEvent,
  around: Surroundings,
  edit: TripEdit,
  context: MakingContext,
): Trip {
  const [from, to] = endsOf(event, around, edit, context);
  const track = around.fixes.filter(({ at }) => at >= from.at && at <= to.at);
  const car = carFor(event, around, edit, context);
  const measured = measureOf(from, to, track, event, around);
  const isTimeGuessed = from.isGuess.time || to.isGuess.time;
  const reasons: ReviewReason[] = [...(isTimeGuessed ? (['estimated_time'] as const) : []), ...measured.reasons];
  const reviewReasons = [...reasons, ...car.reasons];
  const blank: Trip = {
    ...BLANK,
    id,
    carId: car.carId,
    startedAt: from.at,
    endedAt: to.at,
    endedAtEstimated: to.isGuess.time,
    timeZone: event.timeZone,
    from: placeOf(from, context),
    to: placeOf(to, context),
    stops: [],
    ...measured.distance,
    businessMetres: businessMetresOf(BLANK.type, measured.distance.distanceMetres, 1),
    startOdometerMetres: null,
    endOdometerMetres: null,
    startOdometerEstimated: false,
    odometerPending: false,
    needsReview: reviewReasons.length > 0,
    reviewReasons,
    openedBy: 'user',
    closedBy: 'user',
    createdAt: context.now,
    updatedAt: context.now,
    ...(car.device !== null && { device: car.device }),
  };
  return reclassify(editTrip(blank, edit, context).trip, context);
}

/** The event's own end, and the other one. */
function endsOf(event: PhoneEvent, around: Surroundings, edit: TripEdit, context: MakingContext): readonly [End, End] {
  const isStart = event.type === 'start';
  const [ownTime, otherTime] = isStart ? [edit.startedAt, edit.endedAt] : [edit.endedAt, edit.startedAt];
  const [ownPlace, otherPlace] = isStart ? [edit.from, edit.to] : [edit.to, edit.from];
  const sure = { time: false, place: false };
  const said: End = { at: ownTime ?? event.at, position: event.fix, isGuess: sure };
  const own = placed(said, ownPlace, context);
  const other = placed(otherEnd(event, own, otherTime, otherPlace, around, context), otherPlace, context);
  const [from, to] = isStart ? [own, other] : [other, own];
  if (from.at < to.at || otherTime !== undefined) return [from, to];
  const field = isStart ? 'ended_at' : 'started_at';
  throw unprocessable(field, 'required: what is known before and after leaves no time for a drive');
}

function otherEnd(
  event: PhoneEvent,
  own: End,
  given: number | undefined,
  place: PlaceEdit | null | undefined,
  around: Surroundings,
  context: MakingContext,
): End {
  const { counterpart, fixes } = around;
  if (counterpart) {
    return { at: given ?? counterpart.at, position: counterpart.fix, isGuess: { time: false, place: false } };
  }
  const isStart = event.type === 'start';
  const turned = movedFix(own.at, isStart ? fixes : fixes.toReversed(), isStart, context.settings.resumeWindowMs);
  if (turned) return { at: given ?? turned.at, position: turned, isGuess: { time: false, place: false } };
  const mark = isStart ? around.after : around.before;
  const isGuess = { time: given === undefined, place: true };
  const there = placed({ at: own.at, position: mark?.position ?? null, isGuess }, place, context);
  return { ...there, at: given ?? reckoned(own, there.position, mark, isStart, context.now) };
}

/** As long as the way takes, but not beyond what else is known. */
function reckoned(own: End, position: Position | null, mark: Mark | null, isStart: boolean, now: number): number {
  const tookMs = (own.position && position && travelMs(wayMetres(own.position, position))) || UNKNOWN_MS;
  if (isStart) return Math.min(own.at + tookMs, mark?.at ?? Infinity, now);
  return Math.max(own.at - tookMs, mark?.at ?? -Infinity);
}

/**
 * Points away from the known end, as long as they follow one another closely: where the moving began, or stopped.
 * `null`: they tell of no move.
 */
function movedFix(at: number, outward: readonly Fix[], isForward: boolean, closeMs: number): Fix | null {
  const run: Fix[] = [];
  let last = at;
  for (const fix of outward) {
    if (isForward ? fix.at < at : fix.at > at) continue;
    if (Math.abs(fix.at - last) > closeMs) break;
    run.push(fix);
    last = fix.at;
  }
  const farthest = run.at(-1);
  if (farthest === undefined) return null;
  const inward = run.toReversed();
  const nth = inward.findIndex((fix) => distanceMetres(farthest, fix) > restMetres(farthest, fix));
  return nth < 1 ? null : (inward[nth - 1] ?? null);
}

/** Within this two fixes may be the same place. */
function restMetres(a: Fix, b: Fix): number {
  return Math.max(LIMITS.signOfLifeMetres, a.accuracyMetres ?? 0, b.accuracyMetres ?? 0);
}

/** Where somebody says that an end was, counts; an address alone is none of the places we might think of. */
function placed(end: End, edit: PlaceEdit | null | undefined, { locations }: MakingContext): End {
  if (edit === undefined) return end;
  const isGuess = { ...end.isGuess, place: false };
  if (edit === null) return { ...end, position: null, isGuess };
  const { lat, lng, locationId } = edit;
  if (lat !== undefined && lng !== undefined) {
    return { ...end, position: lat === null || lng === null ? null : { lat, lng }, isGuess };
  }
  const named = locations.find(({ id }) => id === locationId);
  if (named) return { ...end, position: named, isGuess };
  return { ...end, position: end.isGuess.place ? null : end.position, isGuess };
}

function placeOf({ position }: End, { locations }: MakingContext): Trip['from'] {
  if (position === null) return null;
  const { lat, lng } = position;
  return { lat, lng, address: null, locationId: locationAt(locations, position)?.id ?? null };
}

type Distance = Pick<Trip, 'distanceMetres' | 'distanceSource' | 'gpsDistanceMetres'>;

/** Trip rule 16, without odometers: those an edit brings along count before. */
function measureOf(
  from: End,
  to: End,
  track: readonly Fix[],
  event: PhoneEvent,
  { counterpart }: Surroundings,
): { readonly distance: Distance; readonly reasons: readonly ReviewReason[] } {
  const own = new Set([event.at, counterpart?.at]);
  const isFollowed = track.some(({ at }) => !own.has(at));
  const { metres, fixes } = measure(track.reduce(extend, NO_TRACK));
  const gpsDistanceMetres = isFollowed && fixes > 1 ? metres : null;
  if (gpsDistanceMetres !== null && gpsDistanceMetres >= LIMITS.smallestTripMetres) {
    return { distance: { distanceMetres: gpsDistanceMetres, distanceSource: 'gps', gpsDistanceMetres }, reasons: [] };
  }
  const way = from.position && to.position ? wayMetres(from.position, to.position) : 0;
  if (way < LIMITS.smallestTripMetres) {
    const distance = { distanceMetres: 0, distanceSource: 'unknown', gpsDistanceMetres } as const;
    return { distance, reasons: ['unknown_distance'] };
  }
  const distance = { distanceMetres: way, distanceSource: 'straight_line', gpsDistanceMetres } as const;
  return { distance, reasons: from.isGuess.place || to.isGuess.place ? ['estimated_distance'] : [] };
}

interface MadeCar {
  readonly carId: string | null;
  readonly device: string | null;
  readonly reasons: readonly ReviewReason[];
}

/** Trip rule 6, as far as it can be answered afterwards. */
function carFor(
  event: PhoneEvent,
  { counterpart }: Surroundings,
  { carId }: TripEdit,
  { cars, settings }: MakingContext,
): MadeCar {
  const choices = [event, ...(counterpart ? [counterpart] : [])].map((one) => carOf(one.car, cars));
  const device = choices.find((one) => one.device !== null)?.device ?? null;
  if (carId !== undefined) return { carId: null, device, reasons: [] };
  const known = choices.find((one) => one.carId !== null);
  if (known) return { carId: known.carId, device, reasons: [] };
  const isDefault = choices.every(({ by }) => by === 'none') && cars.some(({ id }) => id === settings.defaultCarId);
  return isDefault
    ? { carId: settings.defaultCarId, device, reasons: ['uncertain_car'] }
    : { carId: null, device, reasons: [] };
}

/** Where a trip began or ended, as something to go by. */
export function markOf(at: number, place: Trip['from']): Mark {
  return { at, position: positionOf(place) };
}
