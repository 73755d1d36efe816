/** The drive that goes on while one looks: start, a point every few seconds, end, a pause, and the next. */

import { isoOf } from '../../src/domain/units.ts';
import { legsOf, type CarName, type Drive, type Leg } from './drives.ts';
import type { Fix } from './journey.ts';
import type { Phone } from './phone.ts';
import { PLACES, type PlaceName } from './places.ts';
import type { Last } from './year.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const POINT_EVERY_MS = 4 * SECOND_MS;
/** The first drive has begun before one looks, so that there is something to see. */
const UNDER_WAY_MS = 7 * MINUTE_MS;
/** Longer than a reconnect, so that the next start is a drive of its own. */
const PAUSE_MS = 160 * SECOND_MS;

const ROUND: readonly (readonly [PlaceName, PlaceName])[] = [
  ['home', 'hilversum'],
  ['hilversum', 'office'],
  ['office', 'zeist'],
  ['zeist', 'home'],
];

export interface LiveCar {
  readonly deviceName: string;
  /** Moves the car itself, that is asked by the service; `null`: only the phone knows of the drive. */
  readonly drive: ((leg: Leg) => Promise<unknown>) | null;
}

/** When the first of the live drives begins, if the demo begins `now`. */
export function liveSince(now: number): number {
  return now - UNDER_WAY_MS;
}

/** After what was last, with a car that could not just have gone on with it. */
export function firstLiveDrive(last: Last, now: number): { readonly startedAt: number; readonly car: CarName } {
  const startedAt = Math.max(liveSince(now), last.at + SECOND_MS);
  const isReconnect = startedAt - last.at <= PAUSE_MS;
  return { startedAt, car: isReconnect && last.car === 'company' ? 'family' : 'company' };
}

/** Drives until the phone is stopped: then it rejects. */
export async function driveForEver(phone: Phone, car: LiveCar, startedAt: number, now: () => number): Promise<never> {
  for (let round = 0, at = startedAt; ; round += 1, at = now()) {
    const [from, to] = ROUND[round % ROUND.length] ?? ['home', 'office'];
    const drive: Drive = { car: 'company', startedAt: at, from, via: null, to, pace: 0.85, heard: 'all', said: null };
    for (const leg of legsOf(drive)) await driveLeg(phone, car, leg, now);
    await phone.wait(PAUSE_MS);
  }
}

async function driveLeg(phone: Phone, car: LiveCar, leg: Leg, now: () => number): Promise<void> {
  const { startedAt, endedAt } = leg;
  await car.drive?.(leg);
  await phone.post('/webhook/start', { device: car.deviceName, timestamp: isoOf(startedAt), ...placeOf(leg.from) });
  await catchUp(phone, leg, now());
  for (;;) {
    await phone.wait(POINT_EVERY_MS);
    const at = now();
    if (at >= endedAt) break;
    await phone.post('/webhook/ping', wireOf(leg.journey.fixAt(startedAt, at - startedAt)));
  }
  await phone.post('/webhook/end', { device: car.deviceName, timestamp: isoOf(endedAt), ...placeOf(leg.to) });
}

/** Points of the time before one looked go in one batch, as from a tracker that was offline. */
async function catchUp(phone: Phone, { journey, startedAt }: Leg, now: number): Promise<void> {
  const points: object[] = [];
  for (let at = startedAt + POINT_EVERY_MS; at < now; at += POINT_EVERY_MS) {
    points.push(wireOf(journey.fixAt(startedAt, at - startedAt)));
  }
  if (points.length > 0) await phone.post('/webhook/ping', { points });
}

function placeOf(name: PlaceName) {
  const { lat, lng } = PLACES[name];
  return { lat, lng, accuracy_m: 8 };
}

function wireOf({ lat, lng, at, accuracyMetres, speedKmh }: Fix) {
  return { lat, lng, timestamp: isoOf(at), accuracy_m: accuracyMetres, speed_kmh: speedKmh };
}
