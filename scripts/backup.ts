/** `npm run backup -- FILE`: copies the store while the service runs, and checks the copy. Changes nothing in the store. */

import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { readConfig, readEnvironment, type Config } from '../src/config.ts';

const USAGE = `npm run backup -- FILE [--force]   copies the store to FILE while the service runs`;

/** What stops the command; its message is all that is printed. */
class Refusal extends Error {}

const PAGES_AT_ONCE = 500;
/** From here on people want to see that it moves. */
const LARGE_PAGES = 50_000;

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) console.log(USAGE);
  else await copy(positionals, values.force ?? false);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function copy([file, ...more]: readonly string[], force: boolean): Promise<void> {
  if (file === undefined || more.length > 0) throw new Refusal(USAGE);
  const { store, credentialsKeys: keys } = readConfig(readEnvironment());
  if (store.kind !== 'sqlite')
    throw new Refusal('STORE is firestore: Google Cloud makes its backups (gcloud firestore export)');
  const { path } = store;
  const target = resolve(file);
  refuseBadTarget(path, keys.file, target, force);
  const unfinished = `${target}.unfinished`;
  rmSync(unfinished, { force: true });
  try {
    closeSync(openSync(unfinished, 'w', 0o600));
    await copyTo(path, unfinished);
    verify(unfinished);
    renameSync(unfinished, target);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(unfinished + suffix, { force: true });
  }
  console.log(`Copied ${path} to ${target} (${megabytes(target)} MB) and checked the copy.`);
  const keyLine = keyLineOf(keys);
  if (keyLine !== null) console.log(keyLine);
}

/** The key is not in the copy, so that whoever finds one has no use for it without the other. */
function keyLineOf({ given, file }: Config['credentialsKeys']): string | null {
  const keys = [...(given.length > 0 ? ['CREDENTIALS_KEY'] : []), ...(file !== null && existsSync(file) ? [file] : [])];
  if (keys.length === 0) return null;
  return `Keep ${keys.join(' and ')} too, in another place: the connections of cars in the copy are encrypted with it.`;
}

function refuseBadTarget(source: string, key: string | null, target: string, force: boolean): void {
  if (!existsSync(source)) throw new Refusal(`there is no store at ${source}: SQLITE_PATH names another?`);
  if (target === source) throw new Refusal('FILE is the store itself: choose another');
  if (target === key) throw new Refusal('FILE is the key of the store: choose another');
  if (!existsSync(dirname(target))) throw new Refusal(`there is no folder ${dirname(target)}`);
  if (!existsSync(target)) return;
  if (statSync(target).isDirectory()) throw new Refusal(`${target} is a folder: name a file`);
  if (!force) throw new Refusal(`${target} exists: choose another name, or say --force to replace it`);
}

async function copyTo(source: string, target: string): Promise<void> {
  const db = new DatabaseSync(source, { readOnly: true });
  let saidPercent = 0;
  try {
    await backup(db, target, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) => {
        const percent = Math.floor((1 - remainingPages / totalPages) * 10) * 10;
        if (totalPages < LARGE_PAGES || percent <= saidPercent) return;
        saidPercent = percent;
        console.log(`${percent} %`);
      },
    });
  } finally {
    db.close();
  }
}

/** The copy is read whole once: a copy nobody can read back is none. */
function verify(path: string): void {
  const db = new DatabaseSync(path);
  try {
    // A copy keeps the log mode of its source; alone it is one file, easy to move.
    db.exec('PRAGMA journal_mode = DELETE');
    const { integrity_check: found } = db.prepare('PRAGMA integrity_check').get() ?? {};
    if (found !== 'ok') throw new Refusal(`the copy is damaged and was removed: ${String(found)}`);
  } finally {
    db.close();
  }
}

function megabytes(path: string): string {
  return (statSync(path).size / 1_000_000).toFixed(1);
}
