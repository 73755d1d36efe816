/** What was driven when, to find the same trip again, and what one car cannot have driven besides. */

import { areImpossible, type Span } from '../overlaps.ts';
import type { Trip } from '../trips.ts';

export interface Slot extends Span {
  readonly distanceMetres: number;
  /** In the file it was added from; `null`: it was there before. */
  readonly row: number | null;
}

export function slotOf(trip: Trip, row: number | null): Slot {
  const { id, carId, startedAt, endedAt, distanceMetres } = trip;
  return { id, carId, startedAt, endedAt, distanceMetres, row };
}

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
const SAME_METRES = 100;
const SAME_SHARE = 0.8;

/** Slots by the days they touch. */
export class Timetable {
  readonly #days = new Map<number, Slot[]>();

  add(slot: Slot): void {
    for (const day of daysOf(slot)) {
      const slots = this.#days.get(day);
      if (slots === undefined) this.#days.set(day, [slot]);
      else slots.push(slot);
    }
  }

  /** Those on the same days, each once. */
  near(span: Span): readonly Slot[] {
    return [...new Set(daysOf(span).flatMap((day) => this.#days.get(day) ?? []))];
  }
}

function daysOf({ startedAt, endedAt }: Span): number[] {
  const first = Math.floor(startedAt / DAY_MS);
  const last = Math.max(first, Math.floor(endedAt / DAY_MS));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/**
 * The same trip: begun in the same minute, by the same car or as far; or most of its time driven by the same car. Nobody
 * knows whether two trips without a car were driven with the same one.
 */
export function sameTrip(slots: readonly Slot[], trip: Slot): Slot | null {
  const isSame = (slot: Slot) => {
    const isSameCar = slot.carId !== null && slot.carId === trip.carId;
    const isAsFar = Math.abs(slot.distanceMetres - trip.distanceMetres) <= SAME_METRES;
    if (minuteOf(slot) === minuteOf(trip) && (isSameCar || isAsFar)) return true;
    return isSameCar && sharedMs(slot, trip) >= SAME_SHARE * (trip.endedAt - trip.startedAt);
  };
  return slots.find(isSame) ?? null;
}

function minuteOf({ startedAt }: Span): number {
  return Math.floor(startedAt / MINUTE_MS);
}

function sharedMs(a: Span, b: Span): number {
  return Math.min(a.endedAt, b.endedAt) - Math.max(a.startedAt, b.startedAt);
}

/** What its car drove in its time. */
export function inTheWayOf<S extends Span>(spans: readonly S[], trip: Span): S | null {
  return spans.find((span) => areImpossible(span, trip)) ?? null;
}
