/** Taking everything away and back again, on every store. */

import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { addLocation } from '../../src/actions/locations.ts';
import { joinTrips } from '../../src/actions/merge-trips.ts';
import { replaceRates } from '../../src/actions/rates.ts';
import { changeSettings } from '../../src/actions/settings.ts';
import { cutTrip } from '../../src/actions/split-trips.ts';
import { removeTrip } from '../../src/actions/trips.ts';
import { saveCar } from '../../src/actions/cars.ts';
import { ensureUser } from '../../src/actions/users.ts';
import type { Car } from '../../src/domain/cars.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { OwnRate } from '../../src/domain/rates/rate.ts';
import type { Store } from '../../src/seams/store.ts';
import { contentOf, exported, imported } from '../support/exports.ts';
import { HOME } from '../support/places.ts';
import { sceneOf, type Scene } from '../support/stage.ts';
import { happening, tell, type Happening } from '../support/stories.ts';

export interface Kept {
  readonly store: Store;
  readonly path: string;
  readonly remove: () => Promise<void>;
}

function carOf(id: string, name: string, at: number): Car {
  return {
    id,
    name: `Škoda “${name}”`,
    licensePlate: null,
    vin: null,
    make: null,
    model: null,
    availableFrom: '2026-01-01',
    availableTo: null,
    companyCar: true,
    deviceNames: [name],
    ignored: false,
    odometerUnit: 'km',
    startOdometerMetres: 123_456_789,
    connection: { provider: 'push', vehicleId: null, secretId: null, connectedAt: at },
    archivedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

const RATE: OwnRate = {
  validFrom: '2026-01-01',
  validTo: null,
  per: 'mi',
  milliCents: 45_000,
  currency: 'GBP',
  tiers: [{ over: 10_000, milliCents: 25_000 }],
  carId: 'car_a',
  name: 'Škoda £',
};

/** A logbook with something of everything. */
export async function fill(scene: Scene, story: readonly Happening[]): Promise<void> {
  const { deps, clock, user } = scene;
  const store = deps.store.forUser(user);
  await store.transact(function* (tx) {
    for (const [i, name] of ['a', 'b'].entries()) {
      const at = clock.now() + i;
      saveCar(tx, yield* ensureUser(deps, tx, user, at), carOf(`car_${name}`, name, at), null, at);
    }
  });
  await addLocation(deps, store, { name: 'Thuis 🏠 "x"', ...HOME }, { kind: 'open' });
  await changeSettings(deps, store, { defaultCarId: 'car_b', alarms: false }, { kind: 'open' });
  await replaceRates(deps, store, { scheme: 'own', rates: [RATE] }, { kind: 'open' }, () => true);
  for (const said of story) await tell(scene, said);
  await cutAndJoin(scene);
}

/** The oldest trip is cut in two, and what follows joined, where that can be: tracks that are not one trip's own. */
async function cutAndJoin({ deps, user }: Scene): Promise<void> {
  const store = deps.store.forUser(user);
  const [first, ...others] = (await store.list('trip', { order: 'asc', limit: 200 })).map(({ doc }) => doc);
  const at = first ? Math.round((first.startedAt + first.endedAt) / 2) : 0;
  const cut = { point: { at }, firstMetres: null };
  const by = { kind: 'open' } as const;
  const acts = [
    () => cutTrip(deps, store, first?.id ?? '', cut, by, () => true),
    () => joinTrips(deps, store, { ids: others.slice(0, 2).map(({ id }) => id), dryRun: false }, by),
    () => removeTrip(deps, store, first?.id ?? '', by, () => true),
  ];
  for (const act of acts) await act().catch(refused);
}

function refused(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
}

export function accountContract(open: () => Kept, runs: fc.Parameters<[Happening[]]>): void {
  const opened = () => {
    const kept = open();
    onTestFinished(kept.remove);
    return kept;
  };

  test('what is exported, imported by somebody else and exported again is the same', { timeout: 300_000 }, async () => {
    const { store, path } = opened();
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), async (story) => {
        n += 1;
        const scene = sceneOf(store, path, `anna${n}@example.nl`);
        await fill(scene, story);
        const taken = await exported(store, scene.user);
        const bob = `bob${n}@example.nl`;
        const report = await imported(scene.deps, bob, taken);
        expect(report.notTaken.filter(({ section }) => !['stats', 'car_polls', 'tokens'].includes(section))).toEqual(
          [],
        );
        expect(contentOf(await exported(store, bob))).toEqual(contentOf(taken));
        const before = await exported(store, bob);
        const again = await imported(scene.deps, bob, taken);
        expect(Object.values(again.sections).reduce((sum, { added }) => sum + added, 0)).toBe(0);
        expect(await exported(store, bob)).toBe(before);
        await store.removeUser(scene.user);
        await store.removeUser(bob);
      }),
      runs,
    );
  });
}
