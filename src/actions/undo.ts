/** Taking back what somebody did: one entry of the feed, in one transaction, which becomes an entry itself. */

import { activityOf, partId, type Activity, type Actor, type Noun, type Written } from '../domain/activity.ts';
import { Problem } from '../domain/problem.ts';
import type { Trip } from '../domain/trips.ts';
import {
  carriedOver,
  changedSince,
  conflict,
  eachTakenBack,
  inTheWay,
  isSame,
  refuseUndo,
  standing,
  takenBackOver,
} from '../domain/undo.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { refuseClosed } from './closed-months.ts';
import type { UserDeps } from './deps.ts';
import { followBack } from './location-acts.ts';
import { rowsWithin } from './pages.ts';
import { RESTORING } from './restore.ts';
import { undoCancel } from './undo-cancel.ts';
import type { Restoring, Undoing } from './undoing.ts';

/**
 * Throws `not_found`, and `conflict` when it cannot be undone, or not now. Answers the entry that says it was. A large
 * act goes part by part; stopped in between, the same call goes on. `reason`: why closed months change; without, this
 * throws `month_closed` for them.
 */
export async function undo(
  deps: UserDeps,
  user: UserStore,
  id: string,
  by: Actor,
  reason: string | null = null,
): Promise<Activity> {
  const taking: Taking = { deps, user, id, by, reason, now: deps.clock.now() };
  const begun = await begunOf(taking);
  const back = await takeBackParts(taking, begun ?? (await takeBackFirst(taking)));
  if (back.cause !== 'locations') return back;
  await followBack(deps, user, back, { by, now: taking.now });
  return (await user.get('activity', back.id)) ?? back;
}

/** What somebody wants undone. */
interface Taking {
  readonly deps: UserDeps;
  readonly user: UserStore;
  readonly id: string;
  readonly by: Actor;
  readonly reason: string | null;
  readonly now: number;
}

/**
 * The entry of an undo that was stopped between its parts. Otherwise `null`, once it is sure that nothing stands in any
 * part's way: an act is undone as a whole or not at all.
 */
async function begunOf(taking: Taking): Promise<Activity | null> {
  const { user, id, now } = taking;
  const entry = (await user.get('activity', id)) ?? missing();
  if (entry.parts.length === 0) return null;
  const back = entry.undoneBy === null ? null : await user.get('activity', entry.undoneBy);
  if (back !== null && back.undoneBy === null && back.parts.length < entry.parts.length) return back;
  refuseUndo(entry, now);
  for (const nth of entry.parts.keys()) {
    await user.transact(function* (tx) {
      const undoing = yield* undoingOf(taking, tx);
      for (const written of yield* partOf(tx, entry, nth)) yield* checkOne(undoing, written);
    });
  }
  return null;
}

function* checkOne(undoing: Undoing, written: Written): Work<void> {
  const current = yield* restoringOf(written.noun).read(undoing.tx, written.nounId);
  const was = yield* wantedOf(undoing, written, current);
  if (written.noun !== 'trip' || undoing.reason !== null) return;
  yield* refuseClosed(undoing.tx, current as Trip | null, was as Trip | null);
}

function takeBackFirst(taking: Taking): Promise<Activity> {
  const { deps, user, by, now } = taking;
  return user.transact(function* (tx) {
    const undoing = yield* undoingOf(taking, tx);
    const { entry, root } = undoing;
    refuseUndo(entry, now);
    const isCancel = root.discard?.reason === 'cancelled';
    const back: Back = isCancel && root.discard ? yield* undoCancel(undoing, root.discard) : yield* putBack(undoing);
    const plain = activityOf({ id: deps.ids.next('act'), at: now, by }, back);
    const made = { ...plain, ...back, cause: entry.cause, undoes: entry.id };
    tx.put('activity', made.id, made);
    yield* turnOver(tx, entry, made.id);
    return made;
  });
}

async function takeBackParts(taking: Taking, first: Activity): Promise<Activity> {
  let back = first;
  for (;;) {
    const further = await taking.user.transact((tx) => takeBackNext(taking, tx, first.id));
    if (further === null) return back;
    back = further;
  }
}

/** `null`: there is no further part. */
function* takeBackNext(taking: Taking, tx: Tx, backId: string): Work<Activity | null> {
  const undoing = yield* undoingOf(taking, tx);
  const back = (yield* tx.get('activity', backId)) ?? missing();
  const nth = back.parts.length;
  if (nth >= undoing.entry.parts.length) return null;
  const written: Written[] = [];
  for (const one of yield* partOf(tx, undoing.entry, nth)) written.push(yield* putBackOne(undoing, one));
  const id = partId(back.id, nth);
  const longer = { ...back, parts: [...back.parts, written.length] };
  tx.put('part', id, { id, written });
  tx.put('activity', back.id, longer);
  return longer;
}

function* undoingOf({ deps, user, id, by, reason, now }: Taking, tx: Tx): Work<Undoing> {
  const entry = (yield* tx.get('activity', id)) ?? missing();
  const root = yield* rootOf(tx, entry);
  return { deps, tx, email: user.email, by, reason, now, entry, root, later: () => laterThan(tx, entry) };
}

function* partOf(tx: Tx, { id }: Activity, nth: number): Work<readonly Written[]> {
  const written = (yield* tx.get('part', partId(id, nth)))?.written ?? [];
  yield* readAhead(tx, written);
  return written;
}

/** What a large act wrote, read in one go. */
function* readAhead(tx: Tx, written: readonly Written[]): Work<void> {
  const keys = written.flatMap(({ noun, nounId }) => {
    return noun === 'trip' || noun === 'location' ? [{ kind: noun, id: nounId } as const] : [];
  });
  yield* tx.getMany(keys);
}

function missing(): never {
  throw new Problem('not_found', 'There is no such entry.');
}

function* laterThan(tx: Tx, { at, id }: Activity): Work<readonly Activity[]> {
  const rows = yield* rowsWithin(tx, 'activity', { order: 'asc', from: at, after: { sort: at, id } });
  const later: Activity[] = [];
  for (const { doc } of rows) later.push(doc.parts.length === 0 ? doc : yield* withParts(tx, doc));
  return later;
}

function* withParts(tx: Tx, entry: Activity): Work<Activity> {
  const keys = entry.parts.map((_, nth) => ({ kind: 'part' as const, id: partId(entry.id, nth) }));
  const parts = yield* tx.getMany(keys);
  return { ...entry, also: [...entry.also, ...parts.flatMap((part) => part?.written ?? [])] };
}

function* rootOf(tx: Tx, entry: Activity): Work<Activity> {
  const undone = entry.undoes === null ? null : yield* tx.get('activity', entry.undoes);
  return undone ? yield* rootOf(tx, undone) : entry;
}

type Back = Written & Partial<Pick<Activity, 'also' | 'kind'>>;

/** What changed besides comes first: a car that leaves is the default no more, one that is the default is in use. */
function* putBack(undoing: Undoing): Work<Back> {
  const { tx, entry } = undoing;
  yield* readAhead(tx, [entry, ...entry.also]);
  const also: Written[] = [];
  const leaves = isOutOfUse(entry.before);
  if (leaves) for (const written of entry.also) also.push(...(yield* putBackBesides(undoing, written)));
  const back = yield* putBackOne(undoing, entry);
  if (!leaves) for (const written of entry.also) also.push(...(yield* putBackBesides(undoing, written)));
  return { ...back, also };
}

function isOutOfUse(document: object | null): boolean {
  return document === null || ('archivedAt' in document && document.archivedAt !== null);
}

function* putBackOne(undoing: Undoing, { noun, nounId, before, after }: Written): Work<Written> {
  const restoring = restoringOf(noun);
  const current = yield* restoring.read(undoing.tx, nounId);
  const was = yield* wantedOf(undoing, { noun, nounId, before, after }, current);
  return { noun, nounId, before: current, after: yield* restoring.restore(undoing, current, was) };
}

/** Of settings only what changed then, and only where nobody changed it since. */
function* putBackBesides(undoing: Undoing, written: Written): Work<Written[]> {
  if (written.noun !== 'settings') return [yield* putBackOne(undoing, written)];
  const restoring = restoringOf(written.noun);
  const current = yield* restoring.read(undoing.tx, written.nounId);
  const was = current && eachTakenBack(current, written);
  if (isSame(written.noun, current, was)) return [];
  return [{ ...written, before: current, after: yield* restoring.restore(undoing, current, was) }];
}

const NOT_RESTORED: { readonly [N in Noun]?: string } = {
  token: 'Tokens are not brought back: revoke one with DELETE /tokens/{id}, make one with POST /tokens.',
  month: 'A closed month stays closed; correct a trip of it with PATCH /trips/{id} and a correction_reason.',
};

function restoringOf(noun: Noun): Restoring<object> {
  const restoring = RESTORING[noun];
  if (restoring) return restoring;
  throw conflict(NOT_RESTORED[noun] ?? '');
}

/** What the document is to become. Throws when later changes stand in the way. */
function* wantedOf({ later }: Undoing, written: Written, current: object | null): Work<object | null> {
  const { noun, nounId, before, after } = carriedOver(written, current);
  if (isSame(noun, current, after) || isClearedAway(noun, current)) return before;
  const changes = standing(yield* later(), noun, nounId);
  const byPeople = changes.findLast(({ by }) => by.kind !== 'rules');
  if (byPeople) throw inTheWay(byPeople);
  if (noun === 'trip' && current && after && before) {
    const merged = takenBackOver(current as Trip, after as Trip, before as Trip);
    if (merged) return merged;
  }
  const last = changes.at(-1);
  throw last ? inTheWay(last) : changedSince(noun);
}

/** Events nobody has to decide about are kept for some days only. */
function isClearedAway(noun: Noun, current: object | null): boolean {
  return noun === 'event' && current === null;
}

/** The entry is undone now. If it was an undo itself, what that took back stands again, and so on. */
function* turnOver(tx: Tx, entry: Activity, by: string): Work<void> {
  let undone: Activity | null = entry;
  let undoneBy: string | null = by;
  while (undone) {
    tx.put('activity', undone.id, { ...undone, undoneBy });
    undoneBy = undoneBy === null ? undone.id : null;
    undone = undone.undoes === null ? null : yield* tx.get('activity', undone.undoes);
  }
}
