/** What a person says about an odometer reading nobody believed: it is right after all, or it is not used. */

import type { Written } from '../domain/activity.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import type { Work } from '../seams/store.ts';
import { forgetReading, recallReading } from './reading-memory.ts';
import { retell } from './retelling.ts';
import { noteDecision, type Decided, type Deciding, type Decision } from './review-decisions.ts';

export function* settleReading(deciding: Deciding, reading: OdometerReading, decision: Decision): Work<Decided> {
  const noted = yield* decision.action === 'confirm' ? believe(deciding, reading) : dismiss(deciding, reading);
  return { activityId: noted, trip: null };
}

/** Trips that waited for it are completed as if it had been believed when it came. */
function* believe(deciding: Deciding, reading: OdometerReading): Work<string> {
  const { deps, tx, now } = deciding;
  const { id } = reading;
  const entry = yield* tx.get('event', id);
  const event = entry?.event.type === 'car_reading' ? { ...entry.event, vouched: true as const } : null;
  const told = entry && event && { ...entry, event, waiting: null };
  if (!told || !(yield* retell(deps, tx, told, now))) {
    const believed = { ...reading, suspicious: false };
    tx.put('odometer_reading', id, believed);
    if (told) tx.put('event', id, told);
    yield* recallReading(tx, believed);
  }
  const after = yield* tx.get('event', id);
  const also: Written[] = entry && after ? [{ noun: 'event', nounId: id, before: entry, after }] : [];
  const believed = yield* tx.get('odometer_reading', id);
  return noteDecision(deciding, { noun: 'odometer_reading', nounId: id, before: reading, after: believed }, { also });
}

function* dismiss(deciding: Deciding, reading: OdometerReading): Work<string> {
  const { tx } = deciding;
  tx.remove('odometer_reading', reading.id);
  yield* forgetReading(tx, reading);
  return noteDecision(deciding, { noun: 'odometer_reading', nounId: reading.id, before: reading, after: null });
}
