/** A disk that fills up under load. The limit is one on file sizes, which any POSIX shell can set. */

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { post } from '../support/asking.ts';
import { ROOT, startCommand, startService } from '../support/programs.ts';
import { scratchFile } from '../support/scratch.ts';
import { fleetOf, holdsDrives } from './fleet.ts';

/** Of 512 bytes. */
const MOST_BLOCKS = 2_400;

describe.skipIf(process.platform === 'win32')('a full disk', { timeout: 60_000 }, () => {
  test('costs the events that do not fit an error, never one that was acknowledged, and not the process', async () => {
    const file = scratchFile();
    const service = startCommand(
      'sh',
      ['-c', `ulimit -f ${MOST_BLOCKS}; exec "$0" src/main.ts`, process.execPath],
      ROOT,
      {
        PORT: '0',
        SQLITE_PATH: file,
      },
    );
    const url = (await service.says(/"Listening on (http:[^"]+)"/))[1]!.replace('localhost', '127.0.0.1');
    const fleet = fleetOf(8);
    const telling = Promise.all(fleet.map((driver) => driver.tell(url, () => driver.faults.length > 0)));
    await expect.poll(() => fleet.some(({ faults }) => faults.length > 0), { timeout: 30_000 }).toBe(true);
    await pause(300);

    const refused = await post(url, '/webhook/start', { lat: 52, lng: 5 }, { 'x-user-email': 'late@example.org' });
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect(refused.body).toMatchObject({ ok: false, message: expect.any(String), request_id: expect.any(String) });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(service.out()).toMatch(/"severity":"ERROR".*full|"severity":"ERROR".*disk/);
    service.process.kill('SIGKILL');
    await Promise.all([telling, service.ended]);

    for (const driver of fleet) driver.faults.length = 0;
    const next = await startService(file);
    await Promise.all(fleet.map((driver) => driver.finishDrive(next.url)));
    await holdsDrives(next.url, fleet);
  });
});
