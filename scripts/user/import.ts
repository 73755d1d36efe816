/** `npm run user -- import FILE`: takes an export of any size into one logbook, and says what became of every record. */

import { createReadStream, existsSync } from 'node:fs';
import type { ImportDeps } from '../../src/actions/import-records.ts';
import { importRecords, type ImportReport } from '../../src/actions/imports.ts';
import { recordsIn, verifyExport } from '../../src/http/wire/exports/reader.ts';
import type { Store } from '../../src/seams/store.ts';
import { progressOn } from './progress.ts';

type Needs = Omit<ImportDeps, 'unknownUsers'> & { readonly store: Store };

/** `false`: some records were refused. Read twice: once to see that it is whole, and only then to take it. */
export async function importFile(deps: Needs, email: string, file: string, dryRun: boolean): Promise<boolean> {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  await verifyExport(createReadStream(file));
  const progress = progressOn(process.stderr);
  let told = 0;
  const onProgress = (done: number): void => {
    for (; told < done; told += 1) progress.count();
  };
  const user = deps.store.forUser(email);
  const needs: ImportDeps = { ...deps, unknownUsers: 'refuse' };
  const report = await importRecords(needs, user, recordsIn(createReadStream(file)), { dryRun, onProgress });
  progress.say(null);
  print(report, email, dryRun);
  return Object.values(report.sections).every(({ refused }) => refused === 0);
}

function print({ sections, notTaken, unlisted }: ImportReport, email: string, dryRun: boolean): void {
  for (const { section, nth, id, outcome, why } of notTaken) {
    console.log(`${section} ${nth}${id === null || id === '' ? '' : ` (${id})`} ${outcome}: ${why}`);
  }
  if (unlisted > 0) console.log(`… and ${unlisted} more`);
  for (const [section, { added, unchanged, skipped, refused }] of Object.entries(sections)) {
    console.log(`${section}: ${added} added, ${unchanged} were there, ${skipped} skipped, ${refused} refused`);
  }
  console.log(dryRun ? `Nothing was written: this is what would come of it for ${email}.` : `Imported for ${email}.`);
}
