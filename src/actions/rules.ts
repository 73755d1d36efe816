/** A user's classification rules, in their order. What an event needs of them lies in the user's document as well. */

import type { Rule, RuleInOrder } from '../domain/classification.ts';
import type { User } from '../domain/users.ts';
import type { Tx } from '../seams/store.ts';

/** All of them may be asked for every trip. */
export const MOST_RULES = 100;

/** Replaces them all. */
export function saveRules(tx: Tx, owner: User, rules: readonly Rule[], now: number): User {
  const kept = new Set(rules.map(({ id }) => id));
  for (const { id } of owner.rules) if (!kept.has(id)) tx.remove('rule', id);
  for (const [position, rule] of rules.entries()) tx.put('rule', rule.id, { ...rule, position });
  const after = { ...owner, rules, updatedAt: now };
  tx.put('user', '', after);
  return after;
}

/** One that was written down elsewhere comes behind those before it. */
export function addRule(tx: Tx, owner: User, added: RuleInOrder, now: number): void {
  const { position: _, ...rule } = added;
  saveRules(tx, owner, [...owner.rules, rule], now);
}
