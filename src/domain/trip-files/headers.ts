/** Which row of a file heads its columns, and what each of them means. */

import { Problem, unprocessable, type FieldError } from '../problem.ts';
import type { DistanceUnit } from '../units.ts';
import { COLUMNS, type Column, type Delimiter, type FileRow, type Format, type Mapping } from './columns.ts';
import { KNOWN_FILES, type KnownFile, type Names } from './formats.ts';
import { unitOf } from './numbers.ts';

/** Where in a row a column stands. */
export interface Place {
  readonly at: number;
  readonly header: string;
  /** As the header says; `null`: it says none. */
  readonly unit: DistanceUnit | null;
}

export interface Layout {
  readonly file: KnownFile;
  /** Nobody said of which kind the file is. */
  readonly isRecognised: boolean;
  readonly delimiter: Delimiter;
  /** The row of the header. */
  readonly row: number;
  readonly places: ReadonlyMap<Column, Place>;
  /** Headers of columns that are not read. */
  readonly ignored: readonly string[];
}

/** How deep a header may lie below what a program writes above it. */
export const ROWS_LOOKED_AT = 50;

interface Header {
  readonly row: number;
  readonly cells: readonly string[];
  /** Without case and marks; and without units too. */
  readonly plains: readonly string[];
  readonly names: readonly { readonly name: string; readonly unit: DistanceUnit | null }[];
}

/** Throws `Problem('unprocessable')` that names what is missing, and what the file has. */
export function layoutOf(
  rows: readonly FileRow[],
  format: Format | null,
  mapping: Mapping,
  delimiter: Delimiter,
): Layout {
  const headers = rows.slice(0, ROWS_LOOKED_AT).map(headerOf);
  const files = KNOWN_FILES.filter((file) => format === null || file.format === format);
  const { file, header } =
    marked(files, headers) ?? headed(files, headers, mapping) ?? notFound(format, files, headers);
  const places = placesIn(header, file.names, mapping);
  refuseMissing(places, header);
  const read = new Set([...places.values()].map(({ at }) => at));
  const ignored = header.cells.filter((cell, i) => cell.trim() !== '' && !read.has(i));
  return { file, isRecognised: format === null, delimiter, row: header.row, places, ignored };
}

interface Found {
  readonly file: KnownFile;
  readonly header: Header;
}

/** By what only such a file has. */
function marked(files: readonly KnownFile[], headers: readonly Header[]): Found | null {
  for (const file of files) {
    const header = headers.find((one) => isMarked(one, file));
    if (header !== undefined) return { file, header };
  }
  return null;
}

/** By the row in which the most columns are known, in a file that has no mark. */
function headed(files: readonly KnownFile[], headers: readonly Header[], mapping: Mapping): Found | null {
  const file = files.findLast(({ mark }) => mark.length === 0);
  if (file === undefined) return null;
  let best: (Found & { readonly known: number }) | null = null;
  for (const header of headers) {
    const known = placesIn(header, file.names, mapping, true).size;
    if (known > (best?.known ?? 0)) best = { file, header, known };
  }
  return best;
}

function headerOf({ row, cells }: FileRow): Header {
  const plains = cells.map(plain);
  return { row, cells, plains, names: plains.map(nameOf) };
}

const UNIT_BEHIND = /[ ([]([a-z]+)[)\]]?$/;

/** A plain header without its unit. */
function nameOf(text: string): { readonly name: string; readonly unit: DistanceUnit | null } {
  const unit = unitOf(UNIT_BEHIND.exec(text)?.[1] ?? '');
  return { name: unit === null ? text : text.replace(UNIT_BEHIND, '').trim(), unit: unit ?? unitOf(text) };
}

function plain(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_\-*:.]+/g, ' ')
    .trim();
}

/** Marks may name a unit, where it belongs to the name. */
function isMarked({ plains, names }: Header, { mark }: KnownFile): boolean {
  const known = new Set([...plains, ...names.map(({ name }) => name)]);
  return mark.length > 0 && mark.every((name) => known.has(name));
}

/** Throws for a column somebody names that is not there, unless it is only looked for. */
function placesIn(header: Header, names: Names, mapping: Mapping, isTrial = false): ReadonlyMap<Column, Place> {
  const said = COLUMNS.flatMap((column) => {
    const name = mapping.columns[column];
    return typeof name === 'string' ? [{ column, name, at: indexOf(header, name) }] : [];
  });
  const errors = said.filter(({ at }) => at < 0).map(({ column, name }) => notThere(column, name, header));
  if (errors.length > 0 && !isTrial) throw new Problem('unprocessable', 'The file has no such columns.', errors);
  const places = new Map<Column, Place>();
  const taken = new Set(said.map(({ at }) => at));
  for (const { column, at } of said) if (at >= 0) places.set(column, placeAt(header, at));
  for (const column of COLUMNS) {
    if (mapping.columns[column] !== undefined) continue;
    const at = firstOf(header, names[column] ?? [], taken);
    if (at === null) continue;
    taken.add(at);
    places.set(column, placeAt(header, at));
  }
  return places;
}

function placeAt({ cells, names }: Header, at: number): Place {
  return { at, header: cells[at]?.trim() ?? '', unit: names[at]?.unit ?? null };
}

/** As it stands there, else without regard to case and marks. */
function indexOf({ cells, plains }: Header, name: string): number {
  const exact = cells.findIndex((cell) => cell.trim() === name.trim());
  return exact >= 0 ? exact : plains.indexOf(plain(name));
}

function firstOf({ plains, names }: Header, wanted: readonly string[], taken: ReadonlySet<number>): number | null {
  for (const name of wanted) {
    const at = plains.findIndex((cell, i) => !taken.has(i) && (names[i]?.name === name || cell === name));
    if (at >= 0) return at;
  }
  return null;
}

/** A trip cannot do without its start, its end and how far it went. */
function refuseMissing(places: ReadonlyMap<Column, Place>, header: Header): void {
  const has = (...columns: readonly Column[]) => columns.some((column) => places.has(column));
  const missing: FieldError[] = [];
  const lacks = (column: Column, expected: string) =>
    missing.push({ field: `mapping.columns.${column}`, message: `${expected}; the file has ${listed(header)}` });
  if (!has('started_at', 'date')) lacks('started_at', 'required, or date and start_time: when a trip began');
  if (!has('ended_at', 'end_time', 'duration_min')) lacks('ended_at', 'required, or end_time or duration_min');
  const hasOdometers = has('start_odometer') && has('end_odometer');
  if (!has('distance', 'business_distance', 'private_distance') && !hasOdometers) {
    lacks('distance', 'required, or start_odometer and end_odometer');
  }
  if (missing.length > 0) throw new Problem('unprocessable', 'Say which columns of the file these are.', missing);
}

function notThere(column: Column, name: string, header: Header): FieldError {
  return {
    field: `mapping.columns.${column}`,
    message: `no column is headed “${name}”; the file has ${listed(header)}`,
  };
}

const MOST_LISTED = 40;

function listed({ cells }: Header): string {
  const names = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  return names.length === 0
    ? 'none'
    : names
        .slice(0, MOST_LISTED)
        .map((name) => `“${name.slice(0, 60)}”`)
        .join(', ');
}

function notFound(format: Format | null, files: readonly KnownFile[], headers: readonly Header[]): never {
  const widest = headers.toSorted((a, b) => b.cells.length - a.cells.length)[0];
  const has = widest === undefined ? 'no rows' : listed(widest);
  const marks = files.map(({ mark }) => mark.map((name) => `“${name}”`).join(', ')).filter((mark) => mark !== '');
  if (format !== null && marks.length > 0) {
    const message = `a file of ${format} has the columns ${marks.join('; or ')}; this one has ${has}`;
    throw unprocessable('format', message);
  }
  throw unprocessable('mapping.columns', `required: no row with known headers was found; the file has ${has}`);
}

/** How many columns are known: what tells one delimiter from another. */
export function knownColumns({ places }: Layout): number {
  return places.size;
}
