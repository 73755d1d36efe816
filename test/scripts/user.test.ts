/** `npm run user -- …`: what it prints, what it refuses, and that a running service sees what it did. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratchFile } from '../support/scratch.ts';
import { exitOf, run, startService, type Exit } from '../support/service.ts';

const TOKEN = /^mlg_[0-9a-z]{30}$/;

function commandsOn(path: string): (...args: string[]) => Promise<Exit> {
  return (...args) => exitOf(run('scripts/user.ts', args, { SQLITE_PATH: path }));
}

function lastLine({ stdout }: Exit): string {
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

describe('add', () => {
  it('prints a token with all scopes alone on the last line', async () => {
    const user = commandsOn(scratchFile());
    const added = await user('add', ' Jan@Example.NL');
    expect([added.code, added.stderr]).toEqual([0, '']);
    expect(lastLine(added)).toMatch(TOKEN);
    const listed = await user('list');
    expect(listed.stdout).toMatch(/^jan@example\.nl\n/);
    expect(listed.stdout).toContain('events,read,write,account');
    expect(listed.stdout).not.toContain(lastLine(added).slice(4, -4));
  });

  it('changes nothing for an address that has a token, and names the command that does', async () => {
    const user = commandsOn(scratchFile());
    await user('add', 'jan@example.nl');
    const before = (await user('list')).stdout;
    const again = await user('add', 'JAN@example.nl');
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr.trimEnd()).toMatch(/^[^\n]*user -- token[^\n]*$/);
    expect((await user('list')).stdout).toBe(before);
  });
});

describe('token', () => {
  it('makes one for events, or for what is asked', async () => {
    const user = commandsOn(scratchFile());
    await user('add', 'jan@example.nl');
    expect(lastLine(await user('token', 'jan@example.nl', '--label', 'iPhone Jan'))).toMatch(TOKEN);
    expect(lastLine(await user('token', 'jan@example.nl', '--scopes', 'events,read'))).toMatch(TOKEN);
    const { stdout } = await user('list');
    expect(stdout).toMatch(/ {2}events {2}“iPhone Jan”/);
    expect(stdout).toMatch(/ {2}events,read {2}/);
  });

  it('refuses in one line what cannot be done', async () => {
    const user = commandsOn(scratchFile());
    await user('add', 'jan@example.nl');
    for (const [args, line] of [
      [['token', 'piet@example.nl'], 'There is no user piet@example.nl'],
      [['token', 'jan@example.nl', '--scopes', 'events,all'], '--scopes must be'],
      [['token', 'jan@example.nl', '--car', 'car_x'], 'has no car car_x'],
      [['token', 'jan@example.nl', '--label', ''], '--label must be'],
      [['add', 'jan'], 'jan is no e-mail address'],
      [['remove', 'jan@example.nl'], '--delete-data'],
      [['remove', 'piet@example.nl', '--delete-data'], 'There is no user'],
    ] as const) {
      const refused = await user(...args);
      expect([args, refused.code, refused.stdout]).toEqual([args, 1, '']);
      expect(refused.stderr).toContain(line);
      expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it.each([[], ['fly'], ['add'], ['add', 'a@b.nl', 'c@d.nl'], ['list', 'x']].map((args) => [args]))(
    'says how it is used: %j',
    async (args) => {
      const refused = await commandsOn(scratchFile())(...args);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('npm run user -- add EMAIL');
    },
  );
});

describe('link', () => {
  const LINK = /^http:\/\/\S+\/signin\/link\/[\w-]{43}$/;

  it('prints one alone on the last line, which signs in once', async () => {
    const path = scratchFile();
    const user = commandsOn(path);
    await user('add', 'jan@example.nl');
    const made = await user('link', ' Jan@Example.nl');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(lastLine(made)).toMatch(LINK);
    const { url } = await startService({ SQLITE_PATH: path, AUTH: 'required', HOST: '127.0.0.1' });
    const follow = () => fetch(url + new URL(lastLine(made)).pathname, { method: 'POST', redirect: 'manual' });
    expect((await follow()).status).toBe(303);
    expect((await follow()).status).toBe(401);
  });

  it('leads to where the service is reached', async () => {
    const env = { SQLITE_PATH: scratchFile(), PUBLIC_URL: 'https://km.example.nl/', ALLOWED_USERS: '@example.nl' };
    const made = await exitOf(run('scripts/user.ts', ['link', 'jan@example.nl'], env));
    expect(lastLine(made)).toMatch(/^https:\/\/km\.example\.nl\/signin\/link\/[\w-]{43}$/);
  });

  it('is made for nobody who could not use it', async () => {
    const refused = await commandsOn(scratchFile())('link', 'jan@example.nl');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('npm run user -- add jan@example.nl');
  });
});

it('a wrong variable stops the command as it stops the service', async () => {
  const exit = await exitOf(run('scripts/user.ts', ['list'], { SQLITE_PATH: scratchFile(), PORT: 'x' }));
  expect([exit.code, exit.stderr.trimEnd()]).toEqual([1, 'PORT must be a whole number, 0 … 65535']);
});

it('a running service sees at once who was added, and nothing is left of who was removed', async () => {
  const path = scratchFile();
  const user = commandsOn(path);
  const { url } = await startService({ SQLITE_PATH: path, AUTH: 'required', HOST: '127.0.0.1' });
  const token = lastLine(await user('add', 'jan@example.nl'));
  const headers = { authorization: `Bearer ${token}` };
  const start = () => fetch(`${url}/webhook/start`, { method: 'POST', headers });
  expect((await start()).status).toBe(200);
  expect((await user('remove', 'jan@example.nl', '--delete-data')).code).toBe(0);
  expect((await start()).status).toBe(401);
  expect((await user('list')).stdout).toBe('');
  expect(readFileSync(path).includes('jan@example.nl')).toBe(false);
});
