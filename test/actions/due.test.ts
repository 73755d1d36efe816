/** The clock speaks when it has something to say, to everybody, and comes to an end. */

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pollAll } from '../../src/actions/poll.ts';
import { all, tripsOf } from '../support/book.ts';
import { asItHappens, DAY_START, dayOf, HOUR, inParts, play, send, shuffledOf } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { HOME, north } from '../support/places.ts';
import { drive } from '../support/driver.ts';
import { sceneOf, stage } from '../support/stage.ts';
import { openTempStore } from '../support/store.ts';

const MINUTE = 60_000;
const CAR = { id: 'car_a', deviceNames: [], ignored: false, pollIntervalMs: MINUTE };
const { scene } = stage();
const arrivals = dayOf.chain((day) =>
  fc.oneof(fc.constant(asItHappens(day, 2)), shuffledOf([...day.events, ...inParts(day.points, 3)])),
);

describe('when the clock is due', () => {
  test('a user who has been served is not due again at once, and in the end not at all', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.boolean(), async (arriving, hasCar) => {
        await scene(
          async ({ wire, clock, user, deps }) => {
            for (const { at, message } of arriving) {
              clock.set(Math.max(at, clock.now()));
              await send(wire, user, message);
            }
            // A car that never answers is asked for a day, four times an hour at most.
            const most = hasCar ? 24 * 4 + 20 : 20;
            let rounds = 0;
            for (;;) {
              const [next] = await deps.store.due(Number.MAX_SAFE_INTEGER, 1);
              if (!next) break;
              clock.set(Math.max(clock.now() + MINUTE, next.dueAt));
              await wire.tick();
              expect(await deps.store.due(clock.now() - 1, 1)).toEqual([]);
              expect((rounds += 1)).toBeLessThan(most);
            }
            expect((await tripsOf(deps.store.forUser(user))).some(({ odometerPending }) => odometerPending)).toBe(
              false,
            );
          },
          { cars: hasCar ? [CAR] : [] },
        );
      }),
      runs(15, 400),
    );
  });

  test('ticks when due say what ticks every minute say', async () => {
    await fc.assert(
      fc.asyncProperty(dayOf, fc.boolean(), async (day, hasCar) => {
        const until = DAY_START + 100 * HOUR;
        const cars = hasCar ? [CAR] : [];
        const everyMinute = await scene(
          async (one) => {
            await play(one, one.user, asItHappens(day), { until: DAY_START + 40 * HOUR, tickMinutes: 1 });
            one.clock.set(until);
            return one.logbook();
          },
          { cars },
        );
        const never = await scene(
          async (one) => {
            await play(one, one.user, asItHappens(day), { until });
            await one.wire.tick();
            return one.logbook();
          },
          { cars },
        );
        expect(everyMinute).toEqual(never);
      }),
      runs(2, 40),
    );
  });

  test('one user’s damaged document harms nobody else and does not stop the round', async () => {
    const { store, path, remove } = openTempStore();
    const users = ['a', 'b', 'c'].map((name) => `${name}@example.nl`);
    const scenes = users.map((user) => sceneOf(store, path, user));
    for (const { wire, user } of scenes) await wire.event(user, 'start', { place: HOME });
    const db = new DatabaseSync(path);
    db.prepare(`UPDATE hot SET body = '{' WHERE kind = 'active' AND email = ?`).run(users[1] ?? '');
    db.close();
    const [first] = scenes;
    const { deps, clock } = first ?? sceneOf(store, path, '');
    clock.set(DAY_START + 13 * HOUR);
    for (let round = 0; round < 2; round += 1) {
      const { failed, remaining, finished } = await pollAll(deps);
      expect({ failed, remaining, finished }).toEqual({ failed: 1, remaining: 0, finished: round === 0 ? 2 : 0 });
    }
    expect(await store.forUser('a@example.nl').get('active', 'trip_start')).toBe(null);
    expect(await all(store.forUser('c@example.nl'), 'trip')).toHaveLength(1);
    await remove();
  });

  test('a round stops at its deadline and says what is left', async () => {
    const { store, path, remove } = openTempStore();
    const scenes = Array.from({ length: 5 }, (_, i) => sceneOf(store, path, `${i}@example.nl`));
    for (const { wire, user } of scenes) await wire.event(user, 'start', { place: HOME });
    const { deps } = sceneOf(store, path, '');
    let asked = 0;
    // Asked once for the round, once for who is due, and twice for each user who is served.
    const clock = { now: () => DAY_START + 13 * HOUR + (++asked > 6 ? 60_000 : 0) };
    const work = await pollAll({ ...deps, clock });
    expect(work).toMatchObject({ failed: 0, due: 2, finished: 2, remaining: 3 });
    await remove();
  });
});

describe('the journal', () => {
  test('is cleared after 96 h, but for what waits; later events are none the worse', async () => {
    const jan = await drive('actions', { cars: { golf: { pollMinutes: 1 } }, start: '2026-03-02 06:00' });
    jan.ticking = true;
    await jan.end('07:00', HOME);
    for (const day of ['2026-03-02', '2026-03-03', '2026-03-05']) {
      await jan.start(`${day} 08:00`, HOME);
      await jan.end(`${day} 08:30`, north(HOME, 20));
      const km = 1_000 + 20 * Number(day.at(-1));
      await jan.carSays('golf', { at: `${day} 08:32`, km, state: 'parked' });
    }
    await jan.goTo('2026-03-11 12:00');
    expect((await all(jan.store, 'event')).map(({ waiting }) => waiting)).toEqual(['orphan_end']);
    expect(await jan.deps.store.due(Number.MAX_SAFE_INTEGER, 1)).toEqual([]);
    const before = await jan.book();
    expect(before).toHaveLength(3);

    await jan.replay('2026-03-11 12:01', jan.way('2026-03-05 08:00', HOME, '2026-03-05 08:30', north(HOME, 20)));
    await jan.end('2026-03-09 10:00', HOME, { received: '2026-03-11 12:02' });
    await jan.start('2026-03-09 09:00', north(HOME, 30), { received: '2026-03-11 12:03' });
    await jan.start('2026-03-11 13:00', HOME);
    await jan.end('2026-03-11 13:30', north(HOME, 20));
    await jan.carSays('golf', { at: '2026-03-11 13:33', km: 1_121, state: 'parked' });
    expect(await jan.book()).toEqual([
      ...before,
      '03-09 09:00–03-09 10:00 39.0 km straight_line golf [1100–?]',
      '03-11 13:00–03-11 13:30 26.0 km straight_line golf [?–1121]',
    ]);
  });

  test('of an open trip nothing is cleared, however long it lasts', async () => {
    const jan = await drive('actions', { start: '2026-03-02 06:00' });
    jan.ticking = true;
    await jan.start('2026-03-02 08:00', HOME);
    const far = north(HOME, 3_000);
    await jan.follow('2026-03-02 08:00', HOME, '2026-03-08 08:00', far, 3_600);
    const late = jan.way('2026-03-02 08:00', HOME, '2026-03-08 08:00', far, 5_400).slice(-20);
    await jan.replay('2026-03-08 07:59', late);
    await jan.end('2026-03-08 08:00', far);
    const [trip, ...others] = await jan.trips();
    expect(others).toEqual([]);
    expect(trip).toMatchObject({ startedAt: jan.at('2026-03-02 08:00'), distanceSource: 'gps' });
    expect(Math.abs((trip?.distanceMetres ?? 0) - 3_900_000)).toBeLessThan(30_000);
  });
});
