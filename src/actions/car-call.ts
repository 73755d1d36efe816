/** One call to a car: within its provider's time limit, and with nothing of what the user gave in the log. */

import { readingsOf, type CarAnswer } from '../domain/car-answers.ts';
import type { ConnectionSettings, Failure } from '../domain/connections.ts';
import type { Ask, CarProvider, ProviderAnswer } from '../seams/car-provider.ts';
import type { Deps } from './deps.ts';

export type CallOutcome =
  | { readonly ok: true; readonly readings: readonly CarAnswer[]; readonly renewed: ConnectionSettings | null }
  | { readonly ok: false; readonly failure: Failure }
  /** A bug of ours, logged. */
  | { readonly ok: false; readonly failure: null };

type Read = NonNullable<CarProvider['read']>;

/** `read` is the provider's own. Never throws. */
export async function callCar(
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
  { id, policy, resolutionMetres, sentinels }: CarProvider,
  read: Read,
  asked: Pick<Ask, 'settings' | 'vehicleId'>,
): Promise<CallOutcome> {
  try {
    const answer = await inTime(policy.timeLimitMs, (signal) => read({ ...asked, now: clock.now(), signal }));
    if (!answer.ok) return answer;
    const about = { fetchedAt: clock.now(), resolutionMetres, sentinels, stateMaxAgeMs: policy.stateMaxAgeMs };
    const understood = readingsOf(answer.raw, about);
    return understood.ok ? { ...understood, renewed: answer.renewed ?? null } : understood;
  } catch (error) {
    log.write('ERROR', 'A provider of cars broke', { provider: id, ...traceOf(error) });
    return { ok: false, failure: null };
  }
}

/** Also when the provider does not mind the signal. */
async function inTime(
  limitMs: number,
  read: (signal: AbortSignal) => Promise<ProviderAnswer>,
): Promise<ProviderAnswer> {
  const late = new AbortController();
  const outOfTime = Promise.withResolvers<ProviderAnswer>();
  const timer = setTimeout(() => {
    outOfTime.resolve({ ok: false, failure: TOO_SLOW });
    late.abort();
  }, limitMs);
  try {
    return await Promise.race([outOfTime.promise, read(late.signal)]);
  } finally {
    clearTimeout(timer);
  }
}

const TOO_SLOW: Failure = {
  code: 'transient',
  scope: 'vehicle',
  retryAt: null,
  message: 'The car did not answer in time.',
};

/** Where it broke, without the message: that may quote an address or a key of the user. */
export function traceOf(error: unknown): { readonly failure: string; readonly at: readonly string[] } {
  if (!(error instanceof Error)) return { failure: typeof error, at: [] };
  const lines = (error.stack ?? '').replace(error.message, '').split('\n');
  return { failure: error.name, at: lines.map((line) => line.trim()).filter((line) => line.startsWith('at ')) };
}
