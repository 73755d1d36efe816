/** A report as a workbook of one sheet: dates, times and numbers as such, text always as text. */

import { writeXlsxStream, type CellValue, type ColumnDef } from 'hucre/xlsx';
import { startOfDay } from '../../domain/calendar.ts';
import type { Cell, ColumnKind } from '../../domain/reports/columns.ts';
import { TRAITS_OF } from '../../domain/reports/layouts.ts';
import { lengthOf } from '../../domain/reports/numbers.ts';
import type { Heading, Part, ReportHead } from '../../domain/reports/report.ts';
import { dateOf } from '../../domain/units.ts';
import { linesBehind, portionsOf } from './parts.ts';
import { cutTo, printable } from './printable.ts';

/** What a cell may hold. */
const LONGEST_TEXT = 32_767;
const MINUTES_OF_DAY = 1_440;
const POINTS_PER_CHARACTER = 3.6;

export function xlsxReport(head: ReportHead, parts: AsyncIterable<Part>): AsyncIterable<Uint8Array> {
  return writeXlsxStream(rowsOf(head, parts), {
    name: head.language.words.fileNames[head.layout],
    columns: head.columns.map((column) => columnOf(column, head)),
    freezePane: { rows: 1 },
  });
}

function columnOf({ text, kind, width }: Heading, head: ReportHead): ColumnDef {
  const numFmt = formatOf(kind, head);
  const characters = Math.max(Math.ceil(width / POINTS_PER_CHARACTER), text.length + 1);
  return { header: text, width: characters, ...(numFmt !== null && { numFmt }) };
}

function formatOf(kind: ColumnKind, { layout, language: { language } }: ReportHead): string | null {
  const { decimals, isData } = TRAITS_OF[layout];
  switch (kind) {
    case 'date':
      return language === 'nl' ? 'dd-mm-yyyy' : 'yyyy-mm-dd';
    case 'time':
      return 'hh:mm';
    case 'distance':
      return isData ? '0.000' : decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}`;
    case 'money':
      return '0.00';
    case 'coordinate':
      return '0.0000000';
    case 'text':
    case 'number':
    case 'flag':
      return null;
  }
}

/** The table comes first, so that programs find it; what it is about stands behind it. */
async function* rowsOf(head: ReportHead, parts: AsyncIterable<Part>): AsyncGenerator<CellValue[]> {
  const behind: Part[] = [];
  for await (const portion of portionsOf(parts)) {
    for (const part of portion) {
      if (part.part === 'row') yield valuesOf(part.cells, head);
      else behind.push(part);
    }
  }
  if (TRAITS_OF[head.layout].isData) return;
  for (const part of behind) if (part.part === 'totals') yield valuesOf(part.cells, head);
  yield [];
  for (const line of linesBehind(head, behind)) yield line.map(textOf);
}

function valuesOf(cells: readonly Cell[], { columns, language }: ReportHead): CellValue[] {
  return cells.map((cell, i) => valueOf(cell, columns[i]?.kind ?? 'text', language.unit));
}

function valueOf(cell: Cell, kind: ColumnKind, unit: 'km' | 'mi'): CellValue {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') {
    if (kind === 'distance') return lengthOf(cell, unit);
    return kind === 'money' ? cell / 100 : cell;
  }
  if (kind === 'date' && DATE.test(cell)) return dateOf(startOfDay(cell, 'UTC'));
  if (kind === 'time' && TIME.test(cell)) return minutesIn(cell) / MINUTES_OF_DAY;
  return textOf(cell);
}

/** The label of a total stands in whatever column is first. */
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}$/;

function minutesIn(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function textOf(text: string): string {
  return cutTo(printable(text), LONGEST_TEXT);
}
