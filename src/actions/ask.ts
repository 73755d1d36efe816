/** Asking one car for a round of the clock: the call, outside of any transaction, and then what came of it. */

import type { ReadAnswer } from '../domain/car-answers.ts';
import type { ConnectionSettings, Failure } from '../domain/connections.ts';
import type { UserStore } from '../seams/store.ts';
import { callCar } from './car-call.ts';
import { readableSettings, secretOf, secretOwner } from './connection-docs.ts';
import type { Deps } from './deps.ts';
import type { Errand } from './errands.ts';
import type { Makers } from './makers.ts';
import { noteOutcome } from './outcomes.ts';

type Needs = Pick<Deps, 'clock' | 'ids' | 'log' | 'providers' | 'services' | 'vault'>;

export interface Asked {
  readonly failed: boolean;
  /** `false`: the call was one too many for its maker's budget. */
  readonly asked: boolean;
  /** Trips its answer finished. */
  readonly finished: number;
}

/** Never throws for what the car, its maker or the connection does; the outcome is kept and comes back as `failed`. */
export async function askCar(deps: Needs, store: UserStore, errand: Errand, makers: Makers): Promise<Asked> {
  const { provider } = errand.connection;
  const asked = await makers.count(provider);
  const outcome = asked ? await outcomeOf(deps, store, errand) : USED_UP;
  if (!outcome.ok && (outcome.failure.scope === 'application' || outcome.failure.scope === 'provider')) {
    await makers.close(provider, outcome.failure);
  }
  const stretch = makers.of(provider).allowance === 'all' ? 1 : 2;
  return { failed: !outcome.ok, asked, finished: await noteOutcome(deps, store, errand, outcome, stretch) };
}

/** From the next round on the maker's cars are held back. */
const USED_UP: ReadAnswer = {
  ok: false,
  failure: {
    code: 'quota_exhausted',
    scope: 'vehicle',
    retryAt: null,
    message: 'All calls the maker allows this server are used up for now.',
  },
};

async function outcomeOf(deps: Needs, store: UserStore, errand: Errand): Promise<ReadAnswer> {
  const { connection } = errand;
  const provider = deps.providers[connection.provider];
  const settings = await readableSettings(deps, store, errand.carId, connection);
  if (settings === null || !provider.read) return { ok: false, failure: NOT_OURS_TO_ASK };
  const { vehicleId } = connection;
  const outcome = await callCar(deps, provider, provider.read, { settings, vehicleId });
  if (!outcome.ok) return { ok: false, failure: outcome.failure ?? NOT_OURS_TO_ASK };
  if (outcome.renewed) await keepRenewed(deps, store, errand, outcome.renewed);
  return outcome;
}

/** Something is wrong on our side: a key that is missing, a bug. It is in the log, and the car is tried again later. */
const NOT_OURS_TO_ASK: Failure = {
  code: 'configuration',
  scope: 'vehicle',
  retryAt: null,
  message: 'Asking the car failed within this service.',
};

/** Renewed tokens take the place of those asked with, unless the user connected the car anew meanwhile. */
async function keepRenewed(
  { clock, vault }: Needs,
  store: UserStore,
  { carId, connection }: Errand,
  renewed: ConnectionSettings,
): Promise<void> {
  const { secretId, connectedAt } = connection;
  const secret = secretId === null ? null : secretOf(vault, secretOwner(store.email, secretId), renewed, clock.now());
  if (secretId === null || secret === null) return;
  await store.transact(function* (tx) {
    const car = yield* tx.get('car', carId);
    if (car?.connection?.connectedAt === connectedAt) tx.put('secret', secretId, secret);
  });
}
