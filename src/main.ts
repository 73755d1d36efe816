/** Starts the service: reads the configuration, serves, and says where. */

import { readConfig, readEnvironment, type Config } from './config.ts';
import { obeySignals, startService, surviveErrors, type Service } from './serve.ts';

function announce({ log, url, version }: Service, config: Config): void {
  log.write('INFO', `Listening on ${url}`, { store: config.sqlitePath, auth: config.auth, version });
  if (!process.stdout.isTTY) return;
  process.stderr.write(`\n  Mileage logbook on ${url}\n  kept in ${config.sqlitePath}, AUTH=${config.auth}\n\n`);
}

try {
  const config = readConfig(readEnvironment());
  const service = await startService(config);
  surviveErrors(service.log);
  obeySignals(service);
  announce(service, config);
} catch (error) {
  process.stderr.write(`Not started: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
