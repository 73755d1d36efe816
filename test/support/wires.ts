/** Two ways to tell the service the same: straight to the actions, or over HTTP. */

import { recordReading } from '../../src/actions/readings.ts';
import type { Outcome, SaidPoint } from '../../src/actions/said.ts';
import { recordEvent, recordPing } from '../../src/actions/track.ts';
import { pollAll } from '../../src/actions/poll.ts';
import type { Deps } from '../../src/actions/deps.ts';
import type { DrivingState, PhoneEvent } from '../../src/domain/events.ts';
import type { Position } from '../../src/domain/geo.ts';
import type { TestApp } from './app.ts';

/** What a phone sends; what is left out is not sent. */
export interface Said {
  readonly place?: Position | null;
  readonly accuracy?: number;
  /** Epoch milliseconds. */
  readonly timestamp?: number;
  readonly carId?: string;
  readonly device?: string;
  readonly eventId?: string;
}

export interface SaidOfCar {
  readonly km?: number;
  readonly state?: DrivingState;
  readonly place?: Position;
  /** Epoch milliseconds of the car's own clock. */
  readonly at?: number;
}

export interface Told {
  readonly code: string;
  readonly tripId: string | null;
  readonly duplicate: boolean;
  readonly warnings: readonly string[];
  readonly accepted: number;
  readonly rejected: number;
}

export interface Wire {
  event(user: string, type: PhoneEvent['type'], said: Said): Promise<Told>;
  /** One point goes as a single ping, several as a batch. */
  points(user: string, points: readonly Said[]): Promise<Told>;
  reading(user: string, carId: string, said: SaidOfCar): Promise<void>;
  tick(): Promise<void>;
}

export function actionsWire(deps: Deps): Wire {
  return {
    async event(user, type, said) {
      const { eventId = null, carId = null, device = null } = said;
      const { time, ...position } = pointOf(said);
      const at = said.place ? position : null;
      const parts = { eventId, time, position: at, carId, device, tokenCarId: null, warnings: [] };
      const event = { type, ...parts, said: JSON.stringify(bodyOf(said)) };
      return told(await recordEvent(deps, deps.store.forUser(user), event, { kind: 'open' }));
    },
    async points(user, points) {
      const said = { points: points.map(pointOf), unreadable: 0, warnings: [] };
      const nobody = { carId: null, device: null, tokenCarId: null };
      return told(await recordPing(deps, deps.store.forUser(user), { ...said, ...nobody }));
    },
    async reading(user, carId, { km, state = 'unknown', place = null, at = null }) {
      const odometerMetres = km === undefined ? null : Math.round(km * 1_000);
      const resolutionMetres = resolutionOf(odometerMetres ?? 0);
      const said = { odometerMetres, resolutionMetres, position: place, state, at, source: 'push', note: null };
      await recordReading(deps, deps.store.forUser(user), carId, said);
    },
    async tick() {
      const { failed, remaining } = await pollAll(deps);
      if (failed + remaining > 0) throw new Error(`${failed} users failed, ${remaining} were not served`);
    },
  };
}

function resolutionOf(metres: number): number {
  return [1_000, 100].find((step) => metres % step === 0) ?? 1;
}

function pointOf({ place, accuracy, timestamp }: Said): SaidPoint {
  const time = timestamp === undefined ? null : { kind: 'instant' as const, at: timestamp };
  return { lat: 0, lng: 0, ...place, accuracyMetres: accuracy ?? null, speedKmh: null, time };
}

function told({ reply, warnings, accepted, rejected }: Outcome): Told {
  return { ...reply, warnings, accepted, rejected };
}

export function httpWire({ app }: Pick<TestApp, 'app'>): Wire {
  const post = async (user: string | null, path: string, body: object | null) => {
    const headers = { 'content-type': 'application/json', ...(user !== null && { 'x-user-email': user }) };
    const response = await app.request(path, { method: 'POST', headers, body: body && JSON.stringify(body) });
    if (response.status !== 200 && response.status !== 201) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as Readonly<Record<string, unknown>>;
  };
  const tell = async (user: string, path: string, body: object): Promise<Told> => {
    const answer = await post(user, path, body);
    return {
      code: String(answer['code']),
      tripId: (answer['trip_id'] as string | undefined) ?? null,
      duplicate: answer['duplicate'] === true,
      warnings: answer['warnings'] as readonly string[],
      accepted: Number(answer['accepted'] ?? 1),
      rejected: Number(answer['rejected'] ?? 0),
    };
  };
  return {
    event: (user, type, said) => tell(user, `/webhook/${type}`, bodyOf(said)),
    points: (user, points) =>
      tell(user, '/webhook/ping', points.length === 1 ? bodyOf(points[0] ?? {}) : { points: points.map(bodyOf) }),
    async reading(user, carId, { km, state, place, at }) {
      const when = at === undefined ? {} : { at: new Date(at).toISOString() };
      const body = { ...(km !== undefined && { odometer_km: km }), ...(state && { state }), ...place, ...when };
      await post(user, `/cars/${carId}/readings`, body);
    },
    async tick() {
      const { failed, remaining } = (await post(null, '/scheduler/poll-all', null)) as Record<string, number>;
      if (failed !== 0 || remaining !== 0) throw new Error(`${failed} users failed, ${remaining} were not served`);
    },
  };
}

function bodyOf({ place, accuracy, timestamp, carId, device, eventId }: Said): object {
  return {
    ...place,
    ...(accuracy !== undefined && { accuracy_m: accuracy }),
    ...(timestamp !== undefined && { timestamp: new Date(timestamp).toISOString() }),
    ...(carId !== undefined && { car_id: carId }),
    ...(device !== undefined && { device }),
    ...(eventId !== undefined && { event_id: eventId }),
  };
}
