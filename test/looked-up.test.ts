/** The service as a process, set up with services that know addresses and roads. */

import { expect, it } from 'vitest';
import { jsonOf } from './support/answers.ts';
import { JAN } from './support/app.ts';
import { scratchFile } from './support/scratch.ts';
import { exitOf, run, startService } from './support/service.ts';
import { reversed, routed, STATION, webService } from './support/web-service.ts';

const MINUTE = 60_000;

it(
  'tells a drive with addresses and its length by road, says who asks, and where nobody was',
  { timeout: 90_000 },
  async () => {
    const geocoder = await webService(({ path }) => ({
      body: path === '/search' ? [reversed(STATION)] : reversed(STATION),
    }));
    const router = await webService(() => ({ body: routed(24_300) }));
    const { url, lines } = await startService({
      SQLITE_PATH: scratchFile(),
      POLL_INTERVAL_SECONDS: '1',
      PUBLIC_URL: 'https://km.example',
      GEOCODER_URL: `${geocoder.base}/`,
      ROUTER_URL: router.base,
    });
    const say = async (event: string, lat: number, lng: number, minutesAgo: number) => {
      const timestamp = new Date(Date.now() - minutesAgo * MINUTE).toISOString();
      const body = new URLSearchParams({ lat: String(lat), lng: String(lng), timestamp });
      return jsonOf(await fetch(`${url}/webhook/${event}?user=${JAN}`, { method: 'POST', body }));
    };
    await say('start', 52.0893, 5.1101, 40);
    expect(await say('end', 52.1536, 5.3745, 5)).toMatchObject({ code: 'finished' });
    const trips = async () => {
      const body = await jsonOf<{ trips: unknown }>(fetch(`${url}/trips?user=${JAN}`));
      return body.trips;
    };
    const address = 'Stationsplein 12, Amersfoort';
    await expect
      .poll(trips, { timeout: 60_000, interval: 100 })
      .toMatchObject([
        { from: { address }, to: { address }, distance_km: 24.3, distance_source: 'route', route_distance_km: 24.3 },
      ]);
    const found = await jsonOf(await fetch(`${url}/places?q=station&user=${JAN}`));
    expect(found).toMatchObject({ places: [{ address }] });
    expect(new Set(geocoder.asked.map(({ headers }) => headers['user-agent']))).toEqual(
      new Set([expect.stringMatching(/^mileage-logbook\/[\d.]+ \(\+https:\/\/km\.example\)$/)]),
    );
    expect(JSON.stringify(lines())).not.toMatch(/52\.0893|52\.1536|5\.1101|5\.3745|Stationsplein/);
  },
);

it.each(['GEOCODER_URL', 'ROUTER_URL'])('does not start with a %s that is none', async (name) => {
  const env = { SQLITE_PATH: scratchFile(), PORT: '0', [name]: 'nominatim' };
  const exit = await exitOf(run('src/main.ts', [], env));
  expect([exit.code, exit.stdout]).toEqual([1, '']);
  expect(exit.stderr.trimEnd()).toBe(
    `Not started: ${name} must be an http or https address without query, user or password`,
  );
});
