/** Keys change while the service lives: from the file beside the store to one that is given, from an old one to a new. */

import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HIDDEN, simulator } from '../support/connections.ts';
import { scratchFile } from '../support/scratch.ts';
import { exitOf, run, startService } from '../support/service.ts';

const [FIRST = '', SECOND = ''] = [11, 22].map((byte) => new Uint8Array(32).fill(byte).toBase64());

/** A service on the file, with these keys, asked as Jan. */
async function serviceOn(path: string, keys?: string) {
  const env = { SQLITE_PATH: path, ...(keys === undefined ? {} : { CREDENTIALS_KEY: keys }) };
  const service = await startService({ ...env, POLL_INTERVAL_SECONDS: '0' });
  const ask = async (method: string, at: string, body?: object) => {
    const headers = { 'x-user-email': 'jan@example.nl', 'content-type': 'application/json' };
    const response = await fetch(service.url + at, {
      method,
      headers,
      body: body && JSON.stringify(body),
    } as RequestInit);
    return (await response.json()) as Record<string, unknown>;
  };
  return {
    async connect(): Promise<string> {
      const { id } = await ask('POST', '/cars', { name: 'Golf' });
      expect(await ask('PUT', `/cars/${String(id)}/connection`, simulator())).toMatchObject({ state: 'ok' });
      return String(id);
    },
    test: (id: string) => ask('POST', `/cars/${id}/connection/test`),
    rekey: () => exitOf(run('scripts/user.ts', ['rekey'], env)),
    async stop(): Promise<string> {
      service.child.kill('SIGTERM');
      return (await service.ended).stdout;
    },
  };
}

it('from key to key, beside the running service, without a connection lost', async () => {
  const path = scratchFile();
  const logs: string[] = [];
  const before = await serviceOn(path, FIRST);
  const old = await before.connect();
  logs.push(await before.stop());

  const both = await serviceOn(path, `${SECOND},${FIRST}`);
  const recent = await both.connect();
  expect(await both.test(old)).toMatchObject({ ok: true, odometer_km: 12_345 });
  const done = await both.rekey();
  expect([done.code, done.stdout, done.stderr]).toEqual([0, '1 rewritten, 1 were current, 0 cannot be opened.\n', '']);
  expect((await both.rekey()).stdout).toBe('0 rewritten, 2 were current, 0 cannot be opened.\n');
  for (const id of [old, recent]) expect(await both.test(id)).toMatchObject({ ok: true });
  logs.push(await both.stop());

  const after = await serviceOn(path, SECOND);
  for (const id of [old, recent]) expect(await after.test(id)).toMatchObject({ ok: true, odometer_km: 12_345 });
  logs.push(await after.stop());

  const bytes = readFileSync(path, 'latin1');
  expect(bytes).toContain('jan@example.nl');
  for (const secret of [...HIDDEN, FIRST, SECOND]) expect(bytes + logs.join('')).not.toContain(secret);
  expect(existsSync(`${path}.key`)).toBe(false);
}, 60_000);

it('from the file beside the store to a key that is given', async () => {
  const path = scratchFile();
  const before = await serviceOn(path);
  const id = await before.connect();
  expect(statSync(`${path}.key`).mode & 0o777).toBe(0o600);
  expect((await before.rekey()).stdout).toBe('0 rewritten, 1 were current, 0 cannot be opened.\n');
  await before.stop();

  const given = await serviceOn(path, FIRST);
  expect(await given.test(id)).toMatchObject({ ok: true });
  expect((await given.rekey()).stdout).toBe('1 rewritten, 0 were current, 0 cannot be opened.\n');
  await given.stop();

  rmSync(`${path}.key`);
  const after = await serviceOn(path, FIRST);
  expect(await after.test(id)).toMatchObject({ ok: true });
  await after.stop();
}, 60_000);

it('without the old key names each connection that is lost, and fails', async () => {
  const path = scratchFile();
  const before = await serviceOn(path, FIRST);
  const id = await before.connect();
  await before.stop();
  const after = await serviceOn(path, SECOND);
  const done = await after.rekey();
  expect([done.code, done.stdout]).toEqual([1, '0 rewritten, 0 were current, 1 cannot be opened.\n']);
  expect(done.stderr).toMatch(
    new RegExp(`^jan@example\\.nl ${id}: sealed with the key [0-9a-f]{8}, which is not here\n$`),
  );
  expect(await after.test(id)).toMatchObject({ ok: false, error: { code: 'relink_required' } });
  await after.stop();
}, 60_000);

it.each([
  ['a key that is none', { CREDENTIALS_KEY: 'c2VjcmV0' }, /^(Not started: )?CREDENTIALS_KEY must be [^\n]*\n$/],
  ['a broken key file', {}, /^(Not started: )?the key file \S+ is broken[^\n]*\n$/],
])('%s stops service and command with one line that does not repeat it', async (_, env, line) => {
  const path = scratchFile();
  writeFileSync(`${path}.key`, 'c2VjcmV0');
  for (const [file, args] of [
    ['src/main.ts', []],
    ['scripts/user.ts', ['rekey']],
  ] as const) {
    const exit = await exitOf(run(file, args, { SQLITE_PATH: path, PORT: '0', ...env }));
    expect([exit.code, exit.stdout]).toEqual([1, '']);
    expect(exit.stderr).toMatch(line);
    expect(exit.stderr).not.toContain('c2VjcmV0');
  }
  expect(readFileSync(`${path}.key`, 'utf8')).toBe('c2VjcmV0');
});
