/** Closed months when trips are written: nothing of them changes unsaid, and what is said joins their chain. */

import { hash } from 'node:crypto';
import type { Actor } from '../domain/activity.ts';
import { localMonth } from '../domain/calendar.ts';
import {
  correctionOf,
  type ChainEnd,
  type ClosedMonth,
  type ClosedMonths,
  type CorrectionLink,
} from '../domain/month-chain.ts';
import { Problem } from '../domain/problem.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, Work } from '../seams/store.ts';

export const digest = (text: string): string => hash('sha256', text);

export function monthOf({ startedAt, timeZone }: Pick<Trip, 'startedAt' | 'timeZone'>): string {
  return localMonth(startedAt, timeZone);
}

export function isMonthClosed(closed: ClosedMonths | undefined, month: string): boolean {
  return closed?.months.includes(month) ?? false;
}

export interface Correcting {
  readonly by: Actor;
  readonly now: number;
  /** `null`: nobody corrects anything. */
  readonly reason: string | null;
}

interface Change {
  readonly before: Trip | null;
  readonly after: Trip | null;
}

/** Throws `month_closed` for changes of closed months without a reason; with one, each is written down behind the last. */
export function* keepChain(tx: Tx, changes: readonly Change[], correcting: Correcting): Work<void> {
  const owner = yield* tx.get('user', '');
  if (!owner?.closed) return;
  let { end } = owner.closed;
  for (const { month, ...change } of closedOnes(owner.closed, changes)) {
    const { reason, by, now } = correcting;
    if (reason === null) throw new Problem('month_closed', `${month} is closed. ${HOW}`);
    end = yield* addCorrection(
      tx,
      month,
      correctionOf({ at: now, by, reason }, change.before, change.after, end, digest),
    );
  }
  if (end !== owner.closed.end) tx.put('user', '', withEnd(owner, owner.closed, end));
}

/** Throws `month_closed` where a change would touch a closed month; writes nothing. */
export function* refuseClosed(tx: Tx, before: Trip | null, after: Trip | null): Work<void> {
  const closed = (yield* tx.get('user', ''))?.closed;
  const [touched] = closed ? closedOnes(closed, [{ before, after }]) : [];
  if (touched) throw new Problem('month_closed', `${touched.month} is closed. ${HOW}`);
}

const HOW = 'Say why it is corrected all the same, with correction_reason.';

/** A trip that moves from one month to another leaves the one and joins the other. */
function closedOnes(closed: ClosedMonths, changes: readonly Change[]): (Change & { readonly month: string })[] {
  return changes.flatMap(({ before, after }) => {
    const [from, to] = [before && monthOf(before), after && monthOf(after)];
    const parts =
      from === to
        ? [{ month: from, before, after }]
        : [
            { month: from, before, after: null },
            { month: to, before: null, after },
          ];
    return parts.flatMap(({ month, ...part }) =>
      month !== null && isMonthClosed(closed, month) ? [{ month, ...part }] : [],
    );
  });
}

function* addCorrection(tx: Tx, month: string, correction: CorrectionLink): Work<ChainEnd> {
  const stored = yield* tx.get('closed_month', month);
  if (stored === null) throw new Error(`the closing of ${month} is missing`);
  tx.put('closed_month', month, { ...stored, corrections: [...stored.corrections, correction] });
  return { nth: correction.nth, head: correction.head };
}

function withEnd(owner: User, closed: ClosedMonths, end: ChainEnd): User {
  return { ...owner, closed: { ...closed, end } };
}

/** As it is to be kept: whether it lies in a closed month is said in the trip. */
export function lockedOrNot(closed: ClosedMonths | undefined, trip: Trip): Trip {
  const locked = isMonthClosed(closed, monthOf(trip));
  return locked === trip.locked ? trip : { ...trip, locked };
}

/** A month that was closed elsewhere, with its chain. Its trips came before it. */
export function takeOverMonth(tx: Tx, owner: User, month: ClosedMonth): void {
  const known = owner.closed ?? { months: [], end: { nth: 0, head: '' } };
  const ends = [known.end, month, ...month.corrections];
  const { nth, head } = ends.reduce((last, one) => (one.nth > last.nth ? one : last));
  const months = [...known.months, month.month].toSorted();
  tx.put('closed_month', month.month, month);
  tx.put('user', '', { ...owner, closed: { months, end: { nth, head } } });
}
