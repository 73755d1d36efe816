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
  /** Counts a call before it is made. */
  count(provider: ProviderId): Promise<void>;
  /** It wants to be left alone, by all. */
  close(provider: ProviderId, failure: Failure): Promise<void>;
  /** Gives back what was counted and not called. */
  settle(): Promise<void>;
}

/** Calls are counted some at a time: the count is one document for all instances. */
const COUNTED_AT_ONCE = 20;
/** How long a service is left alone that did not say. */
const CLOSED_MS = 5 * 60_000;

export async function openMakers({ store, clock, providers }: Needs): Promise<Makers> {
  const states = new Map<ProviderId, ProviderState>();
  const reserved = new Map<ProviderId, number>();
  for (const { id, read } of Object.values(providers)) {
    if (read) states.set(id, (await store.system.get('provider', id)) ?? UNUSED);
  }
  const today = () => isoOf(clock.now()).slice(0, 'YYYY-MM-DD'.length);
  const update = async (id: ProviderId, change: (state: ProviderState) => ProviderState): Promise<void> => {
    const state = await store.system.update('provider', id, (known) => change(known ?? UNUSED));
    if (state) states.set(id, state);
  };
  return {
    of(id) {
      const state = states.get(id) ?? UNUSED;
      const { policy, read } = providers[id];
      const used = usedShare(counted(state, -(reserved.get(id) ?? 0), today()), policy, today());
      const { timeLimitMs } = policy;
      return { canAsk: read !== undefined, timeLimitMs, closedUntil: state.closedUntil, allowance: allowanceOf(used) };
    },
    async count(id) {
      if (!isBudgeted(providers[id].policy)) return;
      const left = reserved.get(id) ?? 0;
      reserved.set(id, left > 0 ? left - 1 : COUNTED_AT_ONCE - 1);
      if (left === 0) await update(id, (state) => counted(state, COUNTED_AT_ONCE, today()));
    },
    async close(id, { code, retryAt }) {
      const closedUntil = retryAt ?? clock.now() + CLOSED_MS;
      await update(id, (state) => ({ ...state, closedUntil: Math.max(state.closedUntil, closedUntil), reason: code }));
    },
    async settle() {
      for (const [id, left] of reserved) {
        if (left > 0) await update(id, (state) => counted(state, -left, today()));
      }
      reserved.clear();
    },
  };
}
