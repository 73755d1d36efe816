/** Reports read back by other hands than wrote them: a plain CSV reader, a spreadsheet library, and pdftotext. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readSheet } from 'read-excel-file/node';
import { scratchFile } from './scratch.ts';

export const CAN_READ_PDF = spawnSync('pdftotext', ['-v']).error === undefined;

/** Records and fields as RFC 4180 has them. */
export function readCsv(text: string, delimiter: string): string[][] {
  if (!text.startsWith('\uFEFF')) throw new Error('no byte order mark');
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 1; i < text.length; i += 1) {
    const sign = text[i] ?? '';
    if (isQuoted) {
      if (sign !== '"') field += sign;
      else if (text[i + 1] === '"') field += text[(i += 1)];
      else isQuoted = false;
    } else if (sign === '"') isQuoted = true;
    else if (sign === delimiter || text.startsWith('\r\n', i)) {
      record.push(field);
      field = '';
      if (sign === delimiter) continue;
      i += 1;
      records.push(record);
      record = [];
    } else field += sign;
  }
  if (field !== '' || record.length > 0) throw new Error('the last line does not end');
  return records;
}

export async function readXlsx(bytes: Buffer): Promise<unknown[][]> {
  return (await readSheet(bytes)) as unknown[][];
}

/** A cell that holds a time: the part of a day that has gone. */
export function asTime(cell: unknown): string {
  const ms = cell instanceof Date ? cell.getTime() : Number(cell) * 86_400_000;
  return new Date(Math.round(ms / 60_000) * 60_000).toISOString().slice(11, 16);
}

export interface Band {
  readonly left: number;
  readonly right: number;
}

export interface Word {
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Every word with the middle of where it stands, page by page. */
export function pdfWords(bytes: Buffer): Word[] {
  const xml = pdftotext(bytes, '-bbox');
  const words: Word[] = [];
  for (const [page, body] of xml.split('<page ').slice(1).entries()) {
    for (const match of body.matchAll(
      /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)<\/word>/g,
    )) {
      const [, left = '', top = '', right = '', text = ''] = match;
      words.push({ page, x: (Number(left) + Number(right)) / 2, y: Number(top), text: unescaped(text) });
    }
  }
  return words;
}

export function pdfText(bytes: Buffer): string {
  return pdftotext(bytes, '-layout');
}

/** The rows whose first cell looks like that, cell by cell, without the blanks a line break leaves. */
export function pdfRows(bytes: Buffer, bands: readonly Band[], first: RegExp): string[][] {
  const words = pdfWords(bytes);
  const [band] = bands;
  const begins = words.filter(({ x, text }) => band && x >= band.left && x <= band.right && first.test(text));
  const rows = begins.map((begin, i) => {
    const next = begins[i + 1];
    const until = Math.min(next?.page === begin.page ? next.y : Infinity, endOfRow(words, begin));
    const own = words.filter(({ page, y }) => page === begin.page && y >= begin.y - 0.5 && y < until - 0.5);
    return bands.map(({ left, right }) =>
      own
        .filter(({ x }) => x >= left && x <= right)
        .toSorted((a, b) => a.y - b.y || a.x - b.x)
        .map(({ text }) => text)
        .join(''),
    );
  });
  return rows.filter(([cell = '']) => first.test(cell));
}

/** A row ends where the lines stand farther apart than within one. */
function endOfRow(words: readonly Word[], begin: Word): number {
  const lines = [...new Set(words.filter(({ page, y }) => page === begin.page && y >= begin.y).map(({ y }) => y))];
  const sorted = lines.toSorted((a, b) => a - b);
  const broken = sorted.findIndex((y, i) => i > 0 && y - (sorted[i - 1] ?? y) > 9);
  return broken === -1 ? Infinity : (sorted[broken] ?? Infinity);
}

function pdftotext(bytes: Buffer, mode: string): string {
  const path = scratchFile('report.pdf');
  writeFileSync(path, bytes);
  const { status, stdout, stderr } = spawnSync('pdftotext', [mode, path, '-'], { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0 || stderr !== '') throw new Error(`pdftotext: ${stderr}`);
  return stdout;
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
