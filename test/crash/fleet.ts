/** Many drivers at once on one service, and the question whether their logbooks hold what they were promised. */

import { expect } from 'vitest';
import type { EventWire } from '../../src/http/wire/events.ts';
import type { StatsWire } from '../../src/http/wire/stats.ts';
import type { TripWire } from '../../src/http/wire/trips.ts';
import { read, readAll } from '../support/asking.ts';
import { Driver, type Saying } from './driver.ts';

interface TrackWire {
  readonly geometry: { readonly coordinates: readonly (readonly number[])[] };
  readonly properties: { readonly times: string[] };
}

const HOUR_MS = 3_600_000;

export function fleetOf(size: number): Driver[] {
  const firstAt = Date.now() - 40 * HOUR_MS;
  return Array.from({ length: size }, (_, i) => new Driver(i, firstAt));
}

export function acknowledgedBy(fleet: readonly Driver[]): number {
  return fleet.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
}

/** Everything that was acknowledged is there, at most what was still under way besides, and nothing twice. */
export async function holdsPromises(url: string, fleet: readonly Driver[]): Promise<void> {
  expect(fleet.flatMap(({ faults }) => faults)).toEqual([]);
  await Promise.all(fleet.map((driver) => holdsPromise(url, driver)));
}

async function holdsPromise(url: string, driver: Driver): Promise<void> {
  const headers = { 'x-user-email': driver.email };
  const { acknowledged, pending } = driver;
  const mayBe = pending === null ? acknowledged : [...acknowledged, pending];

  const events = await readAll<EventWire>(url, '/events', headers);
  within(events.map(eventName), acknowledged.flatMap(sayingName), mayBe.flatMap(sayingName));

  const trips = await readAll<TripWire>(url, '/trips', headers);
  const booked = (sayings: readonly Saying[]) =>
    sayings.filter(({ action }) => action === 'end').map(({ drive }) => spanName(driver, drive));
  within(trips.map(tripName), booked(acknowledged), booked(mayBe));
  await addsUp(url, headers, trips);

  const latest = mayBe.at(-1);
  if (latest === undefined) return;
  const startedAt = new Date(driver.pointsOf(latest.drive)[0]!.at).toISOString();
  const tripId = events.find(({ type, at }) => type === 'start' && at === startedAt)?.trip_id;
  if (!tripId) return;
  const pointsOfLatest = (sayings: readonly Saying[]) =>
    sayings.filter(({ drive }) => drive === latest.drive).flatMap(times);
  within(await trackTimes(url, headers, tripId), pointsOfLatest(acknowledged), pointsOfLatest(mayBe));
}

/** Each of `known` is among `found`, each of `found` is possible, none is there twice. */
function within(found: readonly string[], known: readonly string[], possible: readonly string[]): void {
  const there = new Set(found);
  const allowed = new Set(possible);
  expect(found.filter((one, i) => found.indexOf(one) !== i)).toEqual([]);
  expect(known.filter((one) => !there.has(one))).toEqual([]);
  expect(found.filter((one) => !allowed.has(one))).toEqual([]);
}

async function addsUp(url: string, headers: { 'x-user-email': string }, trips: readonly TripWire[]): Promise<void> {
  const stats = await read<StatsWire>(url, '/stats', headers);
  const metres = trips.reduce((sum, { distance_km }) => sum + Math.round(distance_km * 1_000), 0);
  expect({ trips: stats.trip_count, metres: Math.round(stats.total_km * 1_000) }).toEqual({
    trips: trips.length,
    metres,
  });
}

async function trackTimes(url: string, headers: { 'x-user-email': string }, tripId: string): Promise<string[]> {
  const track = await read<TrackWire>(url, `/trips/${tripId}/track`, headers);
  expect(track.properties.times).toEqual(track.properties.times.toSorted());
  return track.properties.times;
}

function eventName({ type, at }: Pick<EventWire, 'type' | 'at'>): string {
  return `${type} ${at}`;
}

function sayingName(saying: Saying): string[] {
  return saying.action === 'ping' ? [] : times(saying).map((at) => `${saying.action} ${at}`);
}

function times({ points }: Saying): string[] {
  return points.map(({ at }) => new Date(at).toISOString());
}

function tripName({ started_at, ended_at }: Pick<TripWire, 'started_at' | 'ended_at'>): string {
  return `${started_at} – ${ended_at}`;
}

function spanName(driver: Driver, drive: number): string {
  const points = driver.pointsOf(drive);
  return tripName({
    started_at: new Date(points[0]!.at).toISOString(),
    ended_at: new Date(points.at(-1)!.at).toISOString(),
  });
}

/** Once every drive has been told to its end: each is one trip, with all its points and its length. */
export async function holdsDrives(url: string, fleet: readonly Driver[]): Promise<void> {
  await holdsPromises(url, fleet);
  await Promise.all(
    fleet.map(async (driver) => {
      const headers = { 'x-user-email': driver.email };
      const trips = (await readAll<TripWire>(url, '/trips', headers)).toReversed();
      expect(trips.map(tripName)).toEqual(driver.ended().map((drive) => spanName(driver, drive)));
      for (const [drive, trip] of trips.entries()) {
        const track = await read<TrackWire>(url, `/trips/${trip.id}/track`, headers);
        const points = driver.pointsOf(drive);
        expect(track.geometry.coordinates).toEqual(points.map(({ lat, lng }) => [lng, lat]));
        expect(track.properties.times).toEqual(points.map(({ at }) => new Date(at).toISOString()));
        expect(Math.abs(trip.distance_km * 1_000 - driver.metresOf(drive))).toBeLessThan(50);
      }
    }),
  );
}
