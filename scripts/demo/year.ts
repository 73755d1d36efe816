/** Fills the demo's logbook from where it stands up to now: a whole year at first, what is missing later. */

import { disconnectCar } from '../../src/actions/connections.ts';
import type { Deps } from '../../src/actions/deps.ts';
import { loaded } from '../../src/actions/machine-docs.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import { openVault } from '../../src/adapters/system/vault.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { localDate, startOfDay } from '../../src/domain/calendar.ts';
import { providers } from '../../src/providers.ts';
import { NO_SERVICES } from '../../src/seams/services.ts';
import type { Store, UserStore } from '../../src/seams/store.ts';
import { drivesOn } from './days.ts';
import { endOf, type CarName, type Drive } from './drives.ts';
import { BY_DEMO, CARS, DEMO_USER, DEMO_ZONE, moveIn, type Garage } from './household.ts';
import {
  finishOpenTrip,
  noteOdometer,
  passNight,
  playDrive,
  playLooseEnd,
  pushOdometer,
  type Logbook,
} from './logbook.ts';
import { looseEndsBefore, type LooseEnd } from './loose-ends.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Longer than a pause within one trip. */
const APART_MS = 30 * MINUTE_MS;
/** The newest drives have nothing written about them yet. */
const UNSAID_MS = 2 * DAY_MS;

export interface Progress {
  readonly day: number;
  readonly days: number;
  readonly drives: number;
}

export interface Filling {
  readonly newUser: Settings;
  readonly seed: string;
  /** How far back an empty logbook begins. */
  readonly days: number;
  /** No drive is made up that ends later. */
  readonly until: number;
  /** The present: nothing is recorded beyond it. */
  readonly now: number;
  tell(progress: Progress): void;
}

/** The last thing in the logbook. */
export interface Last {
  readonly at: number;
  readonly car: CarName | null;
}

export async function fillYear(store: Store, filling: Filling): Promise<Last> {
  const { until, seed, tell } = filling;
  const book = await openLogbook(store, filling);
  const since = await closeUp(book);
  if (!(await hasReadings(book.user))) {
    await pushOdometer(book, since);
    await noteOdometer(book, 'family', since);
  }
  const first = Temporal.PlainDate.from(localDate(since, DEMO_ZONE));
  const last = Temporal.PlainDate.from(localDate(until, DEMO_ZONE));
  const days = Math.max(0, first.until(last).days + 1);
  const looseEnds = looseEndsBefore(startOfDay(last.toString(), DEMO_ZONE)).filter(({ at }) => at > since);
  let drives = 0;
  for (let day = 0; day < days; day += 1) {
    const date = first.add({ days: day });
    drives += await playDay(book, date, drivesOn(date, seed), looseEnds, { since, until });
    tell({ day: day + 1, days, drives });
  }
  return lastOf(book);
}

async function openLogbook(store: Store, { newUser, days, until, now: present }: Filling): Promise<Logbook> {
  let now = startOfDay(localDate(until - days * DAY_MS, DEMO_ZONE), DEMO_ZONE);
  const clock = { now: () => now };
  const log = { write: () => undefined };
  const ids = systemIds(clock);
  const vault = openVault([]);
  const deps: Deps = {
    store,
    clock,
    ids,
    log,
    vault,
    providers,
    services: NO_SERVICES,
    newUser,
    unknownUsers: 'create',
  };
  const user = store.forUser(DEMO_USER);
  const setClock = (at: number) => {
    now = Math.min(Math.max(now, at), present);
  };
  setClock((await lastHappening(user)).at);
  const garage = await moveIn(deps, user);
  // What happened meanwhile is told by the book alone, not by a car that went on driving.
  await disconnectCar(deps, user, garage.company.id, BY_DEMO);
  return { deps, user, garage, odometers: await odometersOf(user, garage), setClock };
}

/** From when on there is nothing yet; a drive that an earlier demo left open is ended first. */
async function closeUp(book: Logbook): Promise<number> {
  const { at, isOpen } = await lastHappening(book.user);
  if (isOpen) await finishOpenTrip(book, at + MINUTE_MS);
  return Math.max(book.deps.clock.now(), at);
}

async function lastHappening(user: UserStore): Promise<{ at: number; isOpen: boolean }> {
  const { active, lastAt } = loaded(await user.get('active', 'trip_start'), await user.get('memory', 'memory'));
  const [trip] = await user.list('trip', { order: 'desc', limit: 1 });
  return { at: Math.max(lastAt, trip?.doc.endedAt ?? 0), isOpen: active !== null };
}

async function lastOf({ user, garage, deps }: Logbook): Promise<Last> {
  const [trip] = await user.list('trip', { order: 'desc', limit: 1 });
  const isCompany = trip?.doc.carId === garage.company.id;
  return {
    at: Math.max(deps.clock.now(), trip?.doc.endedAt ?? 0),
    car: trip ? (isCompany ? 'company' : 'family') : null,
  };
}

async function odometersOf(user: UserStore, garage: Garage): Promise<Record<CarName, number>> {
  const company = await odometerOf(user, garage.company.id, CARS.company.startOdometerMetres);
  const family = await odometerOf(user, garage.family.id, CARS.family.startOdometerMetres);
  return { company, family };
}

/** The last reading, and what was driven since. */
async function odometerOf(user: UserStore, carId: string, startMetres: number): Promise<number> {
  const where = { carId };
  const [reading] = await user.list('odometer_reading', { order: 'desc', limit: 1, where });
  const trips = await user.list('trip', { order: 'desc', limit: 200, where });
  const readAt = reading?.doc.at ?? 0;
  const since = trips.filter(({ doc }) => doc.startedAt >= readAt);
  return since.reduce((sum, { doc }) => sum + doc.distanceMetres, reading?.doc.odometerMetres ?? startMetres);
}

interface Span {
  readonly since: number;
  readonly until: number;
}

async function playDay(
  book: Logbook,
  date: Temporal.PlainDate,
  planned: readonly Drive[],
  looseEnds: readonly LooseEnd[],
  { since, until }: Span,
): Promise<number> {
  const midnight = startOfDay(date.toString(), DEMO_ZONE);
  const drives = planned.filter((drive) => drive.startedAt > since + APART_MS && endOf(drive) + APART_MS < until);
  const morning = midnight + 7 * 60 * MINUTE_MS;
  if (date.day === 1 && morning > since && morning < until) await noteOdometers(book, morning);
  for (const drive of drives) {
    const isSaid = drive.startedAt < until - UNSAID_MS;
    await playDrive(book, isSaid ? drive : { ...drive, said: null });
  }
  const loose = looseEnds.filter(({ at }) => localDate(at, DEMO_ZONE) === date.toString());
  for (const one of loose) await playLooseEnd(book, one);
  const night = midnight + DAY_MS - 5 * MINUTE_MS;
  if (night < until) await passNight(book, night);
  return drives.length + loose.length;
}

async function noteOdometers(book: Logbook, at: number): Promise<void> {
  for (const car of ['company', 'family'] as const) await noteOdometer(book, car, at);
}

async function hasReadings(user: UserStore): Promise<boolean> {
  return (await user.list('odometer_reading', { order: 'desc', limit: 1 })).length > 0;
}
