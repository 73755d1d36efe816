/** `npm run user -- export EMAIL`: everything of a user as one document, on standard output or in a file of its own. */

import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportRecords, type Exported } from '../../src/actions/exports.ts';
import { exportText } from '../../src/http/wire/exports/writer.ts';
import type { Clock } from '../../src/seams/clock.ts';
import type { Store } from '../../src/seams/store.ts';
import { progressOn } from './progress.ts';

interface Needs {
  readonly store: Store;
  readonly clock: Clock;
  readonly version: string;
}

/** `file`: made for its owner's eyes alone, and there only when it is whole; `null`: standard output. */
export async function exportUser({ store, clock, version }: Needs, email: string, file: string | null): Promise<void> {
  const progress = progressOn(process.stderr);
  const records = counted(
    exportRecords(store.forUser(email), () => store.tokens.listOf(email)),
    () => progress.count(),
  );
  const text = Readable.from(exportText({ email, at: clock.now(), version }, records));
  if (file === null) {
    await pipeline(text, process.stdout, { end: false });
    return progress.say(null);
  }
  const target = resolve(file);
  if (existsSync(target)) throw new Error(`${target} exists: choose another name`);
  const unfinished = `${target}.unfinished`;
  try {
    await pipeline(text, createWriteStream(unfinished, { mode: 0o600 }));
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
  }
  progress.say(null);
  console.log(`Everything of ${email} is in ${target}. Secrets and tokens are not: keep it like a diary all the same.`);
}

async function* counted(records: AsyncIterable<Exported>, note: () => void): AsyncGenerator<Exported> {
  for await (const record of records) {
    note();
    yield record;
  }
}
