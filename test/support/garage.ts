/** Connected cars for stories: simulated ones, or makers that answer what a test tells them, and a note of every call. */

import { addCar } from '../../src/actions/cars.ts';
import { connectCar } from '../../src/actions/connections.ts';
import type { Deps } from '../../src/actions/deps.ts';
import type { Failure, SimulatorSettings } from '../../src/domain/connections.ts';
import type { DrivingState } from '../../src/domain/events.ts';
import type { Position } from '../../src/domain/geo.ts';
import type { PollPolicy } from '../../src/domain/poll-policy.ts';
import { providers } from '../../src/providers.ts';
import type { Ask, ProviderAnswer, Providers } from '../../src/seams/car-provider.ts';
import { HOME } from './places.ts';

const BY = { kind: 'open' } as const;

/** A car that only stands at home. Its odometer tells it from other cars in the notes of calls. */
export const STANDING: SimulatorSettings = {
  provider: 'simulator',
  odometerMetres: 50_000_000,
  parkedAt: HOME,
  drives: [],
  resolutionMetres: 1_000,
  lagMs: 0,
  sleepsAfterMs: null,
  fault: 'none',
  faultShare: 0,
  observes: true,
  answersAfterMs: 0,
};

export async function simulatedCar(
  deps: Deps,
  email: string,
  settings: Partial<SimulatorSettings> = {},
): Promise<string> {
  const user = deps.store.forUser(email);
  const { id } = await addCar(deps, user, { name: 'Car' }, BY);
  await connectCar(deps, user, id, { ...STANDING, ...settings }, BY);
  return id;
}

export interface Call {
  readonly at: number;
  /** The odometer the car was connected with: its name. */
  readonly car: number;
}

export type Answering = (ask: Ask, call: number) => ProviderAnswer | Promise<ProviderAnswer>;

/** The simulator as an installation has it, with another policy or other answers where given; every call is noted. */
export function notedProviders(
  calls: Call[],
  { policy = {}, answer }: { readonly policy?: Partial<PollPolicy>; readonly answer?: Answering } = {},
): Providers {
  const { simulator } = providers;
  const read = async (ask: Ask): Promise<ProviderAnswer> => {
    if (ask.settings.provider !== 'simulator') throw new Error('this car is not simulated');
    calls.push({ at: ask.now, car: ask.settings.odometerMetres });
    if (answer) return answer(ask, calls.length);
    return simulator.read ? simulator.read(ask) : fails('configuration');
  };
  return { ...providers, simulator: { ...simulator, policy: { ...simulator.policy, ...policy }, read } };
}

export function fails(code: Failure['code'], more: Partial<Failure> = {}): ProviderAnswer {
  return { ok: false, failure: { code, scope: 'vehicle', retryAt: null, message: 'as the test wants it', ...more } };
}

export function says(km: number, state: DrivingState, at: number, position: Position | null = null): ProviderAnswer {
  const observedAt = at;
  return {
    ok: true,
    raw: {
      odometer: { value: km, unit: 'km', observedAt },
      position: position && { ...position, observedAt },
      state: { value: state, observedAt },
    },
  };
}
