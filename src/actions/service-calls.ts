/** One call to a service all users share: in its turn, of all instances together, and not at all while it is left alone. */

import {
  afterServiceAnswer,
  afterServiceFailure,
  turnOf,
  type Looked,
  type ServiceFailure,
  type Turn,
} from '../domain/services.ts';
import { traceOf } from './car-call.ts';
import type { SharedDeps } from './deps.ts';

export type CallDeps = Pick<SharedDeps, 'store' | 'clock' | 'log' | 'services'>;

/** Which service: its kind, and its address as `id`. */
export interface Called {
  readonly kind: 'geocoder' | 'router';
  readonly id: string;
}

export type Answered<T> =
  | { readonly kind: 'answer'; readonly value: T }
  /** `until`: it is left alone by all until then; `null`: only this call failed. */
  | { readonly kind: 'failed'; readonly until: number | null }
  /** Nothing was asked. */
  | Exclude<Turn, { kind: 'turn' }>;

/** Waits for its turn, but not beyond `latest`. Throws only what the store throws. */
export async function callService<T>(
  deps: CallDeps,
  called: Called,
  latest: number,
  ask: (signal: AbortSignal) => Promise<Looked<T>>,
): Promise<Answered<T>> {
  const turn = await takeTurn(deps, called, latest);
  if (turn.kind !== 'turn') return turn;
  const waitMs = turn.at - deps.clock.now();
  if (waitMs > 0) await deps.services.wait(waitMs);
  const looked = await lookedBy(deps, called, ask);
  if (!looked.ok) return { kind: 'failed', until: await noteFailure(deps, called, looked.failure) };
  if (turn.pace.failures > 0) await deps.store.system.update('service', docId(called), afterServiceAnswer);
  return { kind: 'answer', value: looked.value };
}

function docId({ kind, id }: Called): string {
  return `${kind}-${id}`;
}

async function takeTurn({ store, clock }: CallDeps, called: Called, latest: number): Promise<Turn> {
  const now = clock.now();
  let turn: Turn = { kind: 'late', at: now };
  await store.system.update('service', docId(called), (pace) => {
    turn = turnOf(pace, now, latest);
    return turn.kind === 'turn' ? turn.pace : null;
  });
  return turn;
}

const LIMIT_MS = 15_000;

async function lookedBy<T>(
  { log }: CallDeps,
  { kind }: Called,
  ask: (signal: AbortSignal) => Promise<Looked<T>>,
): Promise<Looked<T>> {
  try {
    return await ask(AbortSignal.timeout(LIMIT_MS));
  } catch (error) {
    log.write('ERROR', `Asking the ${kind} broke`, { ...traceOf(error) });
    return { ok: false, failure: { code: 'transient', retryAt: null, message: 'broke our program' } };
  }
}

/** Answers until when it is left alone, `null`: it is asked on. */
async function noteFailure(
  { store, clock, log }: CallDeps,
  called: Called,
  failure: ServiceFailure,
): Promise<number | null> {
  const now = clock.now();
  const pace = await store.system.update('service', docId(called), (known) => afterServiceFailure(known, failure, now));
  const until = pace !== null && pace.closedUntil > now ? pace.closedUntil : null;
  const fields = { service: called.kind, code: failure.code, ...(until !== null && { left_alone_ms: until - now }) };
  log.write('WARNING', `The ${called.kind} ${failure.message}`, fields);
  return until;
}
