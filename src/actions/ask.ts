/** Asking one car: the call, outside of any transaction and within its time limit. */

import { readingsOf, type ReadAnswer } from '../domain/car-answers.ts';
import type { ConnectionSettings, Failure } from '../domain/connections.ts';
import type { CarProvider, ProviderAnswer } from '../seams/car-provider.ts';
import type { UserStore } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import type { Errand } from './errands.ts';
import type { Makers } from './makers.ts';
import { noteOutcome } from './outcomes.ts';

type Needs = Pick<Deps, 'clock' | 'ids' | 'log' | 'providers' | 'vault'>;

export interface Asked {
  readonly failed: boolean;
  /** Trips its answer finished. */
  readonly finished: number;
}

/** Never throws for what the car, its maker or the connection does; the outcome is kept and comes back as `failed`. */
export async function askCar(deps: Needs, store: UserStore, errand: Errand, makers: Makers): Promise<Asked> {
  const provider = deps.providers[errand.provider];
  await makers.count(errand.provider);
  const answer = await answerOf(deps, provider, store.email, errand);
  const outcome = understood(answer, provider, deps.clock.now());
  if (!outcome.ok && (outcome.failure.scope === 'application' || outcome.failure.scope === 'provider')) {
    await makers.close(errand.provider, outcome.failure);
  }
  const stretch = makers.of(errand.provider).allowance === 'all' ? 1 : 2;
  if (answer.ok && answer.renewed) await keepRenewed(deps, store, errand, answer.renewed);
  return { failed: !outcome.ok, finished: await noteOutcome(deps, store, errand, outcome, stretch) };
}

function understood(answer: ProviderAnswer, provider: CarProvider, fetchedAt: number): ReadAnswer {
  if (!answer.ok) return answer;
  const { resolutionMetres, sentinels, policy } = provider;
  return readingsOf(answer.raw, { fetchedAt, resolutionMetres, sentinels, stateMaxAgeMs: policy.stateMaxAgeMs });
}

/** Within the provider's time limit, whatever the provider does. */
async function answerOf(
  deps: Needs,
  provider: CarProvider,
  email: string,
  { carId, vehicleId, secretId, sealed }: Errand,
): Promise<ProviderAnswer> {
  const { read, policy } = provider;
  if (!read) return failed('configuration', 'This provider cannot be asked.');
  try {
    const text = sealed && deps.vault.open(sealed, `${email}/${secretId}`);
    const settings = (text === null ? { provider: provider.id } : JSON.parse(text)) as ConnectionSettings;
    const signal = AbortSignal.timeout(policy.timeLimitMs);
    return await Promise.race([read({ settings, vehicleId, now: deps.clock.now(), signal }), outOfTime(signal)]);
  } catch (error) {
    deps.log.write('ERROR', 'a car could not be asked', { provider: provider.id, car: carId, error });
    return failed('configuration', 'Asking the car failed within this service.');
  }
}

function outOfTime(signal: AbortSignal): Promise<ProviderAnswer> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(failed('transient', 'It did not answer in time.')), { once: true });
  });
}

function failed(code: Failure['code'], message: string): ProviderAnswer {
  return { ok: false, failure: { code, scope: 'vehicle', retryAt: null, message } };
}

/** Renewed tokens take the place of those asked with, unless the user connected the car anew meanwhile. */
async function keepRenewed(
  { clock, vault }: Needs,
  store: UserStore,
  { secretId, sealed }: Errand,
  renewed: ConnectionSettings,
): Promise<void> {
  if (secretId === null || sealed === null) return;
  const updatedAt = clock.now();
  const secret = { sealed: vault.seal(JSON.stringify(renewed), `${store.email}/${secretId}`), updatedAt };
  await store.transact(function* (tx) {
    const known = yield* tx.get('secret', secretId);
    if (known?.sealed.text === sealed.text) tx.put('secret', secretId, secret);
  });
}
