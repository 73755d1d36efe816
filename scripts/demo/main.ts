/** `npm run demo`: a demo user with a year of trips in a file of its own, served, with a drive that goes on now. */

import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listCars } from '../../src/actions/cars.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { PACKAGE_ROOT, readConfig, readEnvironment, type Config } from '../../src/config.ts';
import { obeySignals, startService, surviveErrors, type Service } from '../../src/serve.ts';
import { openDemoFile } from './file.ts';
import { CARS, DEMO_USER, DEMO_ZONE } from './household.ts';
import { driveForEver, firstLiveDrive, liveSince, type LiveCar } from './live.ts';
import { phoneTo } from './phone.ts';
import { progressOn } from './progress.ts';
import { simulateCar, simulatedCar } from './simulator/car.ts';
import { follow } from './simulator/edits.ts';
import { simulatorRoutes } from './simulator/routes.ts';
import { oneAtATime, type InTurn } from './simulator/turns.ts';
import { fillYear, type Last } from './year.ts';

const SEED = 'a year between Amersfoort and Utrecht';
/** The year ends well before the drive of now begins, so that they stay two trips. */
const APART_MS = 31 * 60_000;
const USAGE = 'npm run demo -- [--fresh] [--file PATH]';

interface Wish {
  readonly fresh: boolean;
  readonly file: string;
}

function wishOf(args: readonly string[]): Wish {
  try {
    const options = { fresh: { type: 'boolean', default: false }, file: { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return { fresh: values.fresh, file: resolve(PACKAGE_ROOT, values.file ?? 'data/demo.db') };
  } catch {
    throw new Error(`there are no such options; ${USAGE}`);
  }
}

/** Only `PORT` is taken from outside: the demo must never come near a real logbook's settings. */
function configOf({ file }: Wish): Config {
  const { PORT } = readEnvironment();
  return readConfig({
    PORT,
    HOST: '127.0.0.1',
    SQLITE_PATH: file,
    AUTH: 'open',
    DEFAULT_USER: DEMO_USER,
    DEFAULT_TIME_ZONE: DEMO_ZONE,
    POLL_INTERVAL_SECONDS: '30',
    LOG_LEVEL: 'warning',
  });
}

/** Before minutes of work are done for nothing. */
async function refuseUsedPort({ port, host }: Config): Promise<void> {
  const probe = createServer();
  await new Promise<void>((free, taken) => {
    probe.once('error', () =>
      taken(new Error(`PORT ${port} is in use: stop the other program or choose another PORT`)),
    );
    probe.listen(port, host, () => probe.close(() => free()));
  });
}

async function fill(config: Config, { fresh, file }: Wish): Promise<Last> {
  const now = systemClock.now();
  const store = await openDemoFile(file);
  try {
    if (fresh) await store.removeUser(DEMO_USER);
    const progress = progressOn(process.stderr);
    const until = liveSince(now) - APART_MS;
    const filling = { newUser: config.newUser, seed: SEED, days: 365, until, now, tell: progress.tell };
    const last = await fillYear(store, filling);
    progress.done();
    return last;
  } finally {
    await store.close();
  }
}

async function driveNow(service: Service, last: Last, inTurn: InTurn, stopped: AbortSignal): Promise<void> {
  const { deps, log, url } = service;
  const user = deps.store.forUser(DEMO_USER);
  const first = firstLiveDrive(last, systemClock.now());
  try {
    const { items } = await listCars(user, false, { limit: 200, after: null });
    const company = items.find(({ name }) => name === CARS.company.name);
    if (company) await simulateCar(deps, user, company.id);
    const car = simulatedCar(deps, user, inTurn);
    const live: LiveCar = {
      deviceName: CARS[first.car].deviceNames[0],
      drive: first.car === 'company' ? (leg) => car.change(follow(leg)) : null,
    };
    await driveForEver(phoneTo(url, stopped), live, first.startedAt, systemClock.now);
  } catch (error) {
    if (!stopped.aborted) log.write('ERROR', 'The drive of the demo broke off', { error });
  }
}

function announce(url: string, { file }: Wish, now: number): void {
  const { year, month } = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(DEMO_ZONE);
  const looks = [
    ['/', 'the service, and the last trips'],
    ['/trips/active', 'the drive that goes on now: ask again and it has moved'],
    [`/trips?year=${year}&month=${month}`, 'the trips of this month'],
    ['/stats?group_by=month', 'the year, month by month'],
    ['/simulator', 'the car that is driven: let it lag, sleep or fail'],
    ['/review', 'what wants a decision'],
    ['/docs', 'everything one can ask'],
  ] as const;
  const widest = Math.max(...looks.map(([path]) => path.length));
  const lines = looks.map(([path, what]) => `    ${url}${path.padEnd(widest)}   ${what}\n`);
  process.stdout.write(`\n  The demo is on ${url} and belongs to ${DEMO_USER}. Ctrl-C ends it.\n\n${lines.join('')}`);
  process.stdout.write(`\n  Kept in ${file}; "npm run demo -- --fresh" begins anew.\n\n`);
}

try {
  const wish = wishOf(process.argv.slice(2));
  const config = configOf(wish);
  await refuseUsedPort(config);
  const last = await fill(config, wish);
  const inTurn = oneAtATime();
  const service = await startService(config, (deps, options) =>
    simulatorRoutes(deps, options, deps.store.forUser(DEMO_USER), inTurn),
  );
  const stopped = new AbortController();
  surviveErrors(service.log);
  obeySignals({ ...service, stop: () => (stopped.abort(), service.stop()) });
  announce(service.url, wish, systemClock.now());
  await driveNow(service, last, inTurn, stopped.signal);
} catch (error) {
  process.stderr.write(`Not started: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
