/** Starts the service: reads the configuration, serves, and says where. */

import { enableCompileCache } from 'node:module';
import type { Config } from './config.ts';
import type { Service } from './serve.ts';

function announce({ log, url, version, keptIn }: Service, config: Config): void {
  log.write('INFO', `Listening on ${url}`, { store: keptIn, auth: config.auth, version });
  if (!process.stdout.isTTY) return;
  process.stderr.write(`\n  Mileage logbook on ${url}\n  kept in ${keptIn}, AUTH=${config.auth}\n\n`);
}

try {
  // Before anything is loaded: from the second start on, the types of every file are stripped already.
  enableCompileCache();
  const { readConfig, readEnvironment } = await import('./config.ts');
  const config = readConfig(readEnvironment());
  const { obeySignals, startService, surviveErrors } = await import('./serve.ts');
  const service = await startService(config);
  surviveErrors(service.log);
  obeySignals(service);
  announce(service, config);
} catch (error) {
  process.stderr.write(`Not started: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
