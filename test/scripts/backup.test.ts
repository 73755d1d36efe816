/** `npm run backup`: a copy made under load is whole, can be served from, and never takes the place of anything unasked. */

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFile } from '../support/scratch.ts';
import { exitOf, run, startService } from '../support/service.ts';

function backupOf(path: string, ...args: string[]) {
  return exitOf(run('scripts/backup.ts', args, { SQLITE_PATH: path }));
}

/** A store as a service leaves it. */
async function storeAt(path: string): Promise<void> {
  const { child, ended } = await startService({ SQLITE_PATH: path });
  child.kill('SIGTERM');
  await ended;
}

it('copies the store of a service that is being written to, and the copy can be served from', async () => {
  const path = scratchFile();
  const service = await startService({ SQLITE_PATH: path });
  const post = (action: string, at: string, lat: number) =>
    fetch(`${service.url}/webhook/${action}?user=jan@example.nl`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ lat, lng: 5.1, timestamp: at }),
    });
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  await post('start', hoursAgo(3), 52.1);
  expect((await post('end', hoursAgo(2), 52.3)).status).toBe(200);
  const over = new AbortController();
  const load = (async () => {
    for (let i = 0; !over.signal.aborted; i += 1) await post('start', hoursAgo(1), 52 + (i % 100) / 1_000);
  })();
  const copy = `${path}.copy`;
  const done = await backupOf(path, copy);
  over.abort();
  await load;
  expect([done.code, done.stderr]).toEqual([0, '']);
  expect(done.stdout).toContain(copy);
  const restored = await startService({ SQLITE_PATH: copy });
  const trips = await (await fetch(`${restored.url}/trips?user=jan@example.nl`)).json();
  expect(trips).toMatchObject({ trips: [{ distance_source: 'straight_line' }] });
  expect(statSync(copy).mode & 0o077).toBe(0);
}, 60_000);

it.each([
  ['no FILE', () => [], /npm run backup -- FILE/],
  ['a file that exists', (path: string) => [`${path}.there`], /--force/],
  ['the store itself', (path: string) => [path], /the store itself/],
  ['the key beside it', (path: string) => [`${path}.key`, '--force'], /is the key of the store/],
  ['a folder', (path: string) => [dirname(path)], /is a folder/],
  ['a folder that is not there', (path: string) => [`${path}/no/copy.db`], /no folder/],
])('refuses %s in one line and changes nothing', async (_, argsOn, why) => {
  const path = scratchFile();
  await storeAt(path);
  writeFileSync(`${path}.there`, 'mine');
  const done = await backupOf(path, ...argsOn(path));
  expect(done.code).toBe(1);
  expect(done.stderr.trimEnd()).toMatch(why);
  expect(done.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(readFileSync(`${path}.there`, 'utf8')).toBe('mine');
});

it('replaces a file when told to, and refuses where there is no store', async () => {
  const path = scratchFile();
  await storeAt(path);
  writeFileSync(`${path}.there`, 'old');
  expect((await backupOf(path, `${path}.there`, '--force')).code).toBe(0);
  expect(readFileSync(`${path}.there`).subarray(0, 6).toString()).toBe('SQLite');
  const none = await backupOf(`${path}.none`, `${path}.copy`);
  expect([none.code, existsSync(`${path}.copy`)]).toEqual([1, false]);
  expect(none.stderr).toMatch(/no store at/);
});

it('names the key that is not in the copy', async () => {
  const path = scratchFile();
  await storeAt(path);
  expect((await backupOf(path, `${path}.1`)).stdout).not.toMatch(/key/i);
  writeFileSync(`${path}.key`, new Uint8Array(32).toBase64());
  expect((await backupOf(path, `${path}.2`)).stdout).toContain(`Keep ${path}.key too`);
  const given = { SQLITE_PATH: path, CREDENTIALS_KEY: new Uint8Array(32).fill(1).toBase64() };
  const both = await exitOf(run('scripts/backup.ts', [`${path}.3`], given));
  expect(both.stdout).toContain(`Keep CREDENTIALS_KEY and ${path}.key too`);
  expect(both.stdout).not.toContain(given.CREDENTIALS_KEY);
});
