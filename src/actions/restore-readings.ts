/** Putting an odometer reading back, or taking one out as if it had never been written down. */

import type { JournalEntry } from '../domain/machine/state.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import { conflict } from '../domain/undo.ts';
import type { Work } from '../seams/store.ts';
import { isLeftOut, type Revision } from './journal.ts';
import { contextOf, load } from './machine-docs.ts';
import { forgetReading, recallReading } from './reading-memory.ts';
import { revise } from './refold.ts';
import type { Undoing } from './undoing.ts';

export function* restoreReading(
  undoing: Undoing,
  now: OdometerReading | null,
  was: OdometerReading | null,
): Work<OdometerReading | null> {
  const { tx } = undoing;
  if (was === null) {
    if (now === null) return null;
    tx.remove('odometer_reading', now.id);
    const isUnfolded = undoing.root.before === null && (yield* unfold(undoing, now));
    if (!isUnfolded) yield* forgetReading(tx, now);
    return null;
  }
  if ((yield* tx.get('car', was.carId)) === null) {
    throw conflict('The car it was read from was deleted since; bring that back first.');
  }
  tx.put('odometer_reading', was.id, was);
  // Doubted again, or believed again: its event says why, and is put back beside it.
  const isAskedBeside = now !== null && (yield* tx.get('event', was.id)) !== null;
  if (isAskedBeside) return was;
  if (!(yield* foldAgain(undoing, was))) yield* recallReading(tx, was);
  return yield* tx.get('odometer_reading', was.id);
}

/** Its event is left out of what the rules know, and so is what they concluded from it. */
function* unfold(undoing: Undoing, { id, at }: OdometerReading): Work<boolean> {
  const entry = yield* undoing.tx.get('event', id);
  if (entry === null || isLeftOut(entry)) return false;
  const isDone = yield* fold(undoing, { since: at - 1, without: [id], back: [], tripId: null });
  if (isDone) undoing.tx.put('event', id, { ...entry, waiting: null, settled: true });
  return isDone;
}

/** An event that was left out counts again. */
function* foldAgain(undoing: Undoing, { id, at }: OdometerReading): Work<boolean> {
  const entry = yield* undoing.tx.get('event', id);
  if (!entry?.settled || entry.waiting !== null) return false;
  const back: JournalEntry = { ...entry, settled: false };
  return yield* fold(undoing, { since: at - 1, without: [], back: [back], tripId: null });
}

function* fold({ deps, tx, now }: Undoing, revision: Revision): Work<boolean> {
  const user = yield* tx.get('user', '');
  return user !== null && (yield* revise(deps, tx, yield* load(tx), revision, contextOf(user), now)) !== null;
}
