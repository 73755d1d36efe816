/** The journal: events as they came, each with the machine just before it, so that they can be folded again. */

import type { JournalEvent, Ping } from '../domain/events.ts';
import type { JournalEntry, Machine, MachineMemory } from '../domain/machine/state.ts';
import { reachOf, type Folded, ledgerOf } from '../domain/timeline.ts';
import type { ListQuery, Row, Tx, Work } from '../seams/store.ts';
import { doubt, writeBelieved, writeEntry } from './ledger.ts';
import type { Loaded } from './machine-docs.ts';

/** An event on its way into the journal. */
export type Draft = Omit<JournalEntry, 'before' | 'reply' | 'waiting'>;

/** What arrived: at most one event of the journal, and points. Their instants may lie before what is known. */
export interface Arrival {
  readonly entry: Draft | null;
  readonly pings: readonly Ping[];
  readonly receivedAt: number;
  readonly revision?: Revision;
}

/** The user took a decision back: events that count no more, and events that count again. */
export interface Revision {
  /** The first instant it is about. */
  readonly since: number;
  readonly without: readonly string[];
  readonly back: readonly JournalEntry[];
  /** The trip it is about, noted in the feed by whoever revises. */
  readonly tripId: string | null;
}

/** The events of a span to fold again, and the machine before the first of them. */
export interface Stretch {
  readonly base: Machine;
  /** The first instant that is folded again. */
  readonly from: number;
  readonly entries: readonly JournalEntry[];
  /** Of those, ends the user decided about: they do nothing any more, but tell how the machine stood then. */
  readonly silent: ReadonlySet<string>;
  /** The history without what arrived, and with it. */
  readonly was: readonly JournalEvent[];
  readonly is: readonly JournalEvent[];
}

/** Everything from an instant on. `null`: the journal does not reach back so far. */
export function* stretchSince(tx: Tx, before: Loaded, since: number, arrival: Arrival): Work<Stretch | null> {
  const { entry, revision } = arrival;
  const first = (before.stored?.clearedTo ?? 0) + 1;
  const earlier = yield* lastUntil(tx, first, since);
  const entries = (yield* entriesFrom(tx, Math.max(first, earlier?.event.at ?? since))).toSorted(byTime);
  const base = entries[0]?.before ?? before.machine;
  if (!earlier && reachOf(base) > since) return null;
  const gone = new Set([entry?.event.id, ...(revision?.without ?? [])]);
  const others = entries.filter(({ event }) => !gone.has(event.id));
  const added = [...(entry ? [entry] : []), ...(revision?.back ?? [])];
  const silent = entries.filter(isSilent).map(({ event }) => event.id);
  return {
    // A decision of the user counts from when it was made, whatever the machine knew then.
    base: { ...base, memory: decidedAs(before.machine.memory, base.memory) },
    from: Math.min(since, earlier?.event.at ?? since),
    entries,
    silent: new Set(silent),
    was: entries.map(({ event }) => event),
    is: [...others, ...added].map(({ event }) => event),
  };
}

const EARLIER_AT_ONCE = 20;
const ENTRIES_AT_ONCE = 500;

function* lastUntil(tx: Tx, from: number, to: number): Work<JournalEntry | null> {
  let limit = 1;
  let after: Row<'event'> | undefined;
  for (;;) {
    const rows: readonly Row<'event'>[] = yield* tx.list('event', query('desc', { from, to, limit }, after));
    const found = rows.find(({ doc }) => !isLeftOut(doc) || isSilent(doc));
    if (found || rows.length < limit) return found?.doc ?? null;
    after = rows.at(-1);
    limit = EARLIER_AT_ONCE;
  }
}

function* entriesFrom(tx: Tx, at: number): Work<JournalEntry[]> {
  const found: JournalEntry[] = [];
  let after: Row<'event'> | undefined;
  for (;;) {
    const rows: readonly Row<'event'>[] = yield* tx.list(
      'event',
      query('asc', { from: at, limit: ENTRIES_AT_ONCE }, after),
    );
    found.push(...rows.map(({ doc }) => doc).filter((entry) => !isLeftOut(entry) || isSilent(entry)));
    if (rows.length < ENTRIES_AT_ONCE) return found;
    after = rows.at(-1);
  }
}

function query(
  order: ListQuery['order'],
  bounds: Pick<ListQuery, 'from' | 'to' | 'limit'>,
  after: Row<'event'> | undefined,
): ListQuery {
  return { order, ...bounds, ...(after && { after }) };
}

function decidedAs({ settled, byHand }: MachineMemory, known: MachineMemory): MachineMemory {
  const { byHand: _, ...memory } = known;
  return { ...memory, settled, ...(byHand && { byHand }) };
}

/** What changed nothing when it came, or was decided by the user since, is no part of the history. */
export function isLeftOut({ waiting, settled }: JournalEntry): boolean {
  return settled || waiting === 'too_old' || waiting === 'late_event';
}

/** It was part of the history, as an end that found no trip, until the user decided about it. */
function isSilent({ waiting, settled }: JournalEntry): boolean {
  return settled && (waiting === 'orphan_end' || waiting === 'second_end');
}

function byTime({ event: a }: JournalEntry, { event: b }: JournalEntry): number {
  return a.at - b.at || a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1);
}

/** Brings the entries to what the fold made of them; the ones it leaves as they are cost nothing. */
export function* writeJournal(tx: Tx, { entries, silent }: Stretch, folded: Folded, arrival: Arrival): Work<void> {
  const { entry: arrived, revision } = arrival;
  const ledger = ledgerOf(folded.outputs);
  const known = new Map(entries.map((entry) => [entry.event.id, entry]));
  const added: readonly Draft[] = [...(arrived ? [arrived] : []), ...(revision?.back ?? [])];
  const drafts: readonly Draft[] = [...entries.filter(({ event }) => event.id !== arrived?.event.id), ...added];
  for (const draft of drafts) {
    const { id } = draft.event;
    const passed = folded.passed.get(id);
    if (!passed) continue;
    const old = known.get(id) ?? null;
    const entry: JournalEntry =
      old && draft === old && silent.has(id)
        ? { ...old, before: passed.before }
        : { ...draft, ...passed, waiting: ledger.waiting.get(id) ?? null };
    if (old && JSON.stringify(inOneOrder(old)) === JSON.stringify(inOneOrder(entry))) continue;
    writeEntry(tx, entry);
    const doubted = entry.waiting === 'suspicious_reading';
    if (doubted !== (old?.waiting === 'suspicious_reading')) yield* doubt(tx, id, doubted);
  }
  yield* writeBelieved(tx, ledger);
}

function inOneOrder({ event, before, reply, waiting, settled }: JournalEntry) {
  return [event, before, reply, waiting, settled];
}
