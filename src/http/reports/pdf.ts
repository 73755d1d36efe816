/** A report as pages: a table drawn row by row, headed anew on each page. Others get their turn after every few rows. */

import { setImmediate } from 'node:timers/promises';
import type { Cell, ColumnKind } from '../../domain/reports/columns.ts';
import { TRAITS_OF } from '../../domain/reports/layouts.ts';
import { dateText, fixedText, lengthOf } from '../../domain/reports/numbers.ts';
import type { Fact, Part, ReportHead } from '../../domain/reports/report.ts';
import { Pages } from './pages.ts';
import type { Face } from './typesetter.ts';

const TITLE_SIZE = 13;
const SECTION_SIZE = 10;
const SIZE = 6.2;
const LEADING = 7.9;
const GAP = 5;
const ROWS_AT_ONCE = 8;

export async function* pdfReport(head: ReportHead, parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  const sheet = new Sheet(head);
  const drawn = sheet.drawAll(parts);
  // A failure ends the stream below, which tells of it; nobody else waits for this.
  drawn.catch((error: unknown) => sheet.pages.doc.destroy(error instanceof Error ? error : new Error(String(error))));
  yield* sheet.pages.doc as AsyncIterable<Uint8Array>;
  await drawn;
}

interface Slot {
  readonly x: number;
  readonly width: number;
  readonly kind: ColumnKind;
}

class Sheet {
  readonly pages: Pages;
  readonly #head: ReportHead;
  readonly #slots: readonly Slot[];

  constructor(head: ReportHead) {
    const { words, language } = head.language;
    const [driver, period, generated] = head.facts.map(({ label, text }) => `${label}: ${text}`);
    const foot = [head.title, driver, period, generated].filter((part) => part !== undefined).join(' · ');
    const author = head.facts[0]?.text ?? '';
    this.#head = head;
    const { title, at } = head;
    this.pages = new Pages({ title, author, at, language, foot, page: words.page, of: words.pageOf });
    this.#slots = slotsOf(head, this.pages);
  }

  async drawAll(parts: AsyncIterable<Part>): Promise<void> {
    this.#text(this.#head.title, 'bold', TITLE_SIZE);
    this.#facts(this.#head.facts);
    if (!TRAITS_OF[this.#head.layout].byCar) this.#beginTable();
    let rows = 0;
    for await (const part of parts) {
      this.#draw(part);
      rows += 1;
      if (rows % ROWS_AT_ONCE === 0) await setImmediate();
    }
    this.pages.end();
  }

  #draw(part: Part): void {
    switch (part.part) {
      case 'section':
        this.#section(part.title, part.facts);
        break;
      case 'row':
        this.#row(part.cells, 'regular');
        break;
      case 'totals':
        this.#row(part.cells, 'bold');
        this.#endTable();
        this.#facts(part.facts);
        break;
      case 'notes':
        this.#endTable();
        if (part.title !== null) this.#text(part.title, 'bold', SECTION_SIZE);
        for (const line of part.lines) this.#text(line, 'regular', SIZE);
        break;
    }
  }

  /** Its table begins where some of its rows have room. */
  #section(title: string, facts: readonly Fact[]): void {
    this.#endTable();
    const needed = SECTION_SIZE * 2 + (facts.length + 5) * LEADING;
    if (this.pages.room < needed) this.pages.addPage();
    this.pages.moveDown(SECTION_SIZE);
    this.#text(title, 'bold', SECTION_SIZE);
    this.#facts(facts);
    this.#beginTable();
  }

  #beginTable(): void {
    this.pages.onNewPage = () => this.#headings();
    this.#headings();
  }

  #endTable(): void {
    this.pages.onNewPage = null;
  }

  #headings(): void {
    const lines = this.#head.columns.map(({ text }, i) => this.#linesIn(text, this.#slots[i], 'bold'));
    this.pages.moveDown(GAP);
    this.#lines(lines, 0, Math.max(...lines.map(({ length }) => length)), 'bold');
    this.pages.moveDown(1);
    this.pages.rule();
    this.pages.moveDown(2);
  }

  /** Kept together where a page can hold it. */
  #row(cells: readonly Cell[], face: Face): void {
    const isTotal = face === 'bold';
    const lines = cells.map((cell, i) =>
      this.#linesIn(this.#textOf(cell, i), this.#slots[i], face, isTotal && i === 0),
    );
    const all = Math.max(1, ...lines.map(({ length }) => length));
    if (all * LEADING + 3 > this.pages.room) this.pages.addPage();
    for (let from = 0; from < all;) {
      const fitting = Math.max(1, Math.floor((this.pages.room - 3) / LEADING));
      this.#lines(lines, from, Math.min(all, from + fitting), face);
      from += fitting;
      if (from < all) this.pages.addPage();
    }
    this.pages.moveDown(1.5);
    this.pages.rule();
    this.pages.moveDown(1.5);
  }

  #lines(cells: readonly (readonly string[])[], from: number, to: number, face: Face): void {
    for (let i = from; i < to; i += 1) {
      for (const [column, lines] of cells.entries()) {
        const [slot, text] = [this.#slots[column], lines[i] ?? ''];
        if (slot === undefined || text === '') continue;
        const isRight = slot.kind === 'distance' || slot.kind === 'money' || slot.kind === 'number';
        const free = isRight ? slot.width - this.pages.type.width(text, face, SIZE) : 0;
        this.pages.write(text, slot.x + Math.max(0, free), face, SIZE);
      }
      this.pages.moveDown(LEADING);
    }
  }

  /** The name of a total may run over the columns that have none. */
  #linesIn(text: string, slot: Slot | undefined, face: Face, isName = false): readonly string[] {
    if (slot === undefined || text === '') return [];
    const room = isName ? this.#roomOfName() : slot.width;
    return this.pages.type.lines(text, room, face, SIZE);
  }

  #roomOfName(): number {
    const first = this.#slots.find(({ kind }) => kind === 'distance' || kind === 'money');
    return (first?.x ?? this.pages.width) - this.pages.left - GAP;
  }

  #textOf(cell: Cell, column: number): string {
    if (cell === null) return '';
    const kind = this.#slots[column]?.kind ?? 'text';
    const { language, layout } = this.#head;
    if (typeof cell === 'boolean') return cell ? language.words.yes : language.words.no;
    if (typeof cell === 'string') return kind === 'date' && DATE.test(cell) ? dateText(cell, language) : cell;
    if (kind === 'distance') return fixedText(lengthOf(cell, language.unit), TRAITS_OF[layout].decimals, language);
    return kind === 'money' ? fixedText(cell / 100, 2, language) : String(cell);
  }

  #facts(facts: readonly Fact[]): void {
    for (const { label, text } of facts) this.#text(`${label}: ${text}`, 'regular', SIZE);
    this.pages.moveDown(GAP);
  }

  #text(text: string, face: Face, size: number): void {
    const height = size * (LEADING / SIZE);
    for (const line of this.pages.type.lines(text, this.pages.width, face, size)) {
      if (height > this.pages.room) this.pages.addPage();
      this.pages.write(line, this.pages.left, face, size);
      this.pages.moveDown(height);
    }
  }
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The columns side by side, as wide as they ask for in proportion. */
function slotsOf({ columns }: ReportHead, pages: Pages): Slot[] {
  const asked = columns.reduce((sum, { width }) => sum + width, 0);
  const scale = (pages.width - GAP * (columns.length - 1)) / asked;
  let x = pages.left;
  return columns.map(({ width, kind }) => {
    const slot = { x, width: width * scale, kind };
    x += slot.width + GAP;
    return slot;
  });
}
