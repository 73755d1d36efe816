/**
 * A user's classification rules, in their order: for trips to come, and applied to those there are only when asked for.
 * What an event needs of them lies in the user's document as well.
 */

import type { Actor } from '../domain/activity.ts';
import { ruled, type ClassificationContext, type Rule, type RuleInOrder } from '../domain/classification.ts';
import type { Period } from '../domain/periods.ts';
import { Problem, type FieldError } from '../domain/problem.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import { changeMany, type Done } from './acts.ts';
import type { UserDeps } from './deps.ts';
import { tripsIn } from './trips-in.ts';
import { ensureUser } from './users.ts';

/** All of them may be asked for every trip. */
export const MOST_RULES = 100;

/** A rule as a caller says it; one without an id is new. */
export type SaidRule = Omit<Rule, 'id'> & { readonly id: string | null };

export async function listRules(user: UserStore): Promise<readonly Rule[]> {
  return (await user.get('user', ''))?.rules ?? [];
}

/** What the caller knows of the rules he wants to change: `false` when they have changed since. */
export type AreCurrent = (rules: readonly Rule[]) => boolean;

/** All of them at once. Throws `precondition_failed`, and `unprocessable` for cars and locations that are not the user's. */
export async function replaceRules(
  deps: UserDeps,
  user: UserStore,
  said: readonly SaidRule[],
  by: Actor,
  areCurrent: AreCurrent,
): Promise<readonly Rule[]> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    if (!areCurrent(owner.rules)) {
      throw new Problem('precondition_failed', 'The rules have changed since you read them.');
    }
    yield* refuseOthers(tx, owner, said);
    const rules = named(deps, said, owner.rules);
    if (JSON.stringify(rules) === JSON.stringify(owner.rules)) return rules;
    saveRules(tx, owner, rules, now);
    noteChange(tx, deps, { by, now }, 'rules', '', { rules: owner.rules }, { rules });
    return rules;
  });
}

/** An id nobody has any more, or never had, is given anew: a trip must not seem classified by a rule that came later. */
function named({ ids }: UserDeps, said: readonly SaidRule[], known: readonly Rule[]): readonly Rule[] {
  const isKnown = (id: string | null) => known.some((rule) => rule.id === id);
  return said.map(({ id, ...rule }) => ({ id: id !== null && isKnown(id) ? id : ids.next('rul'), ...rule }));
}

/** Archived cars and their trips are the user's all the same. */
function* refuseOthers(tx: Tx, owner: User, rules: readonly SaidRule[]): Work<void> {
  const cars = rules.flatMap(({ when }) => when.carId ?? []);
  const found = yield* tx.getMany([...new Set(cars)].map((id) => ({ kind: 'car' as const, id })));
  const ownCars = new Set(found.flatMap((car) => car?.id ?? []));
  const ownLocations = new Set(owner.locations.map(({ id }) => id));
  const errors = rules.flatMap((rule, i) => strangersIn(rule, `rules.${i}.when`, ownCars, ownLocations));
  if (errors.length > 0) throw new Problem('unprocessable', 'The rules name what is not yours.', errors);
}

function strangersIn(
  { when }: SaidRule,
  field: string,
  cars: ReadonlySet<string>,
  locations: ReadonlySet<string>,
): FieldError[] {
  const isOwn = when.carId === undefined || cars.has(when.carId);
  const ends = (when.ends ?? []).flatMap((end, i): FieldError[] => {
    if (typeof end === 'string' || locations.has(end.locationId)) return [];
    return [{ field: `${field}.ends.${i}.location_id`, message: 'the id of one of your locations' }];
  });
  return isOwn ? ends : [{ field: `${field}.car_id`, message: 'the id of one of your cars' }, ...ends];
}

/** What rules make of the trips of a period. */
export interface Applied extends Done {
  /** How many trips each rule decides, changed or not, in the order of the rules; last those that none does. */
  readonly byRule: readonly { readonly rule: Rule | null; readonly trips: number }[];
}

export interface Applying {
  readonly period: Period;
  readonly by: Actor;
  readonly dryRun: boolean;
}

/** Throws what `replaceRules` would. `said`: rules to try out, `null`: those there are. Nothing is written. */
export async function previewRules(
  deps: UserDeps,
  user: UserStore,
  said: readonly SaidRule[] | null,
  applying: Omit<Applying, 'dryRun'>,
): Promise<Applied> {
  if (said === null) return applyRules(deps, user, { ...applying, dryRun: true });
  const rules = await user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, deps.clock.now());
    yield* refuseOthers(tx, owner, said);
    return named(deps, said, owner.rules);
  });
  return apply(deps, user, { ...applying, dryRun: true }, rules);
}

/** The rules of today, applied to trips there are. */
export function applyRules(deps: UserDeps, user: UserStore, applying: Applying): Promise<Applied> {
  return apply(deps, user, applying, null);
}

async function apply(
  deps: UserDeps,
  user: UserStore,
  { period, by, dryRun }: Applying,
  rules: readonly Rule[] | null,
): Promise<Applied> {
  const now = deps.clock.now();
  const owner = await user.transact((tx) => ensureUser(deps, tx, user.email, now));
  const context = contextOf(owner, rules);
  const decided = new Map<string, number>();
  let unchanged = 0;
  const candidates = async function* (): AsyncGenerator<string> {
    for await (const { trip } of tripsIn(user, period)) {
      const after = ruled(trip, context);
      if (after !== null) decided.set(after.classifiedBy, (decided.get(after.classifiedBy) ?? 0) + 1);
      if (after === null || JSON.stringify(after) === JSON.stringify(trip)) unchanged += 1;
      else yield trip.id;
    }
  };
  const act = { cause: 'rules', by, now, decides: false, dryRun } as const;
  const change = (trip: Trip, current: User) => ruled(trip, contextOf(current, rules));
  const done = await changeMany(deps, user, act, candidates(), change);
  const byRule = [...context.rules, null].map((rule) => {
    return { rule, trips: decided.get(rule === null ? 'default' : `rule:${rule.id}`) ?? 0 };
  });
  return { ...done, unchanged: done.unchanged + unchanged, byRule };
}

function contextOf({ settings, locations, rules }: User, tried: readonly Rule[] | null): ClassificationContext {
  return { settings, locations, rules: tried ?? rules };
}

/** Replaces them all. */
export function saveRules(tx: Tx, owner: User, rules: readonly Rule[], now: number): void {
  const kept = new Set(rules.map(({ id }) => id));
  for (const { id } of owner.rules) if (!kept.has(id)) tx.remove('rule', id);
  for (const [position, rule] of rules.entries()) tx.put('rule', rule.id, { ...rule, position });
  tx.put('user', '', { ...owner, rules, updatedAt: now });
}

/** One that was written down elsewhere comes behind those before it. */
export function addRule(tx: Tx, owner: User, added: RuleInOrder, now: number): void {
  const { position: _, ...rule } = added;
  saveRules(tx, owner, [...owner.rules, rule], now);
}
