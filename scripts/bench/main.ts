/**
 * `npm run bench`: what the service costs, side by side in one run with what does the same without it, so that ratios
 * hold on a noisy machine. Prints what it measured, aims beside it, short or not. Asserts nothing.
 * `npm run bench -- PART…` measures some parts only.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auth } from './auth.ts';
import { counts } from './counts.ts';
import { firestore } from './firestore/part.ts';
import { pings } from './pings.ts';
import { poll } from './poll.ts';
import { reading } from './reading.ts';
import { reports } from './reports.ts';
import { starting } from './starting.ts';

/** Each is given a folder for its files and stops what it started. */
const PARTS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  pings,
  reading,
  starting,
  counts,
  auth,
  poll,
  reports,
  firestore,
};

function chosen(names: readonly string[]): readonly string[] {
  const known = Object.keys(PARTS);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names.length > 0 ? names : known;
  process.stderr.write(`bench has no part ${JSON.stringify(unknown)}; it has ${known.join(', ')}\n`);
  process.exit(2);
}

const names = chosen(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'mileage-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
// What was started ends with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
process.stdout.once('error', () => process.exit(1));

for (const name of names) await PARTS[name]?.(folder);
