/** One store for many stories: each is played to a user of its own, with its own clock, and forgotten afterwards. */

import { afterAll, beforeAll } from 'vitest';
import type { Deps } from '../../src/actions/deps.ts';
import { newUser } from '../../src/actions/users.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import type { CarFacts } from '../../src/domain/cars.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { providers } from '../../src/providers.ts';
import { NO_SERVICES } from '../../src/seams/services.ts';
import type { Store } from '../../src/seams/store.ts';
import { VirtualClock } from './clock.ts';
import { DAY_START } from './drives.ts';
import { KeptLog } from './log.ts';
import { logbookOf, type Logbook } from './logbook.ts';
import { openTempStore, type TempStore } from './store.ts';
import { testVault } from './vault.ts';
import { actionsWire, type Wire } from './wires.ts';

export interface Scene {
  readonly deps: Deps;
  readonly clock: VirtualClock;
  readonly wire: Wire;
  readonly user: string;
  readonly path: string;
  /** After the clock has spoken. */
  logbook(): Promise<Logbook>;
}

export interface Stage {
  scene<T>(play: (scene: Scene) => Promise<T>, props?: Props): Promise<T>;
}

interface Props {
  readonly cars?: readonly CarFacts[];
  /** Stands between the actions and the store. */
  readonly wrap?: (store: Store) => Store;
}

/** To be called once in a file, or in a block of it that has a store of its own. */
export function stage(open: () => TempStore = openTempStore): Stage {
  let temp: TempStore | null = null;
  let users = 0;
  beforeAll(() => {
    temp = open();
  });
  afterAll(() => temp?.remove());
  return {
    async scene(play, { cars = [], wrap = (store: Store) => store } = {}) {
      if (temp === null) throw new Error('the stage is not up yet');
      const { store, path } = temp;
      const user = `driver${(users += 1)}@example.nl`;
      const scene = sceneOf(wrap(store), path, user);
      if (cars.length > 0) await moveIn(store, user, scene.deps, cars);
      const result = await play(scene);
      await store.removeUser(user);
      return result;
    },
  };
}

export function sceneOf(store: Store, path: string, user: string, clock = new VirtualClock(DAY_START)): Scene {
  const newUser = defaultSettings('Europe/Amsterdam', 'en');
  const log = new KeptLog();
  const ids = systemIds(clock);
  const deps: Deps = {
    store,
    clock,
    ids,
    log,
    vault: testVault,
    providers,
    services: NO_SERVICES,
    newUser,
    unknownUsers: 'create',
  };
  const wire = actionsWire(deps);
  const logbook = async () => {
    await wire.tick();
    return logbookOf(store, user);
  };
  return { deps, clock, wire, user, path, logbook };
}

async function moveIn(store: Store, email: string, deps: Deps, cars: readonly CarFacts[]): Promise<void> {
  const now = deps.clock.now();
  await store.forUser(email).transact(function* (tx) {
    tx.put('user', '', { ...newUser(email, deps.newUser, now), cars });
  });
}
