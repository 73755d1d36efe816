/** Reports of a large logbook over HTTP: how long one takes, what memory it needs, and how long others wait meanwhile. */

import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Car } from '../../src/domain/cars.ts';
import { FORMATS, type Format } from '../../src/http/reports/formats.ts';
import { line, ms, seconds } from './lines.ts';
import { seedLogbook } from './seeds.ts';
import { ours, residentMb, stop, type Measured } from './servers.ts';

const TRIPS = 10_000;
const EVERY_MS = 5;
const IDLE_MS = 1_000;
const METRES_EACH = 12_300;

const CAR: Car = {
  id: 'car_bench',
  name: 'Golf',
  licensePlate: 'AB-12-C',
  vin: null,
  make: 'Volkswagen',
  model: 'Golf',
  availableFrom: null,
  availableTo: null,
  companyCar: true,
  deviceNames: [],
  ignored: false,
  odometerUnit: 'km',
  startOdometerMetres: null,
  connection: null,
  archivedAt: null,
  createdAt: 0,
  updatedAt: 0,
};

export async function reports(folder: string): Promise<void> {
  line(`\nReports of ${TRIPS} trips, layout nl (aims: ≤ 256 MB at most, others wait ≤ 100 ms)`);
  const path = join(folder, 'reports.db');
  const token = await seedLogbook(path, TRIPS, told, [CAR]);
  for (const format of FORMATS) await measure(path, token, format);
}

const place = (address: string) => ({ lat: 52.1, lng: 5.1, address, locationId: null });

/** The newest trip is number 0. */
function told(nth: number) {
  const end = (TRIPS - nth) * METRES_EACH;
  return {
    carId: CAR.id,
    from: place(`Keizersgracht ${nth % 800}, 1016 EJ Amsterdam`),
    to: place(`ulica Piotrkowska ${nth % 300}, 90-001 Łódź`),
    distanceMetres: METRES_EACH,
    businessMetres: nth % 5 === 0 ? 0 : METRES_EACH,
    startOdometerMetres: end - METRES_EACH,
    endOdometerMetres: end,
    purpose: `Visit ${nth}, about the order of that week`,
    businessPartner: `Client ${nth % 70}`,
    notes: nth % 3 === 0 ? 'Parked around the corner,\nwalked the rest.' : null,
  };
}

/** The first request of a process to the API loads it, whatever is asked: it is made before. */
async function measure(path: string, token: string, format: Format): Promise<void> {
  const server = await ours(path);
  await report(server, token, `format=${format}&year=1999`);
  const before = await waitsDuring(server, setTimeout(IDLE_MS));
  const asked = report(server, token, `format=${format}&layout=nl&lang=nl`);
  const waits = await waitsDuring(server, asked);
  const { bytes, tookMs } = await asked;
  const most = residentMb(server, 'VmHWM');
  await stop(server);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  line(`  ${format.padEnd(5)} ${size}, ${seconds(tookMs)}, ${most ?? '?'} MB at most`);
  line(`        others wait ${said(waits)}; without a report ${said(before)}`);
}

function said(waits: readonly number[]): string {
  const sorted = waits.toSorted((a, b) => a - b);
  return `${ms(sorted[Math.floor(sorted.length / 2)] ?? 0)} (median), ${ms(sorted.at(-1) ?? 0)} (longest)`;
}

async function report(server: Measured, token: string, query: string) {
  const began = performance.now();
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${server.port}/reports/trips?${query}`, { headers });
  if (response.status !== 200) throw new Error(`the report was refused: ${await response.text()}`);
  return { bytes: (await response.arrayBuffer()).byteLength, tookMs: performance.now() - began };
}

/** One small request after the other, until that is done. */
async function waitsDuring(server: Measured, done: Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  const over = done.then(() => true);
  do {
    const began = performance.now();
    await (await fetch(`http://127.0.0.1:${server.port}/version`)).arrayBuffer();
    waits.push(performance.now() - began);
  } while (!(await Promise.race([over, setTimeout(EVERY_MS, false)])));
  return waits;
}
