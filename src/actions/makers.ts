/** The makers' services during one round: which may be asked, how much of their budgets is left, which has had enough. */

import type { Failure, ProviderId } from '../domain/connections.ts';
import { isoOf } from '../domain/units.ts';
import {
  allowanceOf,
  counted,
  isBudgeted,
  UNUSED,
  usedShare,
  type Allowance,
  type ProviderState,
} from '../domain/providers.ts';
import type { SharedDeps } from './deps.ts';

type Needs = Pick<SharedDeps, 'store' | 'clock' | 'providers'>;

export interface Maker {
  readonly canAsk: boolean;
  readonly timeLimitMs: number;
  /** Nobody's car of it is asked before. */
  readonly closedUntil: number;
  readonly allowance: Allowance;
}

export interface Makers {
  of(provider: ProviderId): Maker;
  /** Counts a call before it is made. `false`: the budget does not allow it (any more), and it is not to be made. */
  count(provider: ProviderId): Promise<boolean>;
  /** It wants to be left alone, by all. */
  close(provider: ProviderId, failure: Failure): Promise<void>;
  /** Gives back what was counted and not called. */
  settle(): Promise<void>;
}

/** Calls are counted some at a time: the count is one document for all instances. */
const COUNTED_AT_ONCE = 20;

/** Calls counted together. */
interface Batch {
  /** The count with all of them in it. */
  readonly counted: Promise<ProviderState>;
  /** Not called yet. */
  left: number;
}

/** How long a service is left alone that did not say. */
const CLOSED_MS = 5 * 60_000;

export async function openMakers({ store, clock, providers }: Needs): Promise<Makers> {
  const states = new Map<ProviderId, ProviderState>();
  const batches = new Map<ProviderId, Batch>();
  const refused = new Map<ProviderId, number>();
  for (const { id, read } of Object.values(providers)) {
    if (read) states.set(id, (await store.system.get('provider', id)) ?? UNUSED);
  }
  const today = () => isoOf(clock.now()).slice(0, 'YYYY-MM-DD'.length);
  const update = async (id: ProviderId, change: (state: ProviderState) => ProviderState) => {
    const state = (await store.system.update('provider', id, (known) => change(known ?? UNUSED))) ?? UNUSED;
    states.set(id, state);
    return state;
  };
  const batchOf = (id: ProviderId): Batch => {
    const begun = batches.get(id);
    if (begun && begun.left > 0) return begun;
    const batch = { counted: update(id, (state) => counted(state, COUNTED_AT_ONCE, today())), left: COUNTED_AT_ONCE };
    batches.set(id, batch);
    batch.counted.catch(() => batches.delete(id));
    return batch;
  };
  const usedBut = (id: ProviderId, state: ProviderState, left: number) =>
    usedShare(counted(state, -left, today()), providers[id].policy, today());
  return {
    of(id) {
      const state = states.get(id) ?? UNUSED;
      const { policy, read } = providers[id];
      const used = usedBut(id, state, batches.get(id)?.left ?? 0);
      const { timeLimitMs } = policy;
      return { canAsk: read !== undefined, timeLimitMs, closedUntil: state.closedUntil, allowance: allowanceOf(used) };
    },
    async count(id) {
      if (!isBudgeted(providers[id].policy)) return true;
      const batch = batchOf(id);
      const left = (batch.left -= 1);
      const isAllowed = usedBut(id, await batch.counted, left) <= 1;
      if (!isAllowed) refused.set(id, (refused.get(id) ?? 0) + 1);
      return isAllowed;
    },
    async close(id, { code, retryAt }) {
      const closedUntil = retryAt ?? clock.now() + CLOSED_MS;
      await update(id, (state) => ({ ...state, closedUntil: Math.max(state.closedUntil, closedUntil), reason: code }));
    },
    async settle() {
      for (const [id, { left }] of batches) {
        const uncalled = left + (refused.get(id) ?? 0);
        if (uncalled > 0) await update(id, (state) => counted(state, -uncalled, today()));
      }
      batches.clear();
      refused.clear();
    },
  };
}
