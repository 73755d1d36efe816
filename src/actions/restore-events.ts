/** Putting an event back as it was: waiting again, or decided about again. What the rules made of it follows. */

import type { JournalEntry } from '../domain/machine/state.ts';
import type { Work } from '../seams/store.ts';
import { isLeftOut } from './journal.ts';
import { recallReading } from './reading-memory.ts';
import type { Undoing } from './undoing.ts';
import { retell } from './retelling.ts';

export function* restoreEvent(
  undoing: Undoing,
  now: JournalEntry | null,
  was: JournalEntry | null,
): Work<JournalEntry | null> {
  const { deps, tx } = undoing;
  if (was === null) {
    if (now !== null) tx.remove('event', now.event.id);
    return null;
  }
  const { id } = was.event;
  if (isLeftOut(was)) {
    tx.put('event', id, was);
    return was;
  }
  // What happened before it may have become known otherwise since: the rules see it with the eyes of today.
  if (!(yield* retell(deps, tx, was, undoing.now))) {
    tx.put('event', id, was);
    const reading = yield* tx.get('odometer_reading', id);
    if (reading) yield* recallReading(tx, reading);
  }
  return yield* tx.get('event', id);
}
