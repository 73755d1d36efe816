/** A driver's day as it is told: a phone, cars, a clock; and what the logbook then says. */

import { onTestFinished } from 'vitest';
import type { Deps } from '../../src/actions/deps.ts';
import { changeSettings, type SettingsEdit } from '../../src/actions/settings.ts';
import { changeTrip, removeTrip } from '../../src/actions/trips.ts';
import { newUser } from '../../src/actions/users.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import { instantOfWallClock, localDate } from '../../src/domain/calendar.ts';
import type { Car } from '../../src/domain/cars.ts';
import type { PhoneEvent } from '../../src/domain/events.ts';
import type { Position } from '../../src/domain/geo.ts';
import { defaultRadiusMetres, type LocationKind, type UserLocation } from '../../src/domain/locations.ts';
import { defaultSettings, type Settings } from '../../src/domain/settings.ts';
import type { TripEdit } from '../../src/domain/trip-edits.ts';
import type { User } from '../../src/domain/users.ts';
import { providers } from '../../src/providers.ts';
import { NO_SERVICES } from '../../src/seams/services.ts';
import type { UserStore } from '../../src/seams/store.ts';
import { testApp } from './app.ts';
import { feedLines, reviewLines, tripLine, tripsOf } from './book.ts';
import { VirtualClock } from './clock.ts';
import { KeptLog } from './log.ts';
import { between } from './places.ts';
import { openTempStore } from './store.ts';
import { testVault } from './vault.ts';
import { actionsWire, httpWire, type Said, type SaidOfCar, type Told, type Wire } from './wires.ts';

export interface CarWish {
  /** `null`: it cannot be asked. */
  readonly pollMinutes?: number | null;
  readonly devices?: readonly string[];
  readonly ignored?: boolean;
}

export interface World {
  readonly zone?: string;
  /** Local date and time the story begins at. */
  readonly start?: string;
  readonly settings?: Partial<Settings>;
  readonly cars?: Readonly<Record<string, CarWish>>;
  readonly places?: Readonly<Record<string, Position & { readonly kind: LocationKind }>>;
  readonly user?: string;
}

/** How the service is reached in a story. */
export type Way = 'actions' | 'http';
export const WAYS: readonly Way[] = ['actions', 'http'];

interface Sending extends Omit<Said, 'place' | 'timestamp'> {
  /** When it reached the service; then it carries the time it happened. Left out: at once, without a timestamp. */
  readonly received?: string;
  /** What the phone's clock said, when that was not the time. */
  readonly stamp?: string;
}

const MINUTE_MS = 60_000;

/** A fresh service with one user in it, gone when the test ends. */
export async function drive(way: Way, world: World = {}): Promise<Driver> {
  const { zone = 'Europe/Amsterdam', start = '2026-03-02 06:00', user = 'jan@example.nl' } = world;
  const startsAt = instantOfWallClock(isoLocal(start), zone, 0);
  const settings = { ...defaultSettings(zone, 'en'), ...world.settings };
  const { deps, wire, clock } = way === 'http' ? overHttp(startsAt, settings) : straight(startsAt, settings);
  const driver = new Driver({ deps, wire, clock, zone, user });
  await driver.moveIn(settings, world);
  return driver;
}

function straight(startsAt: number, newUser: Settings) {
  const { store, remove } = openTempStore();
  onTestFinished(remove);
  const clock = new VirtualClock(startsAt);
  const ids = systemIds(clock);
  const log = new KeptLog();
  const deps: Deps = {
    store,
    clock,
    ids,
    log,
    vault: testVault,
    providers,
    services: NO_SERVICES,
    newUser,
    unknownUsers: 'create',
  };
  return { deps, clock, wire: actionsWire(deps) };
}

function overHttp(startsAt: number, newUser: Settings) {
  const service = testApp({}, new Date(startsAt).toISOString());
  return { deps: { ...service.deps, newUser }, clock: service.clock, wire: httpWire(service) };
}

interface Parts {
  readonly deps: Deps;
  readonly wire: Wire;
  readonly clock: VirtualClock;
  readonly zone: string;
  readonly user: string;
}

export class Driver {
  readonly deps: Deps;
  readonly wire: Wire;
  readonly clock: VirtualClock;
  readonly zone: string;
  readonly user: string;
  /** The local date the story began on: times without a date are on the clock's date. */
  readonly day: string;
  /** While true, the clock ticks every minute it moves over. */
  ticking = false;
  #cars = new Map<string, string>();

  constructor({ deps, wire, clock, zone, user }: Parts) {
    this.deps = deps;
    this.wire = wire;
    this.clock = clock;
    this.zone = zone;
    this.user = user;
    this.day = localDate(clock.now(), zone);
  }

  get store(): UserStore {
    return this.deps.store.forUser(this.user);
  }

  async moveIn(settings: Settings, { cars = {}, places = {} }: World): Promise<void> {
    const now = this.clock.now();
    const facts = Object.entries(cars).map(([name, wish], i) => {
      const { devices = [], ignored = false, pollMinutes = null } = wish;
      const id = `car_${String(i + 1).padStart(20, '2')}`;
      this.#cars.set(name, id);
      return { id, deviceNames: devices, ignored, pollIntervalMs: pollMinutes && pollMinutes * MINUTE_MS };
    });
    const locations = Object.entries(places).map(([id, { kind, lat, lng }]): UserLocation => ({
      id,
      kind,
      lat,
      lng,
      radiusMetres: defaultRadiusMetres(kind),
    }));
    const user: User = { ...newUser(this.user, settings, now), cars: facts, locations };
    const names = [...this.#cars.keys()];
    await this.store.transact(function* (tx) {
      tx.put('user', '', user);
      for (const [i, { id, deviceNames, ignored }] of facts.entries()) {
        tx.put('car', id, { ...CAR, id, name: names[i] ?? '', deviceNames, ignored, createdAt: now, updatedAt: now });
      }
    });
  }

  car(name: string): string {
    return this.#cars.get(name) ?? name;
  }

  start(at: string, place: Position | null = null, more: Sending = {}): Promise<Told> {
    return this.say('start', at, place, more);
  }

  end(at: string, place: Position | null = null, more: Sending = {}): Promise<Told> {
    return this.say('end', at, place, more);
  }

  async say(
    type: PhoneEvent['type'],
    at: string,
    place: Position | null = null,
    { received, stamp, ...more }: Sending = {},
  ): Promise<Told> {
    await this.goTo(received ?? at);
    const timestamp = stamp ?? (received === undefined ? undefined : at);
    const said = { ...more, place, ...(timestamp !== undefined && { timestamp: this.at(timestamp) }) };
    return this.wire.event(this.user, type, said);
  }

  /** One position, as it is; `received` later, it carries its time. */
  async ping(at: string, place: Position, { received, ...more }: Sending = {}): Promise<Told> {
    await this.goTo(received ?? at);
    const timestamp = received === undefined ? {} : { timestamp: this.at(at) };
    return this.wire.points(this.user, [{ ...more, place, ...timestamp }]);
  }

  /** Straight from one place to another at an even speed, a position every so many seconds, ends excluded. */
  async follow(from: string, here: Position, until: string, there: Position, everySeconds = 60): Promise<void> {
    for (const { at, place } of this.way(from, here, until, there, everySeconds)) {
      await this.goTo(at);
      await this.wire.points(this.user, [{ place }]);
    }
  }

  /** The same way, sent in one request (or in parts) when it was over. */
  async replay(received: string, points: readonly { readonly at: number; readonly place: Position }[]): Promise<void> {
    await this.goTo(received);
    for (let i = 0; i < points.length; i += 1_000) {
      const part = points.slice(i, i + 1_000).map(({ at, place }) => ({ place, timestamp: at }));
      await this.wire.points(this.user, part);
    }
  }

  way(from: string, here: Position, until: string, there: Position, everySeconds = 60) {
    const [first, last] = [this.at(from), this.at(until)];
    const points: { at: number; place: Position }[] = [];
    for (let at = first + everySeconds * 1_000; at < last; at += everySeconds * 1_000) {
      points.push({ at, place: between(here, there, (at - first) / (last - first)) });
    }
    return points;
  }

  /** What a car answers; `at` is its own clock, the answer came when the clock stands or goes to `received`. */
  async carSays(car: string, said: Omit<SaidOfCar, 'at'> & { at?: string; received?: string }): Promise<void> {
    const { at, received, ...more } = said;
    await this.goTo(received ?? at ?? this.clock.now());
    const when = at === undefined ? {} : { at: this.at(at) };
    await this.wire.reading(this.user, this.car(car), { ...more, ...when });
  }

  async tick(at: string | number = this.clock.now()): Promise<void> {
    await this.goTo(at);
    await this.wire.tick();
  }

  async goTo(time: string | number): Promise<void> {
    const to = this.at(time);
    const now = this.clock.now();
    if (to < now) throw new Error(`${time} is over: say when it was received`);
    if (this.ticking) {
      for (let at = Math.ceil((now + 1) / MINUTE_MS) * MINUTE_MS; at <= to; at += MINUTE_MS) {
        this.clock.set(at);
        await this.wire.tick();
      }
    }
    this.clock.set(to);
  }

  /** `HH:MM[:SS]` on the clock's date, `YYYY-MM-DD HH:MM` there, or ISO 8601 in UTC. */
  at(time: string | number): number {
    if (typeof time === 'number') return time;
    if (time.endsWith('Z')) return Date.parse(time);
    const local = time.includes('-') ? time : `${localDate(this.clock.now(), this.zone)} ${time}`;
    return instantOfWallClock(isoLocal(local), this.zone, this.clock.now());
  }

  /** What its driver does to a trip in the logbook. */
  async edit(tripId: string | null, edit: TripEdit): Promise<void> {
    await changeTrip(this.deps, this.store, tripId ?? '', edit, { kind: 'open' }, () => true);
  }

  async remove(tripId: string | null): Promise<void> {
    await removeTrip(this.deps, this.store, tripId ?? '', { kind: 'open' }, () => true);
  }

  async changeSettings(edit: SettingsEdit): Promise<void> {
    await changeSettings(this.deps, this.store, edit, { kind: 'open' });
  }

  trips() {
    return tripsOf(this.store);
  }

  async book(): Promise<string[]> {
    const names = new Map([...this.#cars].map(([name, id]) => [id, name]));
    return (await this.trips()).map((trip) => tripLine(trip, this.day, (id) => names.get(id) ?? id));
  }

  review(): Promise<string[]> {
    return reviewLines(this.store, this.zone, this.day);
  }

  feed(): Promise<string[]> {
    return feedLines(this.store, this.zone, this.day);
  }

  async phase(): Promise<string> {
    return (await this.store.get('active', 'trip_start'))?.now.phase ?? 'idle';
  }
}

const CAR: Omit<Car, 'id' | 'createdAt' | 'updatedAt'> = {
  name: '',
  licensePlate: null,
  vin: null,
  make: null,
  model: null,
  availableFrom: null,
  availableTo: null,
  companyCar: false,
  deviceNames: [],
  ignored: false,
  odometerUnit: 'km',
  startOdometerMetres: null,
  connection: null,
  archivedAt: null,
};

function isoLocal(text: string): string {
  return text.replace(' ', 'T');
}
