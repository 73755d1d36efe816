/** A CSV as rows of text, read piece by piece: its encoding and its quotes are understood here, its meaning is not. */

import { Readable } from 'node:stream';
import { CsvError, parse, type Options } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { Problem } from '../../domain/problem.ts';
import type { Delimiter, FileRow } from '../../domain/trip-files/columns.ts';

/** More than any export of a logbook has; a file that is none must not become one endless row. */
const LONGEST_ROW = 100_000;
const PIECE_LENGTH = 65_536;
const SAMPLE_LENGTH = 200_000;

function optionsFor(delimiter: Delimiter): Options {
  return {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
  };
}

/** Every record, blank ones too, counted as a spreadsheet counts its rows. Throws `invalid_request` that names the row. */
export async function* rowsIn(text: string, delimiter: Delimiter): AsyncGenerator<FileRow> {
  const parser = Readable.from(piecesOf(text)).pipe(parse(optionsFor(delimiter)));
  let row = 0;
  try {
    for await (const record of parser) {
      row += 1;
      const cells: string[] = record;
      if (lengthOf(cells) > LONGEST_ROW) throw noRow(row, `it is longer than ${LONGEST_ROW} characters`);
      yield { row, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw noRow(Number(error['records'] ?? row) + 1, WHY[error.code] ?? 'its quotes do not fit');
  }
}

function* piecesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; from += PIECE_LENGTH) yield text.slice(from, from + PIECE_LENGTH);
}

/** The first rows, to look for a header in, as far as they can be read. */
export function firstRowsOf(text: string, delimiter: Delimiter, most: number): FileRow[] {
  const sample = text.slice(0, SAMPLE_LENGTH);
  const isWhole = sample.length === text.length;
  const rows: FileRow[] = [];
  const keep = (cells: string[]) => {
    rows.push({ row: rows.length + 1, cells });
    return null;
  };
  try {
    const whole = isWhole ? sample : sample.slice(0, sample.lastIndexOf('\n') + 1);
    parseAtOnce(whole, { ...optionsFor(delimiter), to: most, on_record: keep });
  } catch (error) {
    // What comes before it is enough to find the header; whoever reads on meets it again.
    if (!(error instanceof CsvError)) throw error;
  }
  return rows;
}

function lengthOf(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.length, 0);
}

const WHY: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that begins there is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quote ends in the middle of a cell',
};

function noRow(row: number, why: string): Problem {
  const message = `a CSV; row ${row} cannot be read: ${why}`;
  return new Problem('invalid_request', `The file must be ${message}.`, [{ field: 'csv', message }]);
}

/** UTF-8, or UTF-16 that says so with its first character. Throws `invalid_request` for what is no text. */
export function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw noText('a CSV; this is a workbook or an archive: save it as CSV');
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  try {
    return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw noText('a CSV in UTF-8; save it as “CSV UTF-8”');
  }
}

function noText(message: string): Problem {
  return new Problem('invalid_request', `The file must be ${message}.`, [{ field: 'file', message }]);
}
