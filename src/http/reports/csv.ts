/** A report as CSV: UTF-8 with a mark in front; in Dutch with semicolons and decimal commas. Text never becomes a formula. */

import { stringify } from 'csv-stringify/sync';
import type { Cell, ColumnKind } from '../../domain/reports/columns.ts';
import { TRAITS_OF } from '../../domain/reports/layouts.ts';
import { decimalText, fixedText, lengthOf } from '../../domain/reports/numbers.ts';
import type { Heading, Part, ReportHead } from '../../domain/reports/report.ts';
import type { ReportLanguage } from '../../domain/reports/words.ts';
import { linesBehind, portionsOf } from './parts.ts';

const MARK = '\uFEFF';
const FORMULA = /^[=+\-@\t\r]/;
const LENGTH_DECIMALS = 3;
const DEGREE_DECIMALS = 7;

/** The table comes first, so that programs find it; what it is about stands behind it. */
export async function* csvReport(head: ReportHead, parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const { columns, language } = head;
  const isTableAlone = TRAITS_OF[head.layout].isData;
  const behind: Part[] = [];
  yield encoder.encode(MARK + lines([columns.map(({ text }) => text)], language));
  for await (const portion of portionsOf(parts)) {
    const rows = portion.flatMap((part) => (part.part === 'row' ? [cellsOf(part.cells, columns, language)] : []));
    behind.push(...portion.filter(({ part }) => part !== 'row'));
    yield encoder.encode(lines(rows, language));
  }
  if (isTableAlone) return;
  const totals = behind.flatMap((part) => (part.part === 'totals' ? [cellsOf(part.cells, columns, language)] : []));
  const about = linesBehind(head, behind).map((line) => line.map(textOf));
  yield encoder.encode(lines([...totals, [], ...about], language));
}

function lines(rows: readonly (readonly string[])[], { language }: ReportLanguage): string {
  const records = rows.map((row) => (row.length === 0 ? [''] : [...row]));
  return stringify(records, { delimiter: language === 'nl' ? ';' : ',', record_delimiter: '\r\n', quoted_match: /\r/ });
}

function cellsOf(cells: readonly Cell[], columns: readonly Heading[], language: ReportLanguage): string[] {
  return cells.map((cell, i) => cellOf(cell, columns[i]?.kind ?? 'text', language));
}

function cellOf(cell: Cell, kind: ColumnKind, language: ReportLanguage): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return String(cell);
  if (typeof cell === 'string') return textOf(cell);
  if (kind === 'distance') return decimalText(lengthOf(cell, language.unit), LENGTH_DECIMALS, language);
  return kind === 'money' ? fixedText(cell / 100, 2, language) : decimalText(cell, DEGREE_DECIMALS, language);
}

function textOf(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
