/** What can be done to a simulated car: each answers the settings of the car it is then. Pure. */

import { truthAt } from '../../../src/adapters/simulator/car.ts';
import type { SimulatedDrive, SimulatedFault, SimulatorSettings } from '../../../src/domain/connections.ts';
import { distanceMetres, type Position } from '../../../src/domain/geo.ts';
import type { Leg } from '../drives.ts';
import { PLACES } from '../places.ts';

export type Edit = (settings: SimulatorSettings, now: number) => SimulatorSettings;

const MINUTE_MS = 60_000;
/** Longer than any lag. */
const REMEMBERED_MS = 120 * MINUTE_MS;

/** Stands at home and has driven so far. */
export function newCar(odometerMetres: number): SimulatorSettings {
  const { lat, lng } = PLACES.home;
  return {
    provider: 'simulator',
    odometerMetres,
    parkedAt: { lat, lng },
    drives: [],
    resolutionMetres: 100,
    lagMs: 0,
    sleepsAfterMs: null,
    fault: 'none',
    faultShare: 0,
    observes: true,
    answersAfterMs: 0,
  };
}

export function withLag(lagMs: number): Edit {
  return (settings) => ({ ...settings, lagMs });
}

export function withFault(fault: SimulatedFault, faultShare: number): Edit {
  return (settings) => ({ ...settings, fault, faultShare });
}

/** As soon as it has stood a minute. */
export const fallAsleep: Edit = (settings) => ({ ...settings, sleepsAfterMs: MINUTE_MS });
export const stayAwake: Edit = (settings) => ({ ...settings, sleepsAfterMs: null });

const METRES_PER_MS = 60 / 3_600;

/** At once, or when it has done what it is to do anyway; to a place about so far away. */
export function driveOn(metres: number): Edit {
  return (settings, now) => {
    const startsAt = Math.max(now, ...settings.drives.map(endOf));
    const { position } = truthAt(settings, startsAt);
    const durationMs = Math.max(MINUTE_MS, Math.round(metres / METRES_PER_MS));
    const drive = { startsAt, durationMs, distanceMetres: metres, to: placeAway(position, metres) };
    const known = forgetful(settings, now);
    return { ...known, drives: [...known.drives, drive] };
  };
}

/** Whatever it did until then, it goes where the phone goes. */
export function follow(leg: Leg): Edit {
  return (settings, now) => {
    const standing = forgetful(standStill(settings, leg.startedAt), now);
    return { ...standing, drives: [...standing.drives, ...piecesOf(leg)] };
  };
}

function standStill(settings: SimulatorSettings, at: number): SimulatorSettings {
  const drives = settings.drives.filter((drive) => endOf(drive) <= at);
  const current = settings.drives.find((drive) => drive.startsAt < at && at < endOf(drive));
  if (current === undefined) return { ...settings, drives };
  const { startsAt } = current;
  const { odometerMetres, position } = truthAt(settings, at);
  const driven = odometerMetres - truthAt(settings, startsAt).odometerMetres;
  return {
    ...settings,
    drives: [...drives, { startsAt, durationMs: at - startsAt, distanceMetres: driven, to: position }],
  };
}

/** Drives that are so long over that nobody hears of them any more are counted and forgotten. */
function forgetful(settings: SimulatorSettings, now: number): SimulatorSettings {
  const isOver = (drive: SimulatedDrive) => endOf(drive) <= now - REMEMBERED_MS;
  const { odometerMetres, position } = truthAt({ ...settings, drives: settings.drives.filter(isOver) }, now);
  return { ...settings, odometerMetres, parkedAt: position, drives: settings.drives.filter((one) => !isOver(one)) };
}

function endOf({ startsAt, durationMs }: SimulatedDrive): number {
  return startsAt + durationMs;
}

const ROAD_BENDS = 1.3;
const SAME_PLACE_METRES = 300;

/** The place whose road is most nearly as long. */
function placeAway(from: Position, metres: number): Position {
  const away = (place: Position) => distanceMetres(from, place);
  const others = Object.values(PLACES).filter((place) => away(place) > SAME_PLACE_METRES);
  const misses = (place: Position) => Math.abs(away(place) * ROAD_BENDS - metres);
  const { lat, lng } = others.reduce((best, place) => (misses(place) < misses(best) ? place : best));
  return { lat, lng };
}

/** Straight lines of a minute each along the way, together as long as the way is. */
function piecesOf({ journey, startedAt, endedAt, from, to }: Leg): SimulatedDrive[] {
  const durationMs = endedAt - startedAt;
  const count = Math.max(1, Math.ceil(durationMs / MINUTE_MS));
  const elapsed = Array.from({ length: count + 1 }, (_, i) => Math.min(durationMs, i * MINUTE_MS));
  const corners: readonly Position[] = elapsed.map((ms, i) =>
    i === 0 ? PLACES[from] : i === count ? PLACES[to] : journey.fixAt(startedAt, ms),
  );
  const straight = sums(corners.map((corner, i) => distanceMetres(corners[i - 1] ?? corner, corner)));
  const whole = straight.at(-1) ?? 0;
  const driven = straight.map((sum) => (whole === 0 ? 0 : Math.round((sum / whole) * journey.metres)));
  return corners.slice(1).map(({ lat, lng }, i) => {
    const [startMs = 0, endMs = 0] = elapsed.slice(i, i + 2);
    const [before = 0, after = 0] = driven.slice(i, i + 2);
    return {
      startsAt: startedAt + startMs,
      durationMs: endMs - startMs,
      distanceMetres: after - before,
      to: { lat, lng },
    };
  });
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}
