/** What a person decides about an event that waits: it becomes a trip, or is done with. */

import type { Written } from '../domain/activity.ts';
import type { JournalEntry } from '../domain/machine/state.ts';
import type { Work } from '../seams/store.ts';
import { writeEntry } from './ledger.ts';
import { noteDecision, type Decided, type Deciding, type Decision } from './review-decisions.ts';

export function* settleEvent(deciding: Deciding, entry: JournalEntry, decision: Decision): Work<Decided> {
  return { activityId: noteDecision(deciding, settled(deciding, entry)), trip: null };
}

/** The rules leave it alone from now on. */
function settled({ tx }: Deciding, before: JournalEntry): Written {
  const after = { ...before, settled: true };
  writeEntry(tx, after);
  return { noun: 'event', nounId: before.event.id, before, after };
}
