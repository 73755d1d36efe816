/** `/me`: the account itself; everything of it to take away, to take back, and to delete. */

import { setImmediate } from 'node:timers/promises';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { accountOf } from '../../actions/account.ts';
import type { Deps, UserDeps } from '../../actions/deps.ts';
import { exportRecords } from '../../actions/exports.ts';
import { importRecords } from '../../actions/imports.ts';
import type { KnownTokens } from '../../actions/known-tokens.ts';
import { removeUser } from '../../actions/users.ts';
import type { Log } from '../../seams/log.ts';
import type { Env } from '../env.ts';
import type { HttpOptions } from '../options.ts';
import { AccountWire, accountToWire, ImportReportWire, importReportToWire } from '../wire/account.ts';
import { recordsIn, verifyExport } from '../wire/exports/reader.ts';
import { exportText } from '../wire/exports/writer.ts';
import { flagParameter, queryOf } from '../wire/lists.ts';
import { isoOf } from '../../domain/units.ts';
import { json, jsonType, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Account'];

/** Streamed both ways, and so described, but not validated as a whole. */
const DOCUMENT: Readonly<Record<string, { readonly schema: { readonly type: 'object' } }>> = {
  'application/json': { schema: { type: 'object' } },
};

const read = createRoute({
  method: 'get',
  path: '/me',
  tags,
  summary: 'The account: since when, how much, and what this credential may do',
  request: { query: noParameters },
  responses: { 200: json(AccountWire, 'The account'), ...refusals() },
});

const download = createRoute({
  method: 'get',
  path: '/me/export',
  tags,
  summary: 'Everything of the account as one document, without secrets; its last line proves that it is whole',
  request: { query: noParameters },
  responses: {
    200: { description: 'The document, a record per line', content: DOCUMENT },
    ...refusals(),
  },
});

const upload = createRoute({
  method: 'post',
  path: '/me/import',
  tags,
  summary: 'Take an export back, up to 32 MB. What is there stays as it is; doing it again changes nothing',
  middleware: jsonType,
  request: {
    query: queryOf({
      dry_run: flagParameter().optional().openapi({ description: 'Only says what would come of it' }),
    }),
    body: { required: true, content: DOCUMENT },
  },
  responses: { 200: json(ImportReportWire, 'What was taken, and what was not and why'), ...refusals(415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/me',
  tags,
  summary: 'Delete the account with everything of it, at once and for good',
  request: { query: noParameters },
  responses: { 204: { description: 'Neither the address nor anything of it is left' }, ...refusals() },
});

/** Hands on what reaches beyond one logbook, bound to the caller's own. */
export function ownAccount({ store }: Pick<Deps, 'store'>, known: KnownTokens): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { user } = c.var.caller;
    c.set('account', {
      tokens: () => store.tokens.listOf(user),
      remove: async () => void (await removeUser(store, known, user)),
    });
    await next();
  };
}

export function accountRoutes(deps: UserDeps, options: Pick<HttpOptions, 'auth' | 'version'>): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const account = await accountOf(c.var.store, c.var.account.tokens, deps.clock.now());
    return c.json(accountToWire(account, c.var.caller, options.auth), 200);
  });

  routes.openapi(download, async (c) => {
    const at = deps.clock.now();
    const head = { email: c.var.caller.user, at, version: options.version };
    const texts = exportText(head, exportRecords(c.var.store, c.var.account.tokens));
    c.header('content-type', 'application/json');
    c.header('cache-control', 'no-store');
    c.header('content-disposition', `attachment; filename="mileage-logbook-${isoOf(at).slice(0, 10)}.json"`);
    return c.body(await streamOf(texts, deps.log, c.var.requestId), 200);
  });

  routes.openapi(upload, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const dryRun = c.req.valid('query').dry_run ?? false;
    await verifyExport(pieces(bytes));
    const report = await importRecords(deps, c.var.store, recordsIn(pieces(bytes)), { dryRun });
    return c.json(importReportToWire(report, dryRun), 200);
  });

  routes.openapi(remove, async (c) => {
    await c.var.account.remove();
    return c.body(null, 204);
  });

  return routes;
}

const PIECE_BYTES = 65_536;

/** Others get their turn in between. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    yield bytes.subarray(from, from + PIECE_BYTES);
    await setImmediate();
  }
}

/** As much is read ahead as the reader takes; the beginning, so that a store that fails at once is a proper error. */
async function streamOf(
  texts: AsyncGenerator<string>,
  log: Log,
  requestId: string,
): Promise<ReadableStream<Uint8Array>> {
  const parts = gathered(texts);
  const first = await parts.next();
  async function* rest(): AsyncGenerator<Uint8Array> {
    if (!first.done) yield first.value;
    try {
      yield* parts;
    } catch (error) {
      log.write('ERROR', 'An export ended before its last line', { request_id: requestId, error });
      throw error;
    }
  }
  return ReadableStream.from(rest());
}

async function* gathered(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let held = '';
  for await (const text of texts) {
    held += text;
    if (held.length < PIECE_BYTES) continue;
    yield encoder.encode(held);
    held = '';
  }
  if (held !== '') yield encoder.encode(held);
}
