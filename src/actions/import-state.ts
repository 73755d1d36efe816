/** What an import does with what there is one of: the open drive and its memory, and the settings. */

import type { ActiveTrip, IdlePoints, Memory } from '../domain/machine/state.ts';
import type { Settings } from '../domain/settings.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import type { Logbook } from './exports.ts';
import { isEqual, ownerFor, type ImportDeps, type Known, type Result } from './import-records.ts';

export interface Singles {
  readonly active: ActiveTrip | null;
  readonly memory: Memory | null;
  readonly idle: IdlePoints | null;
}

const OWN_STATE = 'this logbook has drives and events of its own, which go on';

/** Whether the machine of the document may be taken over, and whose points come with it. */
export async function stateOf(user: UserStore, singles: Singles): Promise<Known> {
  const [owner, active, memory] = await Promise.all([
    user.get('user', ''),
    user.get('active', 'trip_start'),
    user.get('memory', 'memory'),
  ]);
  const isOpen = (active === null && memory === null) || isTaken({ active, memory }, singles);
  const { memory: remembered, stale } = singles.memory ?? { memory: null, stale: null };
  const drives = [
    singles.active?.now.trip.id,
    stale?.id,
    remembered?.interrupted?.trip.id,
    ...(remembered?.closed ?? []).map(({ trip }) => trip.id),
  ];
  return {
    takesMachine: isOpen,
    takesChain: owner?.closed === undefined,
    drives: new Set(drives.filter((id) => id !== undefined)),
    singles,
    booked: new Set(),
  };
}

function isTaken(own: Omit<Singles, 'idle'>, singles: Singles): boolean {
  return isEqual(own.memory, singles.memory) && (own.active === null || isEqual(own.active, singles.active));
}

type MachineKind = keyof Singles;

/** In one transaction, and only into a logbook that has no machine yet: a half of one would be worse than none. */
export async function importMachine(
  deps: ImportDeps,
  user: UserStore,
  { singles }: Known,
  dryRun: boolean,
): Promise<readonly (Result & { readonly kind: MachineKind })[]> {
  const kinds = (['active', 'memory', 'idle'] as const).filter((kind) => singles[kind] !== null);
  if (kinds.length === 0) return [];
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    yield* ownerFor(deps, tx, user.email, now, dryRun);
    const own = yield* machineOf(tx);
    const isDriven = singles.active !== null && (yield* tx.get('trip', singles.active.now.trip.id)) !== null;
    if (own.memory !== null || own.active !== null) {
      return kinds.map((kind) => ({ kind, ...standing(isEqual(own[kind], singles[kind])) }));
    }
    return kinds.map((kind) => {
      if (kind === 'active' && isDriven) return { kind, outcome: 'skipped', why: 'its drive is over and in the book' };
      if (kind === 'idle' && own.idle !== null) return { kind, ...standing(isEqual(own.idle, singles.idle)) };
      if (!dryRun) put(tx, kind, singles);
      return { kind, outcome: 'added', why: null };
    });
  });
}

function* machineOf(tx: Tx): Work<Singles> {
  return {
    active: yield* tx.get('active', 'trip_start'),
    memory: yield* tx.get('memory', 'memory'),
    idle: yield* tx.get('idle', 'idle_points'),
  };
}

function standing(isSame: boolean): Result {
  return isSame ? { outcome: 'unchanged', why: null } : { outcome: 'skipped', why: OWN_STATE };
}

function put(tx: Tx, kind: MachineKind, { active, memory, idle }: Singles): void {
  if (kind === 'active' && active) tx.put('active', 'trip_start', active);
  if (kind === 'memory' && memory) tx.put('memory', 'memory', memory);
  if (kind === 'idle' && idle) tx.put('idle', 'idle_points', idle);
}

/** Settings and rates nobody has touched yet give way; others are what the user wants here. */
export async function importSettings(
  deps: ImportDeps,
  user: UserStore,
  { settings, rates, createdAt }: Logbook,
  dryRun: boolean,
): Promise<Result> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const owner = yield* ownerFor(deps, tx, user.email, now, dryRun);
    const isOwnCar = owner.cars.some(({ id }) => id === settings.defaultCarId);
    const wanted: Settings = isOwnCar ? settings : { ...settings, defaultCarId: null };
    const began = Math.min(owner.createdAt, Math.max(0, createdAt));
    const isUntouched = isEqual(owner.settings, deps.newUser);
    const ownRates = owner.rates ?? rates;
    const after = {
      ...owner,
      settings: isUntouched ? wanted : owner.settings,
      ...(ownRates && { rates: ownRates }),
      createdAt: began,
    };
    if (!dryRun && !isEqual(after, owner)) tx.put('user', '', { ...after, updatedAt: now });
    const untaken = [
      ...(isEqual(after.settings, wanted) ? [] : ['settings']),
      ...(rates === undefined || isEqual(ownRates, rates) ? [] : ['rates']),
    ];
    if (untaken.length > 0) {
      return { outcome: 'skipped', why: `the ${untaken.join(' and ')} of this logbook were chosen here` };
    }
    const isSame = isEqual(owner.settings, wanted) && isEqual(owner.rates, ownRates);
    return { outcome: isSame ? 'unchanged' : 'added', why: null };
  });
}
