/** Every command of the README, run as it stands and in its order, in a copy of the project as `npm ci` leaves it. */

import { cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort, ROOT, startCommand } from '../support/programs.ts';
import { scratchFolder } from '../support/scratch.ts';
import { blocks, paper } from './markdown.ts';
import { endGroup, Reader } from './reader.ts';

const POSTED = 'Your drive of 27.3 km is in the book';

/** What each block promises. The order is that of the README. */
const PROMISES: readonly (readonly [RegExp, (reader: Reader, block: string) => Promise<void>])[] = [
  [
    /^npm ci && npm start$/,
    async (reader) => {
      // The copy stands where `npm ci` would have left it; that itself is the first step of .ci/run.
      expect(paper('.ci/run')).toMatch(/^npm ci\b/m);
      await reader.start();
      expect(await reader.page('/')).toContain('Mileage logbook');
      expect(existsSync(join(reader.folder, 'data/mileage.db'))).toBe(true);
    },
  ],
  [
    /^npm run demo$/,
    async (reader) => {
      const other = new Reader(reader.folder, await freePort());
      const demo = other.sh('npm run demo');
      await demo.says(/The demo is on http:\/\/localhost:\d+/);
      expect(await other.page('/')).toContain('demo@example.com');
      await endGroup(demo, 'SIGINT');
      expect(existsSync(join(reader.folder, 'data/demo.db'))).toBe(true);
    },
  ],
  [
    /^curl /,
    async (reader, block) => {
      expect(block.split('\n')).toHaveLength(4);
      const answers = await reader.run(block);
      expect([...answers.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)).toEqual([
        'started',
        'recorded',
        'recorded',
        'finished',
      ]);
      expect(answers).toContain(POSTED);
      expect(paper('README.md')).toContain(`\`${POSTED}\``);
      expect(await reader.page('/?user=you@example.com')).toContain('27.3 km');
    },
  ],
  [
    /^CAR=/,
    async (reader, block) => {
      const answers = await reader.run(block);
      expect(answers).toContain('"provider":"simulator"');
      expect(answers).toContain('"ok":true,"odometer_km":48000');
    },
  ],
  [
    /^npm run user -- add /,
    async (reader, block) => {
      const [added = '', reporting = '', listed = ''] = await inTurn(reader, block);
      const token = (out: string) => out.trim().split('\n').at(-1) ?? '';
      expect(token(added)).toMatch(/^mlg_\w{20,}$/);
      expect(token(reporting)).toMatch(/^mlg_\w{20,}$/);
      expect(added).toContain('events, read, write, account');
      expect(reporting).toContain('for events.');
      expect(listed).toContain('you@example.com');
      expect(listed).toContain('“my phone”');
      expect(listed).not.toContain(token(added));
      await tokenCounts(reader, token(added));
    },
  ],
  [
    /^npm run user -- export /,
    async (reader, block) => {
      const [exported = '', trial = '', imported = '', there = '', back = ''] = await inTurn(reader, block);
      expect(exported).toContain('Everything of you@example.com is in ');
      const path = join(reader.folder, 'data/you.json');
      const text = readFileSync(path, 'utf8');
      expect(JSON.parse(text).trips).toHaveLength(1);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const sum = await reader.run('head -n -1 data/you.json | sha256sum');
      expect(JSON.parse(text).end.sha256).toBe(sum.slice(0, 64));
      expect(trial).toContain('Nothing was written');
      expect(imported).toContain('trips: 0 added, 1 were there, 0 skipped, 0 refused');
      expect(there).toContain('you@example.com is you@example.org now');
      expect(back).toContain('you@example.org is you@example.com now');
      expect(await reader.page('/?user=you@example.com')).toContain('27.3 km');
    },
  ],
  [
    /^npm run backup -- /,
    async (reader, block) => {
      await reader.run(block);
      expect(existsSync(join(reader.folder, 'data/backup.db'))).toBe(true);
    },
  ],
  [
    /^rm -f data\/mileage\.db-wal/,
    async (reader, block) => {
      await fetch(`${reader.url}/webhook/start?user=after@example.com`, { method: 'POST' });
      await reader.stop();
      await reader.run(block);
      await reader.start();
      expect(await reader.page('/?user=you@example.com')).toContain('27.3 km');
      expect(await reader.page('/trips/active?user=after@example.com')).toContain('"active":false');
      await reader.stop();
    },
  ],
  [
    /^npm test\n/,
    async (_reader, block) => {
      for (const line of block.split('\n')) {
        expect(paper('.ci/run')).toMatch(new RegExp(`^${line.replace('npm run', 'npm run --silent')}$`, 'm'));
      }
    },
  ],
];

async function inTurn(reader: Reader, block: string): Promise<string[]> {
  const outs: string[] = [];
  for (const line of block.split('\n')) outs.push(await reader.run(line));
  return outs;
}

/** With `AUTH=required` the token is what opens the logbook. */
async function tokenCounts(reader: Reader, token: string): Promise<void> {
  await reader.stop();
  const port = await freePort();
  const strict = startCommand(
    'npm',
    ['start'],
    reader.folder,
    { PORT: String(port), AUTH: 'required' },
    { detached: true },
  );
  await strict.says(/"Listening on /);
  const ask = (headers: Record<string, string>) => fetch(`http://localhost:${port}/trips`, { headers });
  expect((await ask({})).status).toBe(401);
  expect(await (await ask({ authorization: `Bearer ${token}` })).text()).toContain('"distance_km":27.26');
  await endGroup(strict, 'SIGTERM');
  await reader.start();
}

test('the README’s commands do what it says', { timeout: 300_000 }, async () => {
  const folder = scratchFolder();
  for (const part of ['src', 'scripts', 'package.json', '.npmrc']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const reader = new Reader(folder, await freePort());
  const promised = blocks(paper('README.md'), 'sh').map((block) => ({
    block,
    promise: PROMISES.find(([pattern]) => pattern.test(block))?.[1],
  }));
  expect(promised.filter(({ promise }) => promise === undefined)).toEqual([]);
  expect(promised).toHaveLength(PROMISES.length);
  for (const { block, promise } of promised) await promise?.(reader, block);
});
