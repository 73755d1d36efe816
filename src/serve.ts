/** The service as a process: its parts put together, listening, and ending in order. Reads no environment. */

import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Deps } from './actions/deps.ts';
import { pollAll } from './actions/poll.ts';
import { googleIdentities } from './adapters/google/identity.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemIds } from './adapters/system/ids.ts';
import { vaultWith } from './adapters/system/key-file.ts';
import { lineLog, type LineLog } from './adapters/system/log.ts';
import { repeat, type Timer } from './adapters/system/timer.ts';
import { PACKAGE_ROOT, type Config } from './config.ts';
import type { Hono } from 'hono';
import type { Pages } from './app.ts';
import type { Env } from './http/env.ts';
import { createFront, frontApp } from './http/front.ts';
import type { HttpOptions } from './http/options.ts';
import { addressOf, drain, listen } from './http/server.ts';
import { providers } from './providers.ts';
import { servicesOf } from './services.ts';
import { nameOf, openStore } from './stores.ts';

/** Cloud Run kills ten seconds after it asked. */
const FINISH_WITHIN_MS = 8_000;
/** The timer does what a scheduler’s second job does: it looks after everybody four times a day. */
const LOOK_EVERY_MS = 6 * 3_600_000;

export interface Service {
  readonly deps: Deps;
  readonly log: LineLog;
  readonly version: string;
  /** Which store, for people. */
  readonly keptIn: string;
  /** Where to point a browser on this machine. */
  readonly url: string;
  /** Finishes what runs, then closes the store. */
  stop(): Promise<void>;
}

/** Rejects, with nothing left open, when the store, its key or the address cannot be used. */
export async function startService(config: Config, pages: Pages | null = null): Promise<Service> {
  const log = lineLog((lines) => process.stdout.write(lines), config.logLevel);
  const vault = vaultWith(config.credentialsKeys);
  const ending = new AbortController();
  const deps: Deps = {
    store: await openStore(config.store),
    clock: systemClock,
    ids: systemIds(systemClock),
    log,
    vault,
    providers,
    services: servicesOf(config, version(), ending.signal),
    newUser: config.newUser,
    unknownUsers: config.auth === 'open' ? 'create' : 'refuse',
  };
  const identities = googleIdentities({ ...config.google, clock: systemClock });
  const about = version();
  try {
    const server = await listen(
      appOf(deps, { ...config, identities, version: about, storeName: config.store.kind }, pages),
      config.port,
      config.host,
    );
    const timer = startTimer(deps, config.pollIntervalSeconds);
    const url = addressOf(server, config.host);
    const keptIn = nameOf(config.store);
    return { deps, log, version: about, keptIn, url, stop: () => stop(deps, server, timer, ending) };
  } catch (error) {
    await deps.store.close();
    throw error;
  }
}

/** Answers phones and probes at once, and loads the rest when somebody first asks for it. */
function appOf(deps: Deps, options: HttpOptions, pages: Pages | null): Hono<Env> {
  const front = createFront(deps, options);
  let whole: Promise<Hono<Env>> | null = null;
  const load = async () => (await import('./app.ts')).createApp(deps, options, front, pages);
  return frontApp(front, () => (whole ??= load()));
}

function version(): string {
  const about: { version: string } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return about.version;
}

function startTimer(deps: Deps, everySeconds: number): Timer | null {
  if (everySeconds === 0) return null;
  let lookedAt = 0;
  return repeat(everySeconds * 1_000, async () => {
    try {
      const daily = deps.clock.now() - lookedAt >= LOOK_EVERY_MS;
      if (daily) lookedAt = deps.clock.now();
      const round = await pollAll(deps, { daily });
      if (round.due > 0) deps.log.write('INFO', 'Round of the clock', { ...round });
    } catch (error) {
      deps.log.write('ERROR', 'A round of the clock failed', { error });
    }
  });
}

async function stop({ store }: Deps, server: Server, timer: Timer | null, ending: AbortController): Promise<void> {
  ending.abort();
  const late = new Promise<void>((done) => setTimeout(done, FINISH_WITHIN_MS));
  await Promise.race([Promise.all([drain(server, FINISH_WITHIN_MS), timer?.stop()]), late]);
  await store.close();
}

/** An error nobody expected costs its own request and nothing else. */
export function surviveErrors(log: LineLog): void {
  process.on('uncaughtException', (error) => log.write('ERROR', 'An error nobody caught', { error }));
  process.on('unhandledRejection', (error) => log.write('ERROR', 'A rejection nobody caught', { error }));
  // Whoever reads the log may go away before we do.
  process.stdout.on('error', () => undefined);
}

/** Ends the process in order when it is asked to; a second time, at once. */
export function obeySignals({ log, stop: end }: Pick<Service, 'log' | 'stop'>): void {
  const finish = async (signal: string) => {
    log.write('INFO', `${signal}: finishing what runs`);
    await end();
    log.write('INFO', 'Stopped');
    log.flush();
    process.exit(0);
  };
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      finish(signal).catch((error: unknown) => {
        log.write('ERROR', 'Could not end in order', { error });
        log.flush();
        process.exit(1);
      });
    });
  }
}
