/** For whom the rounds wait, for whom no longer, and what a change meanwhile makes of it. */

import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { changeSettings } from '../../src/actions/settings.ts';
import { removeTrip } from '../../src/actions/trips.ts';
import { all, tripsOf } from '../support/book.ts';
import { fails, says, simulatedCar } from '../support/garage.ts';
import { HOME, north } from '../support/places.ts';
import { MINUTE, story } from '../support/rounds.ts';
import { stage } from '../support/stage.ts';

const OFFICE = north(HOME, 20);
const BY = { kind: 'open' } as const;
const on = stage();

test('a trip its driver deletes waits for no odometer', async () => {
  await story(on, { answer: () => fails('transient') }, async ({ deps, user, wire, calls, rounds }) => {
    const store = deps.store.forUser(user);
    await simulatedCar(deps, user);
    await wire.event(user, 'start', { place: HOME });
    await rounds(20);
    await wire.event(user, 'end', { place: OFFICE });
    await rounds(25);
    const [trip] = await tripsOf(store);
    expect(trip).toMatchObject({ odometerPending: true });
    await removeTrip(deps, store, trip?.id ?? '', BY, () => true);
    const before = calls.length;
    await rounds(180);
    expect(calls).toHaveLength(before);
  });
});

test('of two cars that were silent, each is asked until it has said how it stands', async () => {
  const answer = (minute: number, { now }: { readonly now: number }) =>
    minute < 50 ? fails('transient') : says(50_000, 'parked', now);
  await story(on, { answer }, async ({ deps, user, wire, calls, rounds }) => {
    await simulatedCar(deps, user, { odometerMetres: 1_000_000 });
    await simulatedCar(deps, user, { odometerMetres: 2_000_000 });
    await wire.event(user, 'start', { place: HOME });
    await rounds(20);
    await wire.event(user, 'end', { place: OFFICE });
    await rounds(60);
    expect(await all(deps.store.forUser(user), 'odometer_reading')).toHaveLength(2);
    const before = calls.length;
    await rounds(180);
    expect(calls).toHaveLength(before);
  });
});

test('a car that stops and goes on by itself is asked at its interval', async () => {
  const answer = (minute: number, { now }: { readonly now: number }) => {
    const [quarters, inQuarter] = [Math.floor(minute / 15), minute % 15];
    return says(50_000 + quarters * 5 + Math.min(5, inQuarter), inQuarter < 5 ? 'driving' : 'parked', now);
  };
  const policy = { drivingMs: 5 * MINUTE, parkedMs: 5 * MINUTE };
  await story(on, { answer, policy }, async ({ deps, user, wire, minutes, rounds }) => {
    await simulatedCar(deps, user);
    await wire.event(user, 'start', { place: HOME });
    await rounds(60);
    expect(minutes()).toEqual([1, 6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56]);
  });
});

test('a patience made shorter counts for the trip that is on', async () => {
  await story(on, {}, async ({ deps, user, wire, rounds }) => {
    const store = deps.store.forUser(user);
    await wire.event(user, 'start', { place: HOME });
    await rounds(5);
    await changeSettings(deps, store, { silentStaleAfterMs: 60 * MINUTE }, BY);
    await rounds(60);
    expect(await store.get('active', 'trip_start')).toBeNull();
  });
});

test('a car whose stored connection is damaged is tried less and less often', async () => {
  await story(on, {}, async ({ deps, path, user, wire, clock, round }) => {
    const carId = await simulatedCar(deps, user);
    const db = new DatabaseSync(path);
    db.prepare(`UPDATE document SET body = '{' WHERE kind = 'secret' AND email = ?`).run(user);
    db.close();
    await wire.event(user, 'start', { place: HOME });
    let tries = 0;
    for (let i = 0; i < 30; i += 1) {
      clock.advance(MINUTE);
      tries += (await round()).polled;
    }
    expect(tries).toBe(5);
    const polls = await deps.store.forUser(user).get('polls', 'polls');
    expect(polls?.cars[carId]).toMatchObject({ error: 'configuration', failures: 5 });
  });
});

test('a budget is not overdrawn by a round that asks many cars at once', async () => {
  const answer = (_minute: number, { now }: { readonly now: number }) => says(50_000, 'driving', now);
  await story(on, { answer, policy: { callsPerDay: 50 } }, async ({ deps, user, wire, calls, clock, round }) => {
    const { store } = deps;
    const drivers = Array.from({ length: 70 }, (_, i) => `${i}-${user}`);
    for (const driver of drivers) {
      await simulatedCar(deps, driver);
      await wire.event(driver, 'start', { place: HOME });
    }
    clock.advance(MINUTE);
    expect(await round()).toMatchObject({ due: 70, polled: 50, failed: 20 });
    expect(calls).toHaveLength(50);
    expect(await store.system.get('provider', 'simulator')).toMatchObject({ day: { count: 50 } });
    const polls = await Promise.all(drivers.map((driver) => store.forUser(driver).get('polls', 'polls')));
    const errors = polls.flatMap((one) => Object.values(one?.cars ?? {})).filter(({ error }) => error !== null);
    expect(errors).toHaveLength(20);
    expect(errors).toContainEqual(expect.objectContaining({ error: 'quota_exhausted', lease: null }));
    for (const driver of drivers) await store.removeUser(driver);
  });
});
