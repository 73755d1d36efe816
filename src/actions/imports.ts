/**
 * Takes an export back into one logbook. What is there already stays as it is, so that doing it again, or going on after
 * a crash, ends in the same logbook: nothing is lost, nothing doubled. Totals are made of the trips and never taken over.
 */

import { Problem } from '../domain/problem.ts';
import { encodeDocument } from '../seams/documents.ts';
import type { UserStore } from '../seams/store.ts';
import type { Exported, Logbook } from './exports.ts';
import { importMachine, importSettings, stateOf, type Singles } from './import-state.ts';
import { Portions } from './portions.ts';
import { writeRecords, type BookRecord, type ImportDeps, type Known, type Outcome } from './import-records.ts';

export type ImportRecord =
  | Exclude<Exported, { kind: 'user' }>
  | { readonly kind: 'user'; readonly id: string; readonly doc: Logbook };

/** One record of the document, or why it is none. */
export type Incoming = {
  /** What its part of the document is called, and which in it this is. */
  readonly section: string;
  readonly nth: number;
  readonly id: string | null;
} & ({ readonly record: ImportRecord } | { readonly record: null; readonly why: string });

export type Counts = { readonly [O in Outcome]: number };

/** A record that is not in the logbook now, or not as it was sent. */
export interface NotTaken {
  readonly section: string;
  readonly nth: number;
  readonly id: string | null;
  readonly outcome: 'skipped' | 'refused';
  readonly why: string;
}

export interface ImportReport {
  readonly sections: Readonly<Record<string, Counts>>;
  readonly notTaken: readonly NotTaken[];
  /** How many more were not taken than are listed. */
  readonly unlisted: number;
}

export interface ImportWish {
  /** Says what would come of it, and writes nothing. */
  readonly dryRun: boolean;
  /** Told after each portion how many records are dealt with. */
  readonly onProgress?: (records: number) => void;
}

const RECORDS_AT_ONCE = 100;
const MOST_LISTED = 1_000;

/** Why records of these kinds are never taken over. */
const MADE_HERE = {
  month: 'is made of the trips',
  polls: 'cars are asked anew',
  lookups: 'addresses and routes are looked up anew',
  token: 'opens another installation; make a new one',
} as const;

type Sent = Omit<Incoming, 'record'> & { readonly record: BookRecord };

export async function importRecords(
  deps: ImportDeps,
  user: UserStore,
  records: AsyncIterable<Incoming>,
  wish: ImportWish,
): Promise<ImportReport> {
  const run = new ImportRun(deps, user, wish);
  for await (const incoming of records) await run.take(incoming);
  return run.finish();
}

class ImportRun {
  readonly #deps: ImportDeps;
  readonly #user: UserStore;
  readonly #wish: ImportWish;
  readonly #counts = new Map<string, Record<Outcome, number>>();
  readonly #notTaken: NotTaken[] = [];
  #unlisted = 0;
  #done = 0;
  readonly #portions = new Portions<Sent>(RECORDS_AT_ONCE, (portion) => this.#writeAll(portion));
  readonly #singles = new Map<string, Incoming & { readonly record: ImportRecord }>();
  #known: Known | null = null;

  constructor(deps: ImportDeps, user: UserStore, wish: ImportWish) {
    this.#deps = deps;
    this.#user = user;
    this.#wish = wish;
  }

  async take(incoming: Incoming): Promise<void> {
    if (incoming.record === null) return this.#note(incoming, 'refused', incoming.why);
    const { record } = incoming;
    switch (record.kind) {
      case 'month':
      case 'polls':
      case 'lookups':
      case 'token':
        return this.#note(incoming, 'skipped', MADE_HERE[record.kind]);
      case 'user':
      case 'active':
      case 'memory':
      case 'idle':
        if (this.#singles.has(record.kind)) return this.#note(incoming, 'refused', 'is there twice');
        this.#singles.set(record.kind, { ...incoming, record });
        return;
      default:
        await this.#collect({ ...incoming, record });
    }
  }

  async finish(): Promise<ImportReport> {
    await this.#portions.flush();
    const known = await this.#whatIsKnown();
    for (const { kind, outcome, why } of await importMachine(this.#deps, this.#user, known, this.#wish.dryRun)) {
      const incoming = this.#singles.get(kind);
      if (incoming) this.#note(incoming, outcome, why);
    }
    const logbook = this.#singles.get('user');
    if (logbook?.record.kind === 'user') {
      const { outcome, why } = await importSettings(this.#deps, this.#user, logbook.record.doc, this.#wish.dryRun);
      this.#note(logbook, outcome, why);
    }
    return { sections: Object.fromEntries(this.#counts), notTaken: this.#notTaken, unlisted: this.#unlisted };
  }

  async #collect(sent: Sent): Promise<void> {
    const bytes = sizeOf(sent.record);
    if (bytes === null) return this.#note(sent, 'refused', 'is larger than a document can be');
    const { last } = this.#portions;
    if (last !== undefined && last.record.kind !== sent.record.kind) await this.#portions.flush();
    await this.#portions.add(sent, bytes);
  }

  /** What fits into no transaction together is tried one by one. */
  async #writeAll(portion: readonly Sent[]): Promise<void> {
    try {
      await this.#write(portion);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      for (const sent of portion) await this.#writeAlone(sent);
    }
    this.#wish.onProgress?.(this.#done);
  }

  async #writeAlone(sent: Sent): Promise<void> {
    try {
      await this.#write([sent]);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      this.#note(sent, 'refused', 'does not fit: too much lies together with it');
    }
  }

  async #write(portion: readonly Sent[]): Promise<void> {
    const known = await this.#whatIsKnown();
    const records = portion.map(({ record }) => record);
    const results = await writeRecords(this.#deps, this.#user, records, known, this.#wish.dryRun);
    for (const [i, { outcome, why }] of results.entries()) {
      const sent = portion[i];
      if (sent) this.#note(sent, outcome, why);
    }
  }

  /** The machine comes before everything else in an export: once a record is written, it has been read. */
  async #whatIsKnown(): Promise<Known> {
    return (this.#known ??= await stateOf(this.#user, this.#machine()));
  }

  #machine(): Singles {
    const of = (kind: string) => this.#singles.get(kind)?.record;
    const [active, memory, idle] = [of('active'), of('memory'), of('idle')];
    return {
      active: active?.kind === 'active' ? active.doc : null,
      memory: memory?.kind === 'memory' ? memory.doc : null,
      idle: idle?.kind === 'idle' ? idle.doc : null,
    };
  }

  #note({ section, nth, id }: Omit<Incoming, 'record'>, outcome: Outcome, why: string | null): void {
    this.#done += 1;
    const counts = this.#counts.get(section) ?? { added: 0, unchanged: 0, skipped: 0, refused: 0 };
    counts[outcome] += 1;
    this.#counts.set(section, counts);
    if (outcome !== 'skipped' && outcome !== 'refused') return;
    if (this.#notTaken.length >= MOST_LISTED) this.#unlisted += 1;
    else this.#notTaken.push({ section, nth, id, outcome, why: why ?? '' });
  }
}

function sizeOf({ kind, doc }: BookRecord): number | null {
  try {
    return encodeDocument(kind, doc).length;
  } catch (error) {
    if (isTooLarge(error)) return null;
    throw error;
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Problem && error.code === 'too_large';
}
