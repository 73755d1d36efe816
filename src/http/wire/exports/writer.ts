/**
 * An export as text: one JSON document with a record per line. Its last line holds counts and a hash of all lines before
 * it: a document without it was cut off, whatever its sender's connection said.
 */

import { createHash } from 'node:crypto';
import type { Exported } from '../../../actions/exports.ts';
import { isoOf } from '../../../domain/units.ts';
import { SECTIONS, type RecordKind, type Section } from './sections.ts';

export const FORMAT = 'mileage-logbook-export';
export const FORMAT_VERSION = 1;
/** The key of the last line. */
export const END = 'end';

export interface ExportHead {
  readonly email: string;
  readonly at: number;
  /** Of the program. */
  readonly version: string;
}

const BY_KIND = new Map<RecordKind, Section>(SECTIONS.map((section) => [section.kind, section as Section]));

/** The records come section by section; one without records is left out. Answers how many there were. */
export async function* exportText(head: ExportHead, records: AsyncIterable<Exported>): AsyncGenerator<string, number> {
  const hash = createHash('sha256');
  const counts: Record<string, number> = {};
  const hashed = (text: string): string => {
    hash.update(text);
    return text;
  };
  yield hashed(beginning(head));
  let current: Section | null = null;
  for await (const record of records) {
    const section = BY_KIND.get(record.kind);
    if (section === undefined) continue;
    const isFirst = section !== current;
    const opening = isFirst ? `${closingOf(current)},\n"${section.key}": ${section.isList ? '[\n' : ''}` : ',\n';
    current = section;
    counts[section.key] = (counts[section.key] ?? 0) + 1;
    yield hashed(opening + JSON.stringify(section.toWire(record)));
  }
  yield hashed(`${closingOf(current)},\n`);
  yield `"${END}": ${JSON.stringify({ counts, sha256: hash.digest('hex') })}}\n`;
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function beginning({ email, at, version }: ExportHead): string {
  const fields = { format: FORMAT, version: FORMAT_VERSION, program: version, exported_at: isoOf(at), user: email };
  return JSON.stringify(fields).replace(/\}$/, '');
}

function closingOf(section: Section | null): string {
  return section?.isList ? ']' : '';
}
