/** What all cars of one maker share: whether it may be asked at all, and how much of its budget is left. Pure. */

import type { FailureCode } from './connections.ts';
import type { PollPolicy } from './poll-policy.ts';

/** Stored under `system/`. */
export interface ProviderState {
  /** Nobody's car is asked before. */
  readonly closedUntil: number;
  readonly reason: FailureCode | null;
  /** Calls of the current day and month in UTC: `YYYY-MM-DD`, `YYYY-MM`. */
  readonly day: Calls;
  readonly month: Calls;
}

export interface Calls {
  readonly name: string;
  readonly count: number;
}

export const UNUSED: ProviderState = {
  closedUntil: 0,
  reason: null,
  day: { name: '', count: 0 },
  month: { name: '', count: 0 },
};

/** `day`: the current one in UTC, `YYYY-MM-DD`. Counting back (`calls` below 0) gives calls back that were not made. */
export function counted(state: ProviderState, calls: number, day: string): ProviderState {
  return { ...state, day: plus(state.day, day, calls), month: plus(state.month, monthOf(day), calls) };
}

function plus(known: Calls, name: string, calls: number): Calls {
  return { name, count: Math.max(0, (known.name === name ? known.count : 0) + calls) };
}

function monthOf(day: string): string {
  return day.slice(0, 'YYYY-MM'.length);
}

/** How much of the tighter budget is used, 0 … 1 and beyond. */
export function usedShare({ day, month }: ProviderState, policy: PollPolicy, today: string): number {
  return Math.max(share(day, today, policy.callsPerDay), share(month, monthOf(today), policy.callsPerMonth));
}

function share(used: Calls, name: string, budget: number | null): number {
  return budget === null || used.name !== name ? 0 : used.count / budget;
}

const SPARING = 0.8;
const ONLY_WHAT_MATTERS = 0.95;

/** What the budget still allows: everything, less often, only starts and ends, nothing. */
export type Allowance = 'all' | 'half' | 'marks' | 'none';

export function allowanceOf(used: number): Allowance {
  if (used >= 1) return 'none';
  if (used >= ONLY_WHAT_MATTERS) return 'marks';
  return used >= SPARING ? 'half' : 'all';
}

export function isBudgeted({ callsPerDay, callsPerMonth }: PollPolicy): boolean {
  return callsPerDay !== null || callsPerMonth !== null;
}
