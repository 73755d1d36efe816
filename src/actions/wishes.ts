/** Noting what trips lack that can be looked up: in the transaction that books them, and once a day for those of the last month. */

import { lackOf, NO_LOOKUPS, scanned, wantOf, withWants, type Abilities, type Want } from '../domain/lookups.ts';
import type { Trip } from '../domain/trips.ts';
import type { Services } from '../seams/services.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { rowsOf } from './pages.ts';

export function abilitiesOf({ geocoder, router }: Services): Abilities {
  return { addresses: geocoder !== null, routes: router !== null };
}

export function canLookUp({ geocoder, router }: Services): boolean {
  return geocoder !== null || router !== null;
}

interface Booked {
  readonly before: Trip | null;
  readonly after: Trip | null;
}

/** Costs nothing where nothing can be looked up, or nothing is lacking that was not before. */
export function* wishFor(services: Services, tx: Tx, bookings: readonly Booked[], now: number): Work<void> {
  if (!canLookUp(services)) return;
  const can = abilitiesOf(services);
  const wants = bookings.flatMap(({ before, after }) => (after && wantOf(before, after, can)) ?? []);
  if (wants.length === 0) return;
  const lookups = (yield* tx.get('lookups', 'lookups')) ?? NO_LOOKUPS;
  tx.put('lookups', 'lookups', withWants(lookups, wants, now));
}

const DAY_MS = 24 * 3_600_000;
const SCAN_EVERY_MS = DAY_MS - 3_600_000;
/** A service that is set up later looks so far back. */
const LOOK_BACK_MS = 31 * DAY_MS;

/** What was missed, because the service came later or there was too much, is wished for. Where there is none, nothing is. */
export async function wishAnew(services: Services, user: UserStore, now: number): Promise<void> {
  const stored = await user.get('lookups', 'lookups');
  if (!canLookUp(services)) {
    if (stored !== null) await user.transact(forget);
    return;
  }
  const before = stored ?? NO_LOOKUPS;
  const owner = await user.get('user', '');
  if (owner === null || now - before.scannedAt < SCAN_EVERY_MS) return;
  const can = abilitiesOf(services);
  const seen = new Set<string>();
  const wants: Want[] = [];
  for await (const { id, doc } of rowsOf(user, 'trip', { order: 'asc', from: now - LOOK_BACK_MS })) {
    seen.add(id);
    const lack = lackOf(doc, can, before, owner.settings.language);
    if (lack) wants.push(lack);
  }
  await user.transact(function* (tx) {
    if ((yield* tx.get('user', '')) === null) return;
    const lookups = (yield* tx.get('lookups', 'lookups')) ?? NO_LOOKUPS;
    tx.put('lookups', 'lookups', scanned(lookups, seen, wants, now));
  });
}

function* forget(tx: Tx): Work<void> {
  if ((yield* tx.get('lookups', 'lookups')) !== null) tx.remove('lookups', 'lookups');
}
