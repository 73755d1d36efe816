/** Starts the service: reads the configuration, puts the parts together, listens, and ends in order. */

import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Deps } from './actions/deps.ts';
import { pollAll } from './actions/poll.ts';
import { openSqliteStore } from './adapters/sqlite/store.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemIds } from './adapters/system/ids.ts';
import { lineLog, type LineLog } from './adapters/system/log.ts';
import { repeat, type Timer } from './adapters/system/timer.ts';
import { createApp } from './app.ts';
import { PACKAGE_ROOT, readConfig, readEnvironment, type Config } from './config.ts';
import { addressOf, drain, listen } from './http/server.ts';

/** Cloud Run kills ten seconds after it asked. */
const FINISH_WITHIN_MS = 8_000;

interface Running {
  readonly deps: Deps;
  readonly log: LineLog;
  readonly server: Server;
  readonly timer: Timer | null;
}

async function start(config: Config): Promise<Running> {
  const log = lineLog((lines) => process.stdout.write(lines), config.logLevel);
  const deps: Deps = {
    store: openSqliteStore({ path: config.sqlitePath }),
    clock: systemClock,
    ids: systemIds(systemClock),
    log,
    newUser: config.newUser,
    unknownUsers: config.auth === 'open' ? 'create' : 'refuse',
  };
  try {
    const app = createApp(deps, { ...config, version: version(), storeName: 'sqlite' });
    const server = await listen(app, config.port, config.host);
    return { deps, log, server, timer: startTimer(deps, config.pollIntervalSeconds) };
  } catch (error) {
    await deps.store.close();
    throw error;
  }
}

function version(): string {
  const about: { version: string } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return about.version;
}

function startTimer(deps: Deps, everySeconds: number): Timer | null {
  if (everySeconds === 0) return null;
  return repeat(everySeconds * 1_000, async () => {
    try {
      const round = await pollAll(deps);
      if (round.due > 0) deps.log.write('INFO', 'Round of the clock', { ...round });
    } catch (error) {
      deps.log.write('ERROR', 'A round of the clock failed', { error });
    }
  });
}

function announce({ log, server }: Running, config: Config): void {
  const url = addressOf(server, config.host);
  log.write('INFO', `Listening on ${url}`, { store: config.sqlitePath, auth: config.auth, version: version() });
  if (!process.stdout.isTTY) return;
  process.stderr.write(`\n  Mileage logbook on ${url}\n  kept in ${config.sqlitePath}, AUTH=${config.auth}\n\n`);
}

async function stop({ deps, log, server, timer }: Running, signal: string): Promise<void> {
  log.write('INFO', `${signal}: finishing what runs`);
  const late = new Promise<void>((done) => setTimeout(done, FINISH_WITHIN_MS));
  await Promise.race([Promise.all([drain(server, FINISH_WITHIN_MS), timer?.stop()]), late]);
  await deps.store.close();
  log.write('INFO', 'Stopped');
  log.flush();
  process.exit(0);
}

/** An error nobody expected costs its own request and nothing else. */
function surviveErrors(log: LineLog): void {
  process.on('uncaughtException', (error) => log.write('ERROR', 'An error nobody caught', { error }));
  process.on('unhandledRejection', (error) => log.write('ERROR', 'A rejection nobody caught', { error }));
  // Whoever reads the log may go away before we do.
  process.stdout.on('error', () => undefined);
}

function obeySignals(running: Running): void {
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      stop(running, signal).catch((error: unknown) => {
        running.log.write('ERROR', 'Could not end in order', { error });
        running.log.flush();
        process.exit(1);
      });
    });
  }
}

try {
  const config = readConfig(readEnvironment());
  const running = await start(config);
  surviveErrors(running.log);
  obeySignals(running);
  announce(running, config);
} catch (error) {
  process.stderr.write(`Not started: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
