/**
 * How a document is put back, noun by noun, and what is checked before. The one place an undo asks; a noun that can be
 * undone has a row here.
 */

import type { Noun } from '../domain/activity.ts';
import type { RuleSet } from '../domain/classification.ts';
import type { Location } from '../domain/locations.ts';
import { NO_RATES, type Rates } from '../domain/rates.ts';
import type { Settings } from '../domain/settings.ts';
import { conflict } from '../domain/undo.ts';
import type { Tx, Work } from '../seams/store.ts';
import { lookSoon } from './connection-docs.ts';
import { isFull, saveLocation, takeOutLocation } from './locations.ts';
import { saveRates } from './rates.ts';
import { restoreCar } from './restore-cars.ts';
import { restoreEvent } from './restore-events.ts';
import { restoreReading } from './restore-readings.ts';
import { restoreTrip } from './restore-trips.ts';
import { dismissedGap, restoreGap, type DismissedGap } from './review-gaps.ts';
import { saveRules } from './rules.ts';
import type { Restoring, Undoing } from './undoing.ts';
import { ensureUser } from './users.ts';

/** `null`: what somebody did to these is not undone. */
export const RESTORING: { readonly [N in Noun]: Restoring<object> | null } = {
  trip: { read: (tx, id) => tx.get('trip', id), restore: restoreTrip },
  location: { read: (tx, id) => tx.get('location', id), restore: restoreLocation },
  car: { read: (tx, id) => tx.get('car', id), restore: restoreCar },
  odometer_reading: { read: (tx, id) => tx.get('odometer_reading', id), restore: restoreReading },
  settings: { read: readSettings, restore: restoreSettings },
  rules: { read: readRules, restore: restoreRules },
  rates: { read: readRates, restore: restoreRates },
  gap: { read: dismissedGap, restore: restoreDismissed },
  event: { read: (tx, id) => tx.get('event', id), restore: restoreEvent },
  token: null,
  month: null,
};

function* restoreLocation(undoing: Undoing, now: Location | null, was: Location | null): Work<Location | null> {
  const owner = yield* ownerOf(undoing);
  if (was === null) {
    if (now) takeOutLocation(undoing.tx, owner, now, undoing.now);
    return null;
  }
  if (now === null && isFull(owner)) throw conflict('There are as many locations as there may be; delete one first.');
  const back = { ...was, updatedAt: undoing.now };
  saveLocation(undoing.tx, owner, back, undoing.now);
  return back;
}

function* readSettings(tx: Tx): Work<Settings | null> {
  return (yield* tx.get('user', ''))?.settings ?? null;
}

function* restoreSettings(undoing: Undoing, now: Settings | null, was: Settings | null): Work<Settings | null> {
  if (was === null) return now;
  const owner = yield* ownerOf(undoing);
  const { defaultCarId } = was;
  if (defaultCarId !== null && !owner.cars.some(({ id }) => id === defaultCarId)) {
    throw conflict('The default car of these settings is not in use any more; bring it back first.');
  }
  undoing.tx.put('user', '', { ...owner, settings: was, updatedAt: undoing.now });
  yield* lookSoon(undoing.tx, undoing.now);
  return was;
}

function* readRules(tx: Tx): Work<RuleSet> {
  return { rules: (yield* tx.get('user', ''))?.rules ?? [] };
}

function* restoreRules(undoing: Undoing, now: RuleSet | null, was: RuleSet | null): Work<RuleSet | null> {
  if (was === null) return now;
  saveRules(undoing.tx, yield* ownerOf(undoing), was.rules, undoing.now);
  return was;
}

function* readRates(tx: Tx): Work<Rates> {
  return (yield* tx.get('user', ''))?.rates ?? NO_RATES;
}

function* restoreRates(undoing: Undoing, now: Rates | null, was: Rates | null): Work<Rates | null> {
  if (was === null) return now;
  saveRates(undoing.tx, yield* ownerOf(undoing), was, undoing.now);
  return was;
}

function* restoreDismissed(
  undoing: Undoing,
  now: DismissedGap | null,
  was: DismissedGap | null,
): Work<DismissedGap | null> {
  const id = (was ?? now)?.id ?? '';
  return restoreGap(undoing.tx, yield* ownerOf(undoing), id, was);
}

function ownerOf({ deps, tx, email, now }: Undoing) {
  return ensureUser(deps, tx, email, now);
}
