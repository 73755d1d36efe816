/**
 * One round of the clock: everything that is due, whoever asks for it. Users are served side by side, longest due first;
 * a round that runs out of time leaves the rest to the next. One user's failure is logged and harms nobody else.
 */

import { hash } from 'node:crypto';
import { askCar } from './ask.ts';
import type { Deps } from './deps.ts';
import { serveUser } from './due.ts';
import { openMakers, type Makers } from './makers.ts';
import { lookUpAll } from './lookups.ts';
import { forgetEnded } from './passes.ts';
import { canLookUp, wishAnew } from './wishes.ts';
import { thinTracks } from './thin-tracks.ts';

/** From here on nobody new is served: who is being served has his time limit left before the next round begins. */
const ROUND_MS = 40_000;
/** What trips lack is looked up in what is left of so long. */
const LOOK_UP_MS = 25_000;
export const USERS_AT_ONCE = 250;
const MOST_DUE = 1_000;
const MOST_SWEPT = 1_000;

export interface Round {
  readonly due: number;
  /** Cars asked. */
  readonly polled: number;
  readonly finished: number;
  /** Users that could not be served, and cars that did not answer. */
  readonly failed: number;
  readonly remaining: number;
}

export const NO_ROUND: Round = { due: 0, polled: 0, finished: 0, failed: 0, remaining: 0 };

/** Which part of the drivers a round serves: `shard` of `shards`, counted from 0. */
export interface Share {
  readonly shard: number;
  readonly shards: number;
}

export interface RoundOptions {
  readonly share?: Share;
  /** Also looks after everybody who is not due, reads every connected car, and clears away what is over. */
  readonly daily?: boolean;
}

const EVERYBODY: Share = { shard: 0, shards: 1 };

export async function pollAll(deps: Deps, { share = EVERYBODY, daily = false }: RoundOptions = {}): Promise<Round> {
  const begun = deps.clock.now();
  const until = begun + ROUND_MS;
  const total: Counts = { ...NO_ROUND };
  // A round nobody is due in, most of them, costs the one query and nothing else.
  let makers: Makers | null = null;
  const served: string[] = [];
  for await (const emails of daily ? everybody(deps) : whoIsDue(deps)) {
    const ours = emails.filter((email) => isIn(share, email));
    if (ours.length === 0) continue;
    makers ??= await openMakers(deps);
    add(total, await serveAll({ deps, makers, until, daily }, ours));
    served.push(...ours);
    if (total.remaining > 0) break;
  }
  await makers?.settle();
  if (canLookUp(deps.services)) await lookUpAll(deps, served, begun + LOOK_UP_MS);
  if (daily) await deps.store.system.sweep(deps.clock.now(), MOST_SWEPT);
  return total;
}

/** One query; more only when there are more than it answers. Who could not be served stays due and is not met again. */
async function* whoIsDue({ store, clock }: Deps): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  for (;;) {
    const most = seen.size + MOST_DUE;
    const due = (await store.due(clock.now(), most)).map(({ email }) => email);
    const fresh = due.filter((email) => !seen.has(email));
    yield fresh;
    for (const email of fresh) seen.add(email);
    if (due.length < most || fresh.length === 0) return;
  }
}

async function* everybody({ store }: Deps): AsyncGenerator<readonly string[]> {
  let after = '';
  for (;;) {
    const page = await store.users(MOST_DUE, after);
    yield page;
    after = page.at(-1) ?? '';
    if (page.length < MOST_DUE) return;
  }
}

/** The same driver is in the same shard for ever. */
function isIn({ shard, shards }: Share, email: string): boolean {
  return shards === 1 || hash('sha256', email, 'buffer').readUInt32BE(0) % shards === shard;
}

type Counts = { -readonly [F in keyof Round]: Round[F] };

function add(total: Counts, part: Round): void {
  total.due += part.due;
  total.polled += part.polled;
  total.finished += part.finished;
  total.failed += part.failed;
  total.remaining += part.remaining;
}

interface Shift {
  readonly deps: Deps;
  readonly makers: Makers;
  readonly until: number;
  /** Reads every car, and clears away what is over. */
  readonly daily: boolean;
}

async function serveAll(shift: Shift, emails: readonly string[]): Promise<Round> {
  const total: Counts = { ...NO_ROUND };
  const queue = emails.values();
  const worker = async (): Promise<void> => {
    for (const email of queue) {
      if (shift.deps.clock.now() >= shift.until) {
        total.remaining += 1;
        continue;
      }
      total.due += 1;
      add(total, await serve(shift, email));
    }
  };
  await Promise.all(Array.from({ length: Math.min(USERS_AT_ONCE, emails.length) }, worker));
  return total;
}

/** What there is time for a few times a day. */
async function lookAfter(deps: Deps, email: string): Promise<void> {
  const now = deps.clock.now();
  await forgetEnded(deps.store, email, now);
  await wishAnew(deps.services, deps.store.forUser(email), now);
}

/** One user to the end: the clock, then all his cars that are to be asked, at once. */
async function serve({ deps, makers, daily }: Shift, email: string): Promise<Round> {
  const total: Counts = { ...NO_ROUND };
  const store = deps.store.forUser(email);
  try {
    const { finished, errands } = await serveUser(deps, store, makers, deps.clock.now(), daily);
    total.finished += Number(finished);
    for (const outcome of await Promise.allSettled(errands.map((errand) => askCar(deps, store, errand, makers)))) {
      if (outcome.status === 'rejected') throw outcome.reason;
      total.polled += Number(outcome.value.asked);
      total.finished += outcome.value.finished;
      total.failed += Number(outcome.value.failed);
    }
    if (daily) await lookAfter(deps, email);
    if (daily) await thinTracks(store, deps.clock.now());
  } catch (error) {
    total.failed += 1;
    deps.log.write('ERROR', 'a user could not be served when due', { error });
  }
  return total;
}
