/**
 * An export read back, record by record, from bytes nobody vouches for. What one record gets wrong is said of that
 * record; only what is no export at all, was cut off or changed on its way stops the reading. Holds one record at a time.
 */

import { Problem } from '../../../domain/problem.ts';
import type { Incoming } from '../../../actions/imports.ts';
import { Misfit, objectIn } from './forms.ts';
import { SECTIONS } from './sections.ts';
import { Slicer, type Slice } from './slices.ts';
import { END, FORMAT, FORMAT_VERSION } from './writer.ts';

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const HEAD = ['format', 'version', 'program', 'exported_at', 'user'];
const BY_KEY = new Map(SECTIONS.map((section) => [section.key, section] as const));

/** Reads all of it once. Throws `invalid_request` unless it is an export, whole, and as it was written. */
export async function verifyExport(bytes: Bytes): Promise<{ readonly records: number }> {
  const slicer = new Slicer();
  const found = new Found();
  try {
    for await (const chunk of bytes) for (const slice of slicer.push(chunk)) found.note(slice);
    slicer.end();
    refuseOthers(found.head);
    refuseIncomplete(found.end, found.counts, slicer.hashBeforeLastKey());
  } catch (error) {
    throw error instanceof Misfit ? refusal(error) : error;
  }
  return { records: [...found.counts.values()].reduce((sum, count) => sum + count, 0) };
}

class Found {
  readonly head = new Map<string, unknown>();
  readonly counts = new Map<string, number>();
  end: Readonly<Record<string, unknown>> | null = null;

  note(slice: Slice): void {
    if (this.end !== null) throw new Misfit(END, 'the last key');
    if (slice.key === END) this.end = objectIn(parsed(slice), END) as Readonly<Record<string, unknown>>;
    else if (HEAD.includes(slice.key)) this.head.set(slice.key, parsed(slice));
    else this.counts.set(slice.key, (this.counts.get(slice.key) ?? 0) + 1);
  }
}

function refuseOthers(head: ReadonlyMap<string, unknown>): void {
  if (head.get('format') !== FORMAT) throw new Misfit('format', `"${FORMAT}": this is no export`);
  const version = head.get('version');
  if (version !== FORMAT_VERSION) throw new Misfit('version', `${FORMAT_VERSION}, the one this program reads`);
}

function refuseIncomplete(
  end: Readonly<Record<string, unknown>> | null,
  counts: ReadonlyMap<string, number>,
  hash: string,
): void {
  if (end === null) throw new Misfit(END, 'there: the document was cut off');
  const told = new Map(Object.entries(objectIn(end['counts'], `${END}.counts`)));
  for (const key of new Set([...told.keys(), ...counts.keys()])) {
    const found = counts.get(key) ?? 0;
    if (told.get(key) !== found) throw new Misfit(`${END}.counts.${key}`, `${found}, as many as there are`);
  }
  if (end['sha256'] === undefined || end['sha256'] === hash) return;
  const how = 'the hash of all lines before it: the document was changed since. Meant so? Leave sha256 out';
  throw new Misfit(`${END}.sha256`, how);
}

/** The records in their order. Call `verifyExport` first. */
export async function* recordsIn(bytes: Bytes): AsyncGenerator<Incoming> {
  const slicer = new Slicer();
  const numbers = new Map<string, number>();
  for await (const chunk of bytes) {
    for (const slice of slicer.push(chunk)) {
      if (slice.key === END || HEAD.includes(slice.key)) continue;
      const nth = (numbers.get(slice.key) ?? 0) + 1;
      numbers.set(slice.key, nth);
      yield incoming(slice, nth);
    }
  }
}

function incoming(slice: Slice, nth: number): Incoming {
  const section = BY_KEY.get(slice.key);
  const named = { section: slice.key, nth };
  if (section === undefined) return { ...named, id: null, record: null, why: 'nothing of this name is known' };
  if (section.isList !== slice.isElement) {
    return { ...named, id: null, record: null, why: `must be ${section.isList ? 'in a list' : 'one object'}` };
  }
  let wire: unknown = null;
  try {
    wire = parsed(slice);
    const record = section.fromWire(wire);
    return { ...named, id: record.id, record };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { ...named, id: idIn(wire), record: null, why: error.message };
  }
}

/** For the report, of a record that cannot be read. */
function idIn(wire: unknown): string | null {
  if (typeof wire !== 'object' || wire === null || !('id' in wire)) return null;
  return typeof wire.id === 'string' ? wire.id.slice(0, 100) : null;
}

function parsed({ key, text }: Slice): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misfit(key, 'JSON');
  }
}

function refusal({ message }: Misfit): Problem {
  const field = /^[\w.]+(?= must)/.exec(message)?.[0] ?? '';
  return new Problem('invalid_request', `The document cannot be imported: ${message}.`, [{ field, message }]);
}
