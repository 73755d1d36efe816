/** The same drive gives the same trip however late its car answers. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_START, HOUR } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { between, HOME, north } from '../support/places.ts';
import { stage } from '../support/stage.ts';

const MINUTE = 60_000;
const { scene } = stage();
const CAR = { id: 'car_golf', deviceNames: [], ignored: false, pollIntervalMs: MINUTE };

const driveOf = fc.record({
  minutes: fc.integer({ min: 12, max: 90 }),
  km: fc.integer({ min: 5, max: 80 }),
  hasTrack: fc.boolean(),
  endIsLost: fc.constantFrom(false, false, false, true),
  knowsWhere: fc.boolean(),
  /** Of the odometer: whole kilometres, or 100 m. */
  step: fc.constantFrom(1, 0.1),
  saysState: fc.boolean(),
});
type Drive = typeof driveOf extends fc.Arbitrary<infer T> ? T : never;

/** Home at 07:00, with the clock and a car that is asked every minute; each answer is so many minutes under way. */
function driven(drive: Drive, lagOf: (minute: number) => number) {
  const { minutes, km, hasTrack, endIsLost, knowsWhere, step, saysState } = drive;
  const start = DAY_START + 2 * HOUR;
  const end = start + minutes * MINUTE;
  const there = north(HOME, km);
  const share = (at: number) => Math.min(1, Math.max(0, (at - start) / (end - start)));
  return scene(
    async ({ wire, clock, user, logbook }) => {
      const answers = Array.from({ length: minutes + 150 }, (_, i) => {
        const at = start - 60 * MINUTE + i * MINUTE + 20_000;
        const state = at > start && at < end ? ('driving' as const) : ('parked' as const);
        const odometer = Math.floor((1_000.5 + km * share(at)) / step) * step;
        const said = { km: Math.round(odometer * 10) / 10, at, ...(saysState && { state }) };
        return { at: at + lagOf(i) * MINUTE, tell: () => wire.reading(user, CAR.id, said) };
      });
      const phone = [
        { at: start, tell: () => wire.event(user, 'start', { place: knowsWhere ? HOME : null }) },
        ...(endIsLost ? [] : [{ at: end, tell: () => wire.event(user, 'end', { place: knowsWhere ? there : null }) }]),
        ...Array.from({ length: hasTrack ? minutes * 2 - 1 : 0 }, (_, i) => {
          const at = start + (i + 1) * 30_000;
          return { at, tell: () => wire.points(user, [{ place: between(HOME, there, share(at)) }]) };
        }),
      ];
      const ticks = Array.from({ length: 20 * 60 }, (_, i) => ({
        at: start + i * MINUTE + 40_000,
        tell: () => wire.tick(),
      }));
      for (const { at, tell } of [...answers, ...phone, ...ticks].toSorted((a, b) => a.at - b.at)) {
        clock.set(at);
        await tell();
      }
      const { trips, waiting, open } = await logbook();
      return { trips, waiting, open };
    },
    { cars: [CAR] },
  );
}

describe('lag does not matter', () => {
  test('answers 0–30 min late give the same trip', { timeout: 600_000 }, async () => {
    const lags = fc.oneof(
      fc.integer({ min: 0, max: 30 }).map((lag) => () => lag),
      fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 7, maxLength: 13 }).map((many) => (i: number) => {
        return many[i % many.length] ?? 0;
      }),
    );
    await fc.assert(
      fc.asyncProperty(driveOf, lags, async (drive, lagOf) => {
        const prompt = await driven(drive, () => 0);
        const late = await driven(drive, lagOf);
        expect(late).toMatchObject({ open: null, waiting: [], trips: [{ carId: CAR.id }] });
        const [[was], [is]] = [prompt.trips, late.trips];
        expect(prompt.trips).toHaveLength(1);
        if (!was || !is) return;
        expect(is.startedAt).toBe(was.startedAt);
        expect(Math.abs(is.endedAt - was.endedAt)).toBeLessThanOrEqual(MINUTE);
        if (is.endOdometerMetres !== null && was.endOdometerMetres !== null) {
          expect(Math.abs(is.endOdometerMetres - was.endOdometerMetres)).toBeLessThanOrEqual(drive.step * 1_000);
          expect(Math.abs(is.distanceMetres - was.distanceMetres)).toBeLessThanOrEqual(drive.step * 2_000);
        }
      }),
      runs(4, 120),
    );
  });
});
