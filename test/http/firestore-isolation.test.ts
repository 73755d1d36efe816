import { describeFirestore, emulatorHost, openTempFirestore } from '../support/firestore.ts';
import { runs } from '../support/runs.ts';
import { fuzzedRoutes } from './fuzz-suite.ts';
import { isolationWalk } from './isolation-suite.ts';
import type { Kept } from './walk/world.ts';

interface Row {
  readonly document?: { readonly name: string };
}

/** A user's document and every one below it by where it lies, with when it was written. */
async function documentsOf(projectId: string, email: string): Promise<Record<string, unknown>> {
  const user = `http://${emulatorHost()}/v1/projects/${projectId}/databases/(default)/documents/users/${email}`;
  const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' };
  const body = JSON.stringify({ structuredQuery: { from: [{ allDescendants: true }] } });
  const answer = await fetch(`${user}:runQuery`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  const rows = (await answer.json()) as readonly Row[];
  const documents = rows.flatMap(({ document }) => (document === undefined ? [] : [document]));
  // Tokens are made and used meanwhile, and looked at apart.
  const lasting = documents.filter(({ name }) => !name.includes('/tokens_index/'));
  const itself: unknown = await (await fetch(user, { headers })).json();
  return { itself, ...Object.fromEntries(lasting.map((document) => [document.name, document])) };
}

function onFirestore(): Kept {
  const { store, options, remove } = openTempFirestore();
  return { store, path: '', remove, dump: (email) => documentsOf(options.projectId, email) };
}

describeFirestore('on Firestore', () => {
  const isLong = Boolean(process.env['LONG']);
  isolationWalk(onFirestore, isLong);
  if (isLong) fuzzedRoutes(onFirestore, runs(2, 20));
});
