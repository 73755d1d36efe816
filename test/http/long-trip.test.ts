/** A trip of 100,000 points: driven, finished and read back, at the same cost from the first point to the last. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { distanceMetres } from '../../src/domain/geo.ts';
import type { TripWire } from '../../src/http/wire/trips.ts';
import { OPTIONS, testApp } from '../support/app.ts';
import { read } from '../support/asking.ts';
import { counting } from '../support/counting.ts';
import { startService } from '../support/programs.ts';
import { scratchFile } from '../support/scratch.ts';
import { measuring } from '../support/sizes.ts';

const LONG = process.env['LONG'] !== undefined;
const POINTS = 100_000;
const AT_ONCE = 1_000;
const STEP_MS = 1_000;
const USER = { 'x-user-email': 'jan@example.nl' };

interface Point {
  readonly lat: number;
  readonly lng: number;
  readonly timestamp: number;
}

interface TrackWire {
  readonly geometry: { readonly coordinates: readonly (readonly number[])[] };
  readonly properties: { readonly times: readonly string[] };
}

/** To and fro at 90 km/h, a second between two points. */
function pointAt(startedAt: number, number: number): Point {
  const lng = Math.round((5 + Math.abs((number % 4_000) - 2_000) * 0.00036) * 1e7) / 1e7;
  return { lat: 52.1, lng, timestamp: startedAt + number * STEP_MS };
}

function expectWhole(track: TrackWire, startedAt: number): void {
  const points = Array.from({ length: POINTS + 2 }, (_, i) => pointAt(startedAt, i));
  const { coordinates } = track.geometry;
  const { times } = track.properties;
  const wrong = points.findIndex(
    ({ lat, lng, timestamp }, i) =>
      coordinates[i]?.[0] !== lng || coordinates[i]?.[1] !== lat || Date.parse(times[i] ?? '') !== timestamp,
  );
  expect({ points: coordinates.length, times: times.length, wrong }).toEqual({
    points: POINTS + 2,
    times: POINTS + 2,
    wrong: -1,
  });
}

function lengthKm(): number {
  return ((POINTS + 1) * distanceMetres(pointAt(0, 1), pointAt(0, 2))) / 1_000;
}

describe('a trip of 100,000 points', { timeout: 1_200_000 }, () => {
  test('in batches of 1,000 costs the same from first to last, ends cheaply and is read back whole', async () => {
    const { deps, clock } = testApp();
    const sizes = measuring(deps.store);
    const counts = counting(sizes.store);
    const cost = () => {
      const put = sizes.take();
      return { ...counts.take(), bytes: put.reduce((sum, size) => sum + size, 0), largest: Math.max(0, ...put) };
    };
    const app = createApp({ ...deps, store: counts.store }, OPTIONS);
    const send = async (action: string, body: object) => {
      const headers = { 'content-type': 'application/json', ...USER };
      const response = await app.request(`/webhook/${action}`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(response.status).toBe(200);
      return (await response.json()) as Record<string, unknown>;
    };
    const ask = async <T>(path: string) => (await (await app.request(path, { headers: USER })).json()) as T;
    const startedAt = clock.now();
    await send('start', pointAt(startedAt, 0));
    const costs: ReturnType<typeof cost>[] = [];
    cost();
    const began = performance.now();
    for (let first = 1; first <= POINTS; first += AT_ONCE) {
      const points = Array.from({ length: AT_ONCE }, (_, i) => pointAt(startedAt, first + i));
      clock.set(points.at(-1)!.timestamp);
      expect(await send('ping', { points })).toMatchObject({ code: 'recorded', accepted: AT_ONCE, rejected: 0 });
      costs.push(cost());
    }
    // One alone, at the place where it costs most.
    clock.set(startedAt + (POINTS + 1) * STEP_MS - 500);
    const early = { ...pointAt(startedAt, POINTS), lat: 52.10001, timestamp: clock.now() };
    await send('ping', early);
    const single = cost();
    clock.advance(500);
    const end = await send('end', pointAt(startedAt, POINTS + 1));
    const ending = cost();
    expect(end).toMatchObject({ code: 'finished', trip: { distance_source: 'gps' } });

    const settled = costs.slice(1);
    const most = (of: (one: ReturnType<typeof cost>) => number) => Math.max(...settled.map(of));
    const least = (of: (one: ReturnType<typeof cost>) => number) => Math.min(...settled.map(of));
    expect(most(({ reads }) => reads)).toBeLessThanOrEqual(least(({ reads }) => reads) + 2);
    expect(most(({ writes }) => writes)).toBeLessThanOrEqual(AT_ONCE / 120 + 2);
    expect(most(({ bytes }) => bytes)).toBeLessThan(least(({ bytes }) => bytes) * 1.5);
    expect(most(({ largest }) => largest)).toBeLessThan(20_000);
    expect(single.reads).toBeLessThanOrEqual(2);
    expect(single.writes).toBeLessThanOrEqual(2);
    expect(single.bytes).toBeLessThan(20_000);
    expect(ending.reads).toBeLessThanOrEqual(8);
    expect(ending.writes).toBeLessThanOrEqual(8);
    expect(ending.largest).toBeLessThan(50_000);

    const trip = await ask<TripWire>(`/trips/${String(end['trip_id'])}`);
    expect(Math.abs(trip.distance_km - lengthKm())).toBeLessThan(lengthKm() * 0.01);
    const track = await ask<TrackWire>(`/trips/${String(end['trip_id'])}/track`);
    const index = track.properties.times.indexOf(new Date(early.timestamp).toISOString());
    expect(index).toBe(POINTS + 1);
    expectWhole(
      {
        geometry: { coordinates: track.geometry.coordinates.filter((_, i) => i !== index) },
        properties: { times: track.properties.times.filter((_, i) => i !== index) },
      },
      startedAt,
    );
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test.skipIf(!LONG)('point by point over a socket keeps the server as small as it was', async () => {
    const service = await startService(scratchFile());
    const send = async (action: string, body: object) => {
      const headers = { 'content-type': 'application/json', ...USER };
      const response = await fetch(`${service.url}/webhook/${action}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      if (response.status !== 200) expect.fail(await response.text());
      return response.json() as Promise<Record<string, unknown>>;
    };
    const startedAt = systemClock.now() - (POINTS + 60) * STEP_MS;
    await send('start', pointAt(startedAt, 0));
    const took: number[] = [];
    const memory: number[] = [];
    for (let thousand = 0; thousand < POINTS / 1_000; thousand += 1) {
      const began = performance.now();
      for (let i = 1; i <= 1_000; i += 1) await send('ping', pointAt(startedAt, thousand * 1_000 + i));
      took.push(performance.now() - began);
      memory.push(residentBytes(service.process.pid!));
    }
    const end = await send('end', pointAt(startedAt, POINTS + 1));
    expect(end).toMatchObject({ code: 'finished' });
    const id = String(end['trip_id']);
    expectWhole(await read<TrackWire>(service.url, `/trips/${id}/track`, USER), startedAt);
    const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
    expect(middle(took.slice(-20))).toBeLessThan(middle(took.slice(5, 25)) * 1.5);
    expect(middle(memory.slice(-20))).toBeLessThan(middle(memory.slice(10, 30)) * 1.5 + 20e6);
  });
});

/** 0 where the system does not tell. */
function residentBytes(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const pages = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(pages) * 1_024;
}
