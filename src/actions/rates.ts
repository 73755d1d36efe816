/** By which rates a user's trips are reckoned: those of a country, or his own. They lie in the user's document. */

import type { Actor } from '../domain/activity.ts';
import { holds, type Period } from '../domain/periods.ts';
import { Problem } from '../domain/problem.ts';
import { hasTiers, NO_RATES, Reckoner, type Rates, type Reimbursement, type Tariff } from '../domain/rates.ts';
import type { OwnRate } from '../domain/rates/rate.ts';
import { schemeIn, taxYearFrom, type Scheme } from '../domain/rates/schemes.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import type { UserDeps } from './deps.ts';
import { rowsOf } from './pages.ts';
import { tripsIn } from './trips-in.ts';
import { ensureUser } from './users.ts';

/** All of them lie in the user's document. */
export const MOST_RATES = 50;

export interface KnownRates {
  readonly scheme: Scheme;
  /** `false`: it follows from the time zone, nobody chose it. */
  readonly isChosen: boolean;
  readonly rates: readonly OwnRate[];
}

export async function findRates(deps: Pick<UserDeps, 'newUser'>, user: UserStore): Promise<KnownRates> {
  const owner = await user.get('user', '');
  return known(owner?.rates ?? NO_RATES, (owner?.settings ?? deps.newUser).timeZone);
}

function known({ scheme, rates }: Rates, timeZone: string): KnownRates {
  return { scheme: scheme ?? schemeIn(timeZone), isChosen: scheme !== null, rates };
}

/** What the caller knows of the rates he wants to change: `false` when they have changed since. */
export type AreCurrent = (rates: KnownRates) => boolean;

export interface SaidRates extends Rates {
  readonly scheme: Scheme;
}

/** All of them at once. Throws `precondition_failed`, and `unprocessable` for cars that are not the user's. */
export async function replaceRates(
  deps: UserDeps,
  user: UserStore,
  said: SaidRates,
  by: Actor,
  areCurrent: AreCurrent,
): Promise<KnownRates> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    const before = owner.rates ?? NO_RATES;
    if (!areCurrent(known(before, owner.settings.timeZone))) {
      throw new Problem('precondition_failed', 'The rates have changed since you read them.');
    }
    yield* refuseOthers(tx, said.rates);
    if (JSON.stringify(before) !== JSON.stringify(said)) {
      saveRates(tx, owner, said, now);
      noteChange(tx, deps, { by, now }, 'rates', '', before, said);
    }
    return known(said, owner.settings.timeZone);
  });
}

/** None chosen and none of one's own is as if it had never been said. */
export function saveRates(tx: Tx, owner: User, rates: Rates, now: number): void {
  const { rates: _, ...others } = owner;
  const isNone = rates.scheme === null && rates.rates.length === 0;
  tx.put('user', '', { ...others, ...(!isNone && { rates }), updatedAt: now });
}

/** Archived cars and their trips are the user's all the same. */
function* refuseOthers(tx: Tx, rates: readonly OwnRate[]): Work<void> {
  const ids = new Set(rates.flatMap(({ carId }) => carId ?? []));
  const found = yield* tx.getMany([...ids].map((id) => ({ kind: 'car' as const, id })));
  const own = new Set(found.flatMap((car) => car?.id ?? []));
  const errors = rates.flatMap(({ carId }, i) => {
    if (carId === null || own.has(carId)) return [];
    return [{ field: `rates.${i}.car_id`, message: 'the id of one of your cars, or null' }];
  });
  if (errors.length > 0) throw new Problem('unprocessable', 'The rates name what is not yours.', errors);
}

/** What amounts of this user are reckoned with. */
export async function tariffOf(deps: Pick<UserDeps, 'newUser'>, user: UserStore): Promise<Tariff> {
  const { scheme, rates } = await findRates(deps, user);
  const companyCars = new Set<string>();
  for await (const { id, doc } of rowsOf(user, 'car', { order: 'asc' })) if (doc.companyCar) companyCars.add(id);
  return { scheme, rates, companyCars };
}

export interface RatedTrip {
  readonly trip: Trip;
  /** Local, of its start. */
  readonly date: string;
  readonly reimbursement: Reimbursement;
}

/** The trips of a period, oldest first. Where a rate has tiers, those earlier in its tax year are read as well. */
export async function* ratedTrips(user: UserStore, period: Period, tariff: Tariff): AsyncGenerator<RatedTrip> {
  const reckoner = new Reckoner(tariff);
  const from = period.from !== null && hasTiers(tariff) ? taxYearFrom(period.from, tariff.scheme) : period.from;
  const counted = { from, to: period.to };
  for await (const { trip, date } of tripsIn(user, counted)) {
    const reimbursement = reckoner.next({ ...trip, date });
    if (holds(period, date)) yield { trip, date, reimbursement };
  }
}
