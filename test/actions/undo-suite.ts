/** Whatever a user does, undone in reverse order, leaves everything as it was; totals are sums after every step: on every store. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeInBulk } from '../../src/actions/bulk.ts';
import { addCar, changeCar, removeCar } from '../../src/actions/cars.ts';
import { connectCar, disconnectCar } from '../../src/actions/connections.ts';
import { addLocation, changeLocation, removeLocation } from '../../src/actions/locations.ts';
import { addReading, deleteReading } from '../../src/actions/odometer-readings.ts';
import { fillGap } from '../../src/actions/gap-fill.ts';
import { checkOdometers } from '../../src/actions/odometer-check.ts';
import { applyRules, replaceRules } from '../../src/actions/rules.ts';
import { joinTrips } from '../../src/actions/merge-trips.ts';
import { confirmClasses, settleReview } from '../../src/actions/review-actions.ts';
import type { Decision } from '../../src/actions/review-decisions.ts';
import { listReview } from '../../src/actions/review.ts';
import { replaceRates } from '../../src/actions/rates.ts';
import { changeSettings } from '../../src/actions/settings.ts';
import { cutTrip } from '../../src/actions/split-trips.ts';
import { rowsOf } from '../../src/actions/pages.ts';
import { changeTrip, createTrip, removeTrip } from '../../src/actions/trips.ts';
import { undo } from '../../src/actions/undo.ts';
import { EVER } from '../../src/domain/periods.ts';
import { Problem } from '../../src/domain/problem.ts';
import { actionsFor } from '../../src/domain/reviews.ts';
import type { TripEdit } from '../../src/domain/trip-edits.ts';
import type { Kind, UserStore } from '../../src/seams/store.ts';
import { all, tripsOf } from '../support/book.ts';
import { asItHappens, DAY_START, dayOf, HOUR, send } from '../support/drives.ts';
import { logbookOf } from '../support/logbook.ts';
import type { Runs } from '../support/runs.ts';
import type { Scene, Stage } from '../support/stage.ts';

const BY = { kind: 'open' } as const;

const tripEdit: fc.Arbitrary<TripEdit> = fc.oneof(
  fc.constantFrom<TripEdit>(
    { purpose: 'visit' },
    { type: 'P' },
    { type: 'M' },
    { timeZone: 'Asia/Tokyo' },
    { from: null },
  ),
  fc.integer({ min: 0, max: 90_000 }).map((distanceMetres): TripEdit => ({ distanceMetres })),
  fc.integer({ min: 1, max: 40 }).map((hours): TripEdit => {
    const startedAt = DAY_START - 20 * HOUR + hours * HOUR;
    return { startedAt, endedAt: startedAt + HOUR };
  }),
);

type Deed = (one: Scene, nth: number) => Promise<unknown>;

async function idOf({ deps, user }: Scene, kind: Kind, nth: number): Promise<string> {
  const rows = await deps.store.forUser(user).list(kind, { order: 'asc', limit: 200 });
  return rows[nth % Math.max(1, rows.length)]?.id ?? 'none';
}

/** Some entry of the review list, by one of the actions it offers. */
async function decide(one: Scene, nth: number): Promise<unknown> {
  const { items } = await listReview(storeOf(one), { limit: 50, after: null }, one.clock.now());
  const review = items[nth % Math.max(1, items.length)];
  if (!review) return null;
  const offered = actionsFor(review);
  const action = offered[nth % offered.length] ?? 'confirm';
  const more = {
    ...(action === 'rental' && { carId: await idOf(one, 'car', nth) }),
    ...(action === 'make_trip' && { edit: {} }),
  };
  const decision = { action, ...more } as Decision;
  return review.kind === 'unclassified'
    ? confirmClasses(one.deps, storeOf(one), decision, BY, false)
    : settleReview(one.deps, storeOf(one), review.id, decision, BY);
}

const DEEDS = {
  removeTrip: async (one, nth) => removeTrip(one.deps, storeOf(one), await idOf(one, 'trip', nth), BY, () => true),
  addLocation: (one, nth) => addLocation(one.deps, storeOf(one), { name: `l${nth}`, lat: 52, lng: nth }, BY),
  changeLocation: async (one, nth) =>
    changeLocation(one.deps, storeOf(one), await idOf(one, 'location', nth), { name: `m${nth}` }, BY, false),
  removeLocation: async (one, nth) => removeLocation(one.deps, storeOf(one), await idOf(one, 'location', nth), BY),
  addCar: (one, nth) => addCar(one.deps, storeOf(one), { name: `c${nth}`, deviceNames: [`d${nth}`] }, BY),
  changeCar: async (one, nth) =>
    changeCar(
      one.deps,
      storeOf(one),
      await idOf(one, 'car', nth),
      { deviceNames: [`d${nth + 1}`], archivedAt: null },
      BY,
    ),
  removeCar: async (one, nth) => removeCar(one.deps, storeOf(one), await idOf(one, 'car', nth), BY),
  connect: async (one, nth) =>
    connectCar(one.deps, storeOf(one), await idOf(one, 'car', nth), { provider: 'push' }, BY),
  disconnect: async (one, nth) => disconnectCar(one.deps, storeOf(one), await idOf(one, 'car', nth), BY),
  read: async (one, nth) => {
    const at = one.clock.now() - (nth % 3) * 5 * HOUR;
    const said = { odometerMetres: 1_000_000 + nth * 7_000, resolutionMetres: 1_000, position: null, note: null };
    const carId = await idOf(one, 'car', nth);
    return addReading(one.deps, storeOf(one), carId, { ...said, state: 'unknown', at: nth % 2 === 0 ? at : null }, BY);
  },
  readLongAgo: async (one, nth) => {
    const at = one.clock.now() - 100 * HOUR - nth;
    const said = { odometerMetres: nth * 7_000, resolutionMetres: 1, position: null, note: null, at } as const;
    return addReading(one.deps, storeOf(one), await idOf(one, 'car', nth), { ...said, state: 'unknown' }, BY);
  },
  removeReading: async (one, nth) =>
    deleteReading(one.deps, storeOf(one), await idOf(one, 'odometer_reading', nth), BY),
  settings: (one, nth) => changeSettings(one.deps, storeOf(one), { trackRetentionDays: 10 + nth }, BY),
  rates: (one, nth) =>
    replaceRates(one.deps, storeOf(one), { scheme: nth % 2 === 0 ? 'US' : 'GB', rates: [] }, BY, () => true),
  defaultCar: async (one, nth) =>
    changeSettings(one.deps, storeOf(one), { defaultCarId: await idOf(one, 'car', nth) }, BY),
  split: async (one, nth) => {
    const id = await idOf(one, 'trip', nth);
    const trip = await storeOf(one).get('trip', id);
    const at = trip ? trip.startedAt + Math.round(((trip.endedAt - trip.startedAt) * (nth + 1)) / 8) : 0;
    return cutTrip(one.deps, storeOf(one), id, { point: { at }, firstMetres: null }, BY, () => true);
  },
  merge: async (one, nth) => {
    const rows = await storeOf(one).list('trip', { order: 'asc', limit: 200 });
    const from = nth % Math.max(1, rows.length - 1);
    const ids = rows.slice(from, from + 2 + (nth % 2)).map(({ id }) => id);
    return joinTrips(one.deps, storeOf(one), { ids, dryRun: false }, BY);
  },
  enter: (one, nth) => {
    const startedAt = one.clock.now() - (nth + 2) * HOUR;
    const odometers = nth % 2 === 0 ? { startOdometerMetres: 1_000_000, endOdometerMetres: 1_030_000 } : {};
    const wish = { startedAt, endedAt: startedAt + HOUR, distanceMetres: 30_000, ...odometers };
    return createTrip(one.deps, storeOf(one), wish, BY);
  },
  bulk: async (one, nth) => {
    const type = (['B', 'P', 'M', undefined] as const)[nth % 4];
    const carId = nth % 3 === 0 ? await idOf(one, 'car', nth) : undefined;
    const filter = { period: EVER, carId: null, type: null, needsReview: nth % 2 === 0 ? true : null, text: null };
    const edit = { type, carId, purpose: `p${nth}`, businessShare: type === 'M' ? 0.3 : null };
    return changeInBulk(one.deps, storeOf(one), { filter }, edit, { by: BY, dryRun: false });
  },
  rules: async (one, nth) => {
    const ends = nth % 2 === 0 ? [{ locationId: await idOf(one, 'location', nth) }] : [];
    const when = nth % 3 === 0 ? { leastMetres: nth * 5_000 } : { ...(ends.length > 0 && { ends }) };
    const rule = { id: null, name: `r${nth}`, when, type: 'M', businessShare: 0.2, purpose: `rule ${nth}` } as const;
    return replaceRules(one.deps, storeOf(one), nth === 5 ? [] : [rule], BY, () => true);
  },
  applyRules: (one) => applyRules(one.deps, storeOf(one), { period: EVER, by: BY, dryRun: false }),
  fillGap: async (one, nth) => {
    const chains = await checkOdometers(one.deps, storeOf(one), null);
    const gaps = chains.flatMap(({ chain }) => chain.gaps);
    const filling = { wish: {}, confirm: true, by: BY, reason: null };
    return fillGap(one.deps, storeOf(one), gaps[nth % Math.max(1, gaps.length)]?.id ?? 'gap-none', filling);
  },
  decide: (one, nth) => decide(one, nth),
  decideOtherwise: (one, nth) => decide(one, nth + 7),
  cancel: (one) => one.wire.event(one.user, 'cancel', { place: null }),
} satisfies Record<string, Deed>;

const edit =
  (said: TripEdit): Deed =>
  async (one, nth) =>
    changeTrip(one.deps, storeOf(one), await idOf(one, 'trip', nth), said, BY, () => true);

function deedsOf(pool: readonly Deed[]) {
  const what = fc.oneof(
    { weight: 5, arbitrary: tripEdit.map((one) => edit(one)) },
    { weight: 12, arbitrary: fc.constantFrom(...pool) },
  );
  return fc.array(fc.record({ what, nth: fc.nat(5) }), { minLength: 1, maxLength: 14 });
}

/** What is folded again is seen with today's cars and rules, like what comes late: either these change, or that happens. */
const { addCar: added, changeCar: changed, removeCar: removed, rules, ...besides } = DEEDS;
const { read, cancel, decide: decided, decideOtherwise: otherwise, ...others } = besides;
const someDeeds = fc.oneof(
  deedsOf([added, changed, removed, rules, ...Object.values(others)]),
  deedsOf([read, cancel, decided, otherwise, ...Object.values(others)]),
);

function storeOf({ deps, user }: Scene) {
  return deps.store.forUser(user);
}

/** Done, or refused, which changes nothing. Answers the entry of the feed that tells of it. */
async function entryAfter(one: Scene, act: () => Promise<unknown>): Promise<string | null> {
  const known = new Set((await all(storeOf(one), 'activity')).map(({ id }) => id));
  one.clock.advance(61_000);
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  const made = (await all(storeOf(one), 'activity')).filter(({ id, by }) => !known.has(id) && by.kind !== 'rules');
  return made[0]?.id ?? null;
}

const BESIDES = new Set(['updatedAt']);
const LISTED = ['trip', 'month', 'location', 'rule', 'car', 'odometer_reading', 'secret'] as const;

async function stored(user: UserStore): Promise<Record<string, object | null>> {
  const documents: Record<string, object | null> = { user: await user.get('user', '') };
  for (const kind of LISTED) {
    for await (const { id, doc } of rowsOf(user, kind, { order: 'asc' })) documents[`${kind}/${id}`] = doc;
  }
  return documents;
}

/** All there is but the feed, when it was written and what was settled. */
async function everything(one: Scene) {
  const bare = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([name]) => !BESIDES.has(name)))
      : value;
  const documents: unknown = JSON.parse(JSON.stringify(await stored(storeOf(one)), bare));
  const { cars = {}, byHand = {} } = (await storeOf(one).get('memory', 'memory'))?.memory ?? {};
  // A deletion leaves what a car was last seen with; a fold does not.
  const memory = Object.values(cars).map(({ odometer, held }) => ({ odometer, held }));
  return { documents, memory, byHand, logbook: await logbookOf(one.deps.store, one.user) };
}

export function undoContract({ scene }: Stage, runs: Runs, timeout: number): void {
  test(
    'any sequence undone in reverse order leaves everything as it was, and done again as it became',
    { timeout },
    async () => {
      let undone = 0;
      await fc.assert(
        fc.asyncProperty(dayOf, someDeeds, async (day, deeds) => {
          await scene(async (one) => {
            await addCar(one.deps, storeOf(one), { name: 'Golf' }, BY);
            for (const { at, message } of asItHappens(day, 3)) {
              one.clock.set(Math.max(at, one.clock.now()));
              await send(one.wire, one.user, message);
            }
            const done: { readonly id: string; readonly before: unknown }[] = [];
            for (const { what, nth } of deeds) {
              const before = await everything(one);
              const id = await entryAfter(one, () => what(one, nth));
              if (id !== null) done.push({ id, before });
            }
            for (const { id, before } of done.toReversed()) {
              const after = await everything(one);
              one.clock.advance(61_000);
              const entry = await undo(one.deps, storeOf(one), id, BY);
              await tripsOf(storeOf(one));
              expect(await everything(one)).toEqual(before);
              const again = await undo(one.deps, storeOf(one), entry.id, BY);
              await tripsOf(storeOf(one));
              expect(await everything(one)).toEqual(after);
              await undo(one.deps, storeOf(one), again.id, BY);
              expect(await everything(one)).toEqual(before);
              undone += 1;
            }
          });
        }),
        runs,
      );
      expect(undone).toBeGreaterThan(runs.numRuns);
    },
  );
}
