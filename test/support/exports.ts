/** Exports as tests take, compare and damage them. */

import { accountOf } from '../../src/actions/account.ts';
import type { UserDeps } from '../../src/actions/deps.ts';
import { exportRecords } from '../../src/actions/exports.ts';
import { importRecords, type ImportReport } from '../../src/actions/imports.ts';
import { recordsIn, verifyExport } from '../../src/http/wire/exports/reader.ts';
import { exportText } from '../../src/http/wire/exports/writer.ts';
import type { Store } from '../../src/seams/store.ts';

export { accountOf };

export async function exported(store: Store, email: string, at = 1_772_366_400_000): Promise<string> {
  const records = exportRecords(store.forUser(email), () => store.tokens.listOf(email));
  let text = '';
  for await (const part of exportText({ email, at, version: '1.2.3' }, records)) text += part;
  return text;
}

/** In pieces of an odd size, as a connection brings them. */
export function* pieces(text: string, size = 4_099): Generator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

export async function imported(
  deps: UserDeps & { readonly store: Store },
  email: string,
  text: string,
  { dryRun = false, size = 4_099 } = {},
): Promise<ImportReport> {
  await verifyExport(pieces(text, size));
  return importRecords(deps, deps.store.forUser(email), recordsIn(pieces(text, size)), { dryRun });
}

/** What an export says of the logbook: not whose it is, when it was taken, nor what belongs to one installation. */
export function contentOf(text: string): Record<string, unknown> {
  const { exported_at: _at, user: _user, end: _end, tokens: _tokens, car_polls: _polls, ...rest } = JSON.parse(text);
  const { updated_at: _updated, ...logbook } = rest.logbook ?? {};
  return { ...rest, ...(rest.logbook && { logbook }) };
}

/** The document with something else in it, as somebody who edits it by hand leaves it. */
export function edited(text: string, change: (doc: Record<string, never>) => void): string {
  const doc = JSON.parse(text);
  change(doc);
  const lists = Object.entries(doc).filter(
    ([key]) => !['format', 'version', 'program', 'exported_at', 'user', 'end'].includes(key),
  );
  const counts = Object.fromEntries(
    lists.map(([key, value]) => [key, Array.isArray(value) ? value.length : 1]).filter(([, n]) => n !== 0),
  );
  const { end: _end, ...rest } = doc;
  return JSON.stringify({ ...rest, end: { counts } });
}
