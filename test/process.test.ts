/** The service as a process: how it starts, what stops it from starting, how it ends, and what it outlives. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { JAN, testApp } from './support/app.ts';
import { jsonOf } from './support/answers.ts';
import { scratchFile, scratchFolder } from './support/scratch.ts';
import { exitOf, run, startService } from './support/service.ts';

describe('a start', () => {
  it('serves what was asked for, from its first answer to everything else', async () => {
    const { url, lines } = await startService({ SQLITE_PATH: scratchFile() });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const body = new URLSearchParams({ lat: '52.1', lng: '5.1' });
    const start = await fetch(`${url}/webhook/start?user=${JAN}`, { method: 'POST', body });
    expect(await jsonOf(start)).toMatchObject({ ok: true, code: 'started' });
    expect((await fetch(`${url}/trips?user=${JAN}`)).status).toBe(200);
    expect((await fetch(url)).headers.get('content-type')).toMatch(/^text\/html/);
    expect((await fetch(`${url}/health`, { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    await wait(50);
    expect(lines().map(({ message }) => message)).toEqual([
      `Listening on ${url}`,
      'GET /health 200',
      'POST /webhook/start started',
      'GET /trips 200',
      'GET / 200',
      'POST /* method_not_allowed',
      'GET /* not_found',
    ]);
  });

  it('says where it keeps the logbooks and whom it trusts', async () => {
    const path = scratchFile();
    const { lines } = await startService({ SQLITE_PATH: path });
    expect(lines()[0]).toMatchObject({ severity: 'INFO', store: path, auth: 'open' });
  });

  it.each([
    [{ PORT: 'x' }, /^Not started: PORT must be a whole number/],
    [{ AUTH: 'open', K_SERVICE: 'km' }, /^Not started: AUTH must be required on Cloud Run/],
    [{ STORE: 'firestore' }, /^Not started: GOOGLE_CLOUD_PROJECT must be the project/],
    [{ HOST: '203.0.113.7' }, /^Not started: HOST 203\.0\.113\.7 is no address of this machine/],
  ])('with %o ends in one line', async (env, line) => {
    const exit = await exitOf(run('src/main.ts', [], { SQLITE_PATH: scratchFile(), PORT: '0', ...env }));
    expect(exit.code).toBe(1);
    expect(exit.stdout).toBe('');
    expect(exit.stderr).toMatch(line);
    expect(exit.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('on a port in use ends in one line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as AddressInfo;
    const exit = await exitOf(run('src/main.ts', [], { SQLITE_PATH: scratchFile(), PORT: String(port) }));
    other.close();
    expect(exit.code).toBe(1);
    expect(exit.stderr.trimEnd()).toMatch(new RegExp(`^Not started: PORT ${port} is in use on 127\\.0\\.0\\.1[^\n]*$`));
  });

  it('with a store that cannot be opened ends in one line', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'other.db');
    writeFileSync(file, 'this is no database, and was never meant to be one. '.repeat(40));
    mkdirSync(join(folder, 'folder.db'));
    for (const path of [file, join(folder, 'folder.db'), join(file, 'below.db')]) {
      const exit = await exitOf(run('src/main.ts', [], { SQLITE_PATH: path, PORT: '0' }));
      expect([path, exit.code, exit.stdout]).toEqual([path, 1, '']);
      expect(exit.stderr.trimEnd()).toMatch(/^Not started: [^\n]+$/);
      expect(exit.stderr).toContain(path);
    }
  });
});

describe('asked to end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s it finishes what runs, closes the store and exits 0',
    async (signal) => {
      const path = scratchFile();
      const { url, child, ended, lines } = await startService({ SQLITE_PATH: path });
      const { port } = new URL(url);
      const body = JSON.stringify({ lat: 52.1, lng: 5.1 });
      const socket = connect(Number(port), '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk));
      const head = `POST /webhook/start?user=${JAN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
      socket.write(head + body.slice(0, 5));
      await wait(100);
      child.kill(signal);
      await wait(200);
      await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
      socket.write(body.slice(5));
      const exit = await ended;
      expect(answer).toContain('"code":"started"');
      expect(exit.code).toBe(0);
      expect(exit.stderr).toBe('');
      expect(lines().at(-1)).toMatchObject({ message: 'Stopped' });
      expect(readFileSync(path).length).toBeGreaterThan(0);
      const again = await startService({ SQLITE_PATH: path });
      expect(await jsonOf(fetch(`${again.url}/webhook/status?user=${JAN}`))).toMatchObject({ active: true });
    },
  );

  it('does not wait for a connection that only stays open', async () => {
    const { url, child, ended } = await startService({ SQLITE_PATH: scratchFile() });
    await fetch(`${url}/health`);
    const idle = connect(Number(new URL(url).port), '127.0.0.1');
    idle.on('error', () => undefined);
    await wait(50);
    const askedAt = performance.now();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(4_000);
  });

  it('twice ends at once', async () => {
    const { url, child, ended } = await startService({ SQLITE_PATH: scratchFile() });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /webhook/start HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nx');
    await wait(100);
    const askedAt = performance.now();
    child.kill('SIGTERM');
    await wait(100);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(1);
    expect(performance.now() - askedAt).toBeLessThan(4_000);
  });
});

describe('the built-in timer', () => {
  /** A file with a drive of which nothing was heard for fourteen hours. */
  async function silentDrive(): Promise<string> {
    const service = testApp({}, Date.now() - 14 * 3_600_000);
    for (const [action, lat] of [
      ['start', '52.1'],
      ['ping', '52.2'],
    ] as const) {
      const body = new URLSearchParams({ lat, lng: '5.1' });
      await service.app.request(`/webhook/${action}?user=${JAN}`, { method: 'POST', body });
      service.clock.advance(600_000);
    }
    await service.deps.store.close();
    return service.path;
  }

  it.each([
    ['1', false],
    ['0', true],
  ])('set to %s s: the silent drive is still open: %s', async (seconds, active) => {
    const { url, lines } = await startService({ SQLITE_PATH: await silentDrive(), POLL_INTERVAL_SECONDS: seconds });
    await wait(2_000);
    expect(await jsonOf(fetch(`${url}/webhook/status?user=${JAN}`))).toMatchObject({ active });
    const rounds = lines().filter(({ message }) => message === 'Round of the clock');
    expect(rounds).toMatchObject(active ? [] : [{ due: 1, finished: 1, failed: 0 }]);
  });
});

describe('an error nobody caught', () => {
  it('is one line in the log, and the process lives on', async () => {
    const file = join(scratchFolder(), 'fault.mjs');
    writeFileSync(
      file,
      `process.on('SIGUSR2', () => { Promise.reject(new Error('a rejection')); throw new Error('a fault'); });`,
    );
    const { url, child, lines } = await startService({
      SQLITE_PATH: scratchFile(),
      NODE_OPTIONS: `--import=${file}`,
    });
    child.kill('SIGUSR2');
    await wait(300);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const errors = lines().filter(({ severity }) => severity === 'ERROR');
    expect(errors.map(({ error }) => (error as Error).message).toSorted()).toEqual(['a fault', 'a rejection']);
    expect(child.exitCode).toBeNull();
  });

  it('nor does a client that goes away in the middle harm it', async () => {
    const { url, lines } = await startService({ SQLITE_PATH: scratchFile() });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`POST /webhook/start?user=${JAN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"lat"`);
    await wait(100);
    socket.destroy();
    await wait(200);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(lines().filter(({ severity }) => severity === 'ERROR')).toEqual([]);
  });
});
