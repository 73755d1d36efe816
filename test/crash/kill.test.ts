/** The server killed under load, again and again: what was acknowledged is there, and nothing is there twice. */

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { read } from '../support/asking.ts';
import { scratchFile } from '../support/scratch.ts';
import { startProgram, startService } from '../support/programs.ts';
import { acknowledgedBy, fleetOf, holdsDrives, holdsPromises } from './fleet.ts';
import { sayHalf } from './slow-phone.ts';

const LONG = process.env['LONG'] !== undefined;
const ROUNDS = LONG ? 30 : 5;
const NEVER = () => false;

describe('under the load of many drivers', { timeout: 600_000 }, () => {
  test('a server killed again and again keeps every acknowledged event, and each drive becomes one trip', async () => {
    const file = scratchFile();
    const fleet = fleetOf(16);
    for (let round = 0; round < ROUNDS; round += 1) {
      const service = await startService(file);
      await holdsPromises(service.url, fleet);
      const telling = fleet.map((driver) => driver.tell(service.url, NEVER));
      await pause(150 + Math.random() * 500);
      service.process.kill('SIGKILL');
      expect(await service.ended).toBe('SIGKILL');
      await Promise.all(telling);
    }
    const service = await startService(file);
    await holdsPromises(service.url, fleet);
    expect(fleet.some(({ pending }) => pending !== null)).toBe(true);
    await Promise.all(fleet.map((driver) => driver.finishDrive(service.url)));
    await holdsDrives(service.url, fleet);
    expect(acknowledgedBy(fleet)).toBeGreaterThan(ROUNDS * 50);
    expect(Math.min(...fleet.map((driver) => driver.ended().length))).toBeGreaterThan(0);
  });

  test('a server asked to end answers what has begun to arrive, and keeps nothing it did not answer', async () => {
    const file = scratchFile();
    const fleet = fleetOf(16);
    for (let round = 0; round < (LONG ? 10 : 2); round += 1) {
      const service = await startService(file);
      const telling = fleet.map((driver) => driver.tell(service.url, NEVER));
      const slow = await Promise.all(
        ['anna', 'bert', 'cor'].map((name) =>
          sayHalf(service.url, '/webhook/start', `${name}${round}@example.org`, { lat: 52.1, lng: 5.1 }),
        ),
      );
      await pause(400 + Math.random() * 300);
      service.process.kill('SIGTERM');
      await Promise.all(telling);
      const isListening = () => fetch(`${service.url}/health`).then(Boolean, () => false);
      await expect.poll(isListening).toBe(false);
      expect(await Promise.all(slow.map((phone) => phone.finish()))).toEqual([200, 200, 200]);
      expect(await service.ended).toBe(0);
      expect(service.out()).toContain('"Stopped"');

      const next = await startService(file);
      const unanswered = fleet.map((driver) => driver.pending);
      for (const driver of fleet) driver.pending = null;
      await holdsPromises(next.url, fleet);
      for (const [i, driver] of fleet.entries()) driver.pending = unanswered[i] ?? null;
      const headers = { 'x-user-email': `anna${round}@example.org` };
      expect(await read(next.url, '/webhook/status', headers)).toMatchObject({ active: true });
      next.process.kill('SIGKILL');
      await next.ended;
    }
    expect(acknowledgedBy(fleet)).toBeGreaterThan(100);
  });

  test('users are added by command meanwhile, and neither gets into the other’s way', async () => {
    const file = scratchFile();
    const fleet = fleetOf(8);
    const service = await startService(file);
    let added = 0;
    const telling = fleet.map((driver) => driver.tell(service.url, () => added === 3));
    for (const name of ['anna', 'bert', 'cor']) {
      const command = startProgram('scripts/user.ts', ['add', `${name}@example.org`], { SQLITE_PATH: file });
      expect({ code: await command.ended, errors: command.errors() }).toEqual({ code: 0, errors: '' });
      expect(command.out().trimEnd().split('\n').at(-1)).toMatch(/^mlg_/);
      added += 1;
    }
    await Promise.all(telling);
    await Promise.all(fleet.map((driver) => driver.finishDrive(service.url)));
    await holdsDrives(service.url, fleet);
  });
});
