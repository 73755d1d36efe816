/** Plays drives into a logbook through the service's own actions, as its phone, its cars and its driver would. */

import type { Deps } from '../../src/actions/deps.ts';
import { pollAll } from '../../src/actions/poll.ts';
import { recordReading } from '../../src/actions/readings.ts';
import type { Outcome, SaidPosition } from '../../src/actions/said.ts';
import { recordEvent, recordPing } from '../../src/actions/track.ts';
import { changeTrip } from '../../src/actions/trips.ts';
import type { PhoneEvent } from '../../src/domain/events.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { UserStore } from '../../src/seams/store.ts';
import { legsOf, metresOf, type CarName, type Drive, type Leg } from './drives.ts';
import { BY_DEMO, type Garage } from './household.ts';
import type { Fix } from './journey.ts';
import type { LooseEnd } from './loose-ends.ts';
import { PLACES } from './places.ts';

const MINUTE_MS = 60_000;
const POINT_EVERY_MS = 30_000;
/** How many points the phone keeps before it sends them. */
const POINTS_AT_ONCE = 60;
const LAST_SIGN_AFTER_MS = 9 * MINUTE_MS;
const FALSE_START_MS = 20_000;

/** The logbook, and a clock that stands where the drives are. */
export interface Logbook {
  readonly deps: Deps;
  readonly user: UserStore;
  readonly garage: Garage;
  /** What the cars' own odometers show, in metres. */
  readonly odometers: Record<CarName, number>;
  setClock(at: number): void;
}

/** Answers when the last thing of it happened. */
export async function playDrive(book: Logbook, drive: Drive): Promise<number> {
  let outcome: Outcome | null = null;
  for (const leg of legsOf(drive)) outcome = await playLeg(book, drive, leg);
  book.odometers[drive.car] += drivenMetres(drive, outcome);
  const tripId = outcome?.reply.tripId ?? null;
  if (drive.heard === 'no_end' || tripId === null) return book.deps.clock.now();
  if (drive.car === 'company') await pushOdometer(book, book.deps.clock.now() + 2 * MINUTE_MS);
  if (drive.said !== null) {
    book.setClock(book.deps.clock.now() + 4 * MINUTE_MS);
    await changeTrip(book.deps, book.user, tripId, drive.said, BY_DEMO, () => true);
  }
  return book.deps.clock.now();
}

/** The company car says what it drove; the other one drove what its logbook says, where that says something. */
function drivenMetres(drive: Drive, outcome: Outcome | null): number {
  const logged = outcome?.trip?.distanceMetres ?? 0;
  return drive.car === 'family' && logged > 0 ? logged : metresOf(drive);
}

async function playLeg(book: Logbook, { car, heard }: Drive, leg: Leg): Promise<Outcome | null> {
  const { journey, startedAt, endedAt } = leg;
  const place = (name: Leg['from']) => (heard === 'no_positions' ? null : journeyEnd(name));
  await tell(book, 'start', startedAt, place(leg.from), car);
  const seenUntil = heard === 'no_end' ? Math.min(journey.durationMs, LAST_SIGN_AFTER_MS) : journey.durationMs;
  const fixes: Fix[] = [];
  for (let elapsed = POINT_EVERY_MS; elapsed < seenUntil; elapsed += POINT_EVERY_MS) {
    fixes.push(journey.fixAt(startedAt, elapsed));
  }
  if (heard === 'all' || heard === 'no_end') await sendFixes(book, fixes, car);
  return heard === 'no_end' ? null : tell(book, 'end', endedAt, place(leg.to), car);
}

async function sendFixes(book: Logbook, fixes: readonly Fix[], car: CarName): Promise<void> {
  for (let first = 0; first < fixes.length; first += POINTS_AT_ONCE) {
    const batch = fixes.slice(first, first + POINTS_AT_ONCE);
    const points = batch.map((fix) => ({ ...fix, time: { kind: 'instant', at: fix.at } as const }));
    book.setClock(batch.at(-1)?.at ?? book.deps.clock.now());
    await recordPing(book.deps, book.user, { points, unreadable: 0, ...claimOf(book, car), warnings: [] });
  }
}

export async function playLooseEnd(book: Logbook, loose: LooseEnd): Promise<number> {
  if (loose.kind === 'drive') return playDrive(book, loose.drive);
  const there = journeyEnd(loose.place);
  if (loose.kind === 'false_start') await tell(book, 'start', loose.at - FALSE_START_MS, there, 'company');
  await tell(book, 'end', loose.at, there, 'company');
  await pushOdometer(book, loose.at + 2 * MINUTE_MS);
  return book.deps.clock.now();
}

/** Ends what an earlier demo left open, where the car was last seen. */
export async function finishOpenTrip(book: Logbook, at: number): Promise<void> {
  const { trip } = await tell(book, 'finalize', at, null, null);
  if (trip?.carId !== book.garage.company.id) return;
  const since = trip.startOdometerMetres ?? book.odometers.company;
  // It may have been read on the way.
  book.odometers.company = Math.max(book.odometers.company, since + trip.distanceMetres);
  await pushOdometer(book, at + 2 * MINUTE_MS);
}

/** The company car reports by itself. */
export async function pushOdometer(book: Logbook, at: number): Promise<void> {
  await readOdometer(book, 'company', at, 'push', 'parked', null);
}

/** The driver reads it off and writes it down. */
export async function noteOdometer(book: Logbook, car: CarName, at: number): Promise<void> {
  await readOdometer(book, car, at, 'manual', 'unknown', 'Beginning of the month');
}

async function readOdometer(
  book: Logbook,
  car: CarName,
  at: number,
  source: 'push' | 'manual',
  state: 'parked' | 'unknown',
  note: string | null,
): Promise<void> {
  book.setClock(at);
  const odometerMetres = Math.round(book.odometers[car] / 100) * 100;
  const said = { odometerMetres, resolutionMetres: 100, position: null, state, at, source, note };
  await recordReading(book.deps, book.user, book.garage[car].id, said, source === 'manual' ? BY_DEMO : null);
}

/** What is due at night is done at night, as by the service's timer. */
export async function passNight(book: Logbook, at: number): Promise<void> {
  book.setClock(at);
  const { failed } = await pollAll(book.deps);
  if (failed > 0) throw new Problem('conflict', 'The clock could not do what was due.');
}

async function tell(
  book: Logbook,
  type: PhoneEvent['type'],
  at: number,
  position: SaidPosition | null,
  car: CarName | null,
): Promise<Outcome> {
  book.setClock(at);
  const claim = claimOf(book, car);
  const said = JSON.stringify({ device: claim.device, ...(position && { lat: position.lat, lng: position.lng }) });
  return recordEvent(book.deps, book.user, { type, eventId: null, time: null, position, ...claim, said, warnings: [] });
}

function claimOf({ garage }: Logbook, car: CarName | null) {
  return { carId: null, device: car && garage[car].deviceName, tokenCarId: null };
}

function journeyEnd(name: Leg['from']): SaidPosition {
  const { lat, lng } = PLACES[name];
  return { lat, lng, accuracyMetres: 8, speedKmh: 0 };
}
