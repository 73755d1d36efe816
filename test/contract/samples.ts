/** Documents as stores see them: what a store looks at is real, the rest is filling. */

import { defaultSettings } from '../../src/domain/settings.ts';
import type { DeviceToken } from '../../src/domain/tokens.ts';
import type { Docs, Kind } from '../../src/seams/store.ts';

export const ANNA = 'anna@example.org';
export const BOB = 'bob@example.org';
export const NOON = 1_772_366_400_000;

/** Stores must not care what else a document holds. */
function doc<K extends Kind>(fields: object): Docs[K] {
  return fields as Docs[K];
}

export const user = (email: string): Docs['user'] => ({
  email,
  settings: defaultSettings('Europe/Amsterdam', 'nl'),
  cars: [],
  locations: [],
  rules: [],
  subject: null,
  addedBy: 'command',
  createdAt: NOON,
  updatedAt: NOON,
});

export const active = (dueAt: number, more: object = {}): Docs['active'] =>
  doc<'active'>({ now: { phase: 'driving' }, tail: null, lastAt: NOON, dueAt, ...more });

export const memory = (dueAt: number | null): Docs['memory'] => doc<'memory'>({ memory: {}, stale: null, dueAt });

export const idle = (dueAt: number | null): Docs['idle'] => doc<'idle'>({ hours: [], dueAt });

export const polls = (dueAt: number | null): Docs['polls'] => ({ cars: {}, dueAt });

export const trip = (id: string, fields: Partial<Docs['trip']> = {}): Docs['trip'] =>
  doc<'trip'>({ id, carId: null, startedAt: NOON, type: 'B', needsReview: false, distanceMetres: 12_345, ...fields });

export const chunk = (window: number): Docs['chunk'] => doc<'chunk'>({ window, points: 'abc;', count: 1 });

export const month = (name: string, trips = 1): Docs['month'] => doc<'month'>({ month: name, rows: { a: { trips } } });

export const location = (id: string, createdAt = NOON): Docs['location'] => doc<'location'>({ id, createdAt });

export const car = (id: string, createdAt = NOON): Docs['car'] => doc<'car'>({ id, createdAt, deviceNames: ['Škoda'] });

export const odometerReading = (id: string, fields: Partial<Docs['odometer_reading']> = {}): Docs['odometer_reading'] =>
  doc<'odometer_reading'>({ id, carId: 'car_1', at: NOON, odometerMetres: 1_000, suspicious: false, ...fields });

export const activity = (id: string, at = NOON): Docs['activity'] => doc<'activity'>({ id, at, kind: 'created' });

export const event = (id: string, at = NOON, fields: Partial<Docs['event']> = {}): Docs['event'] =>
  doc<'event'>({ event: { id, at, type: 'end' }, waiting: null, settled: false, ...fields });

export const chunkId = (tripId: string, window: number): string => `${tripId}/${String(window).padStart(15, '0')}`;

export const token = (owner: string, id: string, fields: Partial<DeviceToken> = {}): DeviceToken => ({
  id,
  owner,
  label: 'phone',
  scopes: ['events'],
  carId: null,
  last4: 'wxyz',
  createdAt: NOON,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  ...fields,
});

/** One document of every kind, under an id it may have. */
export const EVERY_KIND: { readonly [K in Kind]: { readonly id: string; readonly doc: Docs[K] } } = {
  user: { id: '', doc: user(ANNA) },
  active: { id: 'trip_start', doc: active(NOON) },
  memory: { id: 'memory', doc: memory(NOON + 1) },
  idle: { id: 'idle_points', doc: idle(null) },
  polls: { id: 'polls', doc: polls(NOON + 2) },
  lookups: { id: 'lookups', doc: { wishes: {}, addresses: {}, scannedAt: NOON, dueAt: NOON + 3 } },
  trip: { id: 'trip_1', doc: trip('trip_1') },
  chunk: { id: chunkId('trip_1', 120_000), doc: chunk(120_000) },
  month: { id: '2026-03', doc: month('2026-03') },
  closed_month: {
    id: '2026-02',
    doc: {
      month: '2026-02',
      at: NOON,
      by: { kind: 'open' },
      trips: { trip_1: 'digest' },
      corrections: [],
      nth: 1,
      previous: null,
      head: 'head',
    },
  },
  location: { id: 'loc_1', doc: location('loc_1') },
  odometer_reading: { id: 'odo_1', doc: odometerReading('odo_1') },
  car: { id: 'car_1', doc: car('car_1') },
  rule: {
    id: 'rul_1',
    doc: { id: 'rul_1', name: null, when: {}, type: 'P', businessShare: null, purpose: null, position: 0 },
  },
  activity: { id: 'act_1', doc: activity('act_1') },
  part: { id: 'act_1_0', doc: { id: 'act_1_0', written: [] } },
  event: { id: 'evt_1', doc: event('evt_1') },
  secret: { id: 'car_1', doc: { sealed: { keyId: 'k', nonce: 'bg==', text: 'dA==' }, updatedAt: NOON } },
};

export const KINDS = Object.keys(EVERY_KIND) as Kind[];
