/** What a car's answer, or its silence, changes: the trip, the book, and when the car is asked again. One transaction. */

import { hash } from 'node:crypto';
import type { CarAnswer, ReadAnswer } from '../domain/car-answers.ts';
import { WANTS_THE_USER, type Failure } from '../domain/connections.ts';
import { wantedCars } from '../domain/machine/wanted.ts';
import { afterAnswer, afterFailure } from '../domain/poll-policy.ts';
import { NO_POLLS, pollOf, withPolls, type CarPoll, type Polls } from '../domain/polls.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { MOST_CARS } from './cars.ts';
import type { Deps } from './deps.ts';
import { putPolls, type Errand } from './errands.ts';
import { contextOf, load, readTogether } from './machine-docs.ts';
import { tellAnswer } from './readings.ts';

type Needs = Pick<Deps, 'clock' | 'ids' | 'providers' | 'services'>;

/** Answers how many trips were finished. Nothing is noted when the lease is no longer ours, or the user is gone. */
export async function noteOutcome(
  deps: Needs,
  store: UserStore,
  errand: Errand,
  outcome: ReadAnswer,
  stretch: number,
): Promise<number> {
  const { carId } = errand;
  const now = deps.clock.now();
  const ids = outcome.ok ? outcome.readings.map(() => deps.ids.next('odo')) : [];
  return store.transact(function* (tx) {
    yield* readTogether(tx, 'user', 'active', 'memory', 'polls');
    const stored = yield* tx.get('polls', 'polls');
    const polls = stored ?? NO_POLLS;
    const poll = pollOf(polls, carId);
    const user = yield* tx.get('user', '');
    if (poll.lease?.id !== errand.leaseId || user === null) return 0;
    const finished = outcome.ok ? yield* tell(deps, tx, user, errand, outcome.readings, ids, now) : 0;
    const next = pollAfter(deps, errand, poll, outcome, now, stretch);
    const owner = outcome.ok ? user : yield* withoutHelp(tx, user, carId, outcome.failure, now);
    const { machine } = yield* load(tx);
    const changes = {
      ...(outcome.ok ? {} : yield* ofAccount(tx, errand, next, outcome.failure, polls)),
      [carId]: next,
    };
    putPolls(tx, stored, withPolls(polls, changes, wantedCars(machine, contextOf(owner))));
    return finished;
  });
}

function* tell(
  deps: Needs,
  tx: Tx,
  user: User,
  { carId, connection }: Errand,
  readings: readonly CarAnswer[],
  ids: readonly string[],
  receivedAt: number,
): Work<number> {
  const open = (yield* tx.get('active', 'trip_start'))?.now.trip.id;
  const drives = readings.some(({ state }) => state === 'driving');
  let finished = 0;
  for (const [i, reading] of readings.entries()) {
    const said = { ...reading, source: connection.provider, note: null };
    const happened = yield* tellAnswer(deps, tx, user, { id: ids[i] ?? '', carId, said, drives, receivedAt });
    if (open !== undefined && happened?.trips.has(open)) finished += 1;
  }
  return finished;
}

function pollAfter(
  { providers }: Needs,
  { connection, wanted, leaseId }: Errand,
  before: CarPoll,
  outcome: ReadAnswer,
  now: number,
  stretch: number,
): CarPoll {
  const { policy } = providers[connection.provider];
  const asking = { pace: wanted.pace, stretch, chance: chanceOf(leaseId) };
  const asked = { ...before, mark: wanted.mark, lease: null };
  if (!outcome.ok) {
    const failures = before.failures + 1;
    return {
      ...asked,
      ...afterFailure(policy, asking, outcome.failure, failures, now),
      failures,
      error: outcome.failure.code,
    };
  }
  const state = outcome.readings.findLast((reading) => reading.state !== 'unknown')?.state ?? 'unknown';
  return { ...asked, ...afterAnswer(policy, asking, state, now), lastReadAt: now, failures: 0, error: null };
}

/** The other cars of an account that has had enough are left alone as long. */
function* ofAccount(
  tx: Tx,
  { carId, connection }: Errand,
  { backOffUntil }: CarPoll,
  { scope, code }: Failure,
  polls: Polls,
): Work<Record<string, CarPoll>> {
  const { secretId } = connection;
  if (scope !== 'account' || secretId === null) return {};
  const shared: Record<string, CarPoll> = {};
  for (const { doc } of yield* tx.list('car', { order: 'asc', limit: MOST_CARS })) {
    if (doc.id === carId || doc.connection?.secretId !== secretId) continue;
    const poll = pollOf(polls, doc.id);
    shared[doc.id] = { ...poll, backOffUntil: Math.max(poll.backOffUntil, backOffUntil), error: code };
  }
  return shared;
}

/** A car only the user can bring back is no longer waited for. */
function* withoutHelp(tx: Tx, user: User, carId: string, { code }: Failure, now: number): Work<User> {
  if (!WANTS_THE_USER.has(code)) return user;
  const cars = user.cars.map((car) => (car.id === carId ? { ...car, pollIntervalMs: null } : car));
  const changed = { ...user, cars, updatedAt: now };
  tx.put('user', '', changed);
  return changed;
}

/** 0 … 1, the same for the same lease. */
function chanceOf(leaseId: string): number {
  return hash('sha256', leaseId, 'buffer').readUInt32BE(0) / 2 ** 32;
}
