/** The car of the demo that is simulated: connected, looked at and changed through the actions of the API. */

import { findCar, listCars, type ConnectedCar } from '../../../src/actions/cars.ts';
import { settingsOf } from '../../../src/actions/connection-docs.ts';
import { connectCar } from '../../../src/actions/connections.ts';
import type { Deps } from '../../../src/actions/deps.ts';
import { isAsleep, truthAt, type Truth } from '../../../src/adapters/simulator/car.ts';
import { simulatorProvider } from '../../../src/adapters/simulator/provider.ts';
import { readingsOf, type ReadAnswer } from '../../../src/domain/car-answers.ts';
import type { SimulatorSettings } from '../../../src/domain/connections.ts';
import type { UserStore } from '../../../src/seams/store.ts';
import { BY_DEMO } from '../household.ts';
import { newCar, type Edit } from './edits.ts';
import type { InTurn } from './turns.ts';

/** Whoever looks does not wait for a car that is silent. */
const PATIENCE_MS = 250;
const ALL = { limit: 200, after: null };

export interface Look {
  readonly car: ConnectedCar;
  readonly settings: SimulatorSettings;
  readonly truth: Truth;
  readonly sleeps: boolean;
  /** What it would answer now. */
  readonly answer: ReadAnswer;
}

/** `null` and `false`: none of the cars is simulated, somebody has connected it to something else. */
export interface SimulatedCar {
  look(): Promise<Look | null>;
  change(edit: Edit): Promise<boolean>;
}

export function simulatedCar(deps: Deps, user: UserStore, inTurn: InTurn): SimulatedCar {
  return {
    async look() {
      const found = await find(deps, user);
      if (found === null) return null;
      const now = deps.clock.now();
      const truth = truthAt(found.settings, now);
      return { ...found, truth, sleeps: isAsleep(found.settings, truth, now), answer: await ask(found.settings, now) };
    },
    change: (edit) =>
      inTurn(async () => {
        const found = await find(deps, user);
        if (found === null) return false;
        await connectCar(deps, user, found.car.id, edit(found.settings, deps.clock.now()), BY_DEMO);
        return true;
      }),
  };
}

/** A new car on paper, with the odometer the logbook knows. */
export async function simulateCar(deps: Deps, user: UserStore, carId: string): Promise<void> {
  const [reading] = await user.list('odometer_reading', { order: 'desc', limit: 1, where: { carId } });
  const metres = reading?.doc.odometerMetres ?? (await findCar(user, carId)).startOdometerMetres;
  await connectCar(deps, user, carId, newCar(metres ?? 0), BY_DEMO);
}

async function find(deps: Deps, user: UserStore): Promise<Pick<Look, 'car' | 'settings'> | null> {
  const { items } = await listCars(user, false, ALL);
  const car = items.find(({ connection }) => connection?.provider === 'simulator');
  if (!car?.connection) return null;
  const settings = await settingsOf(deps.vault, user, car.connection);
  return settings.provider === 'simulator' ? { car, settings } : null;
}

async function ask(settings: SimulatorSettings, now: number): Promise<ReadAnswer> {
  const { read, policy, resolutionMetres, sentinels } = simulatorProvider;
  if (!read) throw new TypeError('the simulator cannot be asked');
  const atOnce = { ...settings, answersAfterMs: 0 };
  const answer = await read({ settings: atOnce, vehicleId: null, now, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) return answer;
  return readingsOf(answer.raw, { fetchedAt: now, resolutionMetres, sentinels, stateMaxAgeMs: policy.stateMaxAgeMs });
}
