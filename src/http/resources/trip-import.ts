/** `/import`: trips from a file of another program, or of our own. */

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { UserDeps } from '../../actions/deps.ts';
import { importTrips } from '../../actions/trip-import.ts';
import { Problem } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import { textOf } from '../wire/csv.ts';
import {
  MappingIn,
  mappingOf,
  tripFileOf,
  TripImportIn,
  tripImportQuery,
  tripImportToWire,
  TripImportWire,
} from '../wire/trip-import.ts';
import { invalidRequest } from '../problems.ts';
import { isJson, json, refusals, resourceRouter } from './router.ts';

/** Told apart and read by hand, and so described, but not validated by the route. */
const BODY: Readonly<Record<string, { readonly schema: object }>> = {
  'application/json': { schema: { $ref: '#/components/schemas/TripImport' } },
  'multipart/form-data': {
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        file: { type: 'string', format: 'binary' },
        mapping: { type: 'string', description: 'JSON, an `ImportMapping`' },
      },
    },
  },
};

const jsonOrForm: MiddlewareHandler<Env> = async (c, next) => {
  if (!isJson(c) && !isForm(c)) {
    throw new Problem('unsupported_media_type', 'Send the file as multipart/form-data, or as JSON with csv in it.');
  }
  await next();
};

const upload = createRoute({
  method: 'post',
  path: '/import',
  tags: ['Trips'],
  summary: 'Trips from a CSV of MileIQ, Driversnote, TeslaMate, a spreadsheet or our own',
  description: `Up to 10 MB and 20,000 trips. What the header and the rows prove about how the file is written is
understood; a unit, the order of a date or a decimal sign that could be two things is asked for: 422 with
\`mapping.distance_unit\`, \`mapping.date_format\` and the like. A trip that is in the logbook already, or twice in the
file, is added once. Undone as one with \`POST /activity/{id}/undo\`.`,
  middleware: jsonOrForm,
  request: { query: tripImportQuery, body: { required: true, content: BODY } },
  responses: { 200: json(TripImportWire, 'What became of each row'), ...refusals(413, 415, 422) },
});

export function tripImportRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();
  routes.openAPIRegistry.register('TripImport', TripImportIn);
  routes.openAPIRegistry.register('ImportMapping', MappingIn);

  routes.openapi(upload, async (c) => {
    const { dry_run: dryRun = false, format = null } = c.req.valid('query');
    const { csv, mapping: said } = isJson(c) ? await jsonIn(c) : await formIn(c);
    refuseTooLarge(csv);
    const mapping = mappingOf(said);
    const file = tripFileOf(csv, format, mapping);
    const report = await importTrips(deps, c.var.store, file, { mapping, by: c.var.caller.actor, dryRun });
    return c.json(tripImportToWire(report, dryRun, said), 200);
  });

  return routes;
}

type Sent = z.infer<typeof TripImportIn>;

const MOST_MB = 10;

function refuseTooLarge(csv: string): void {
  const isTooLarge = csv.length > MOST_MB * 1_048_576 || Buffer.byteLength(csv) > MOST_MB * 1_048_576;
  if (isTooLarge) throw new Problem('too_large', `The file is larger than ${MOST_MB} MB; split it.`);
}

function isForm(c: Context<Env>): boolean {
  return /^multipart\/form-data\s*;/i.test(c.req.header('content-type')?.trim() ?? '');
}

async function jsonIn(c: Context<Env>): Promise<Sent> {
  return checked(TripImportIn, jsonOf(await c.req.text(), ''));
}

const FormIn = z.strictObject({
  file: z.instanceof(Blob, { error: 'the CSV, as a file' }),
  mapping: z.string({ error: 'JSON' }).optional(),
});

async function formIn(c: Context<Env>): Promise<Sent> {
  const { file, mapping } = checked(FormIn, await fieldsOf(c));
  const csv = textOf(new Uint8Array(await file.arrayBuffer()));
  const said = mapping === undefined ? {} : { mapping: jsonOf(mapping, 'mapping') };
  return checked(TripImportIn, { csv, ...said });
}

/** A field that is sent twice is none. */
async function fieldsOf(c: Context<Env>): Promise<object> {
  const form = await readForm(c);
  const twice = [...new Set(form.keys())].find((name) => form.getAll(name).length > 1);
  if (twice !== undefined) throw malformed(twice, 'sent once');
  return Object.fromEntries(form.entries());
}

async function readForm(c: Context<Env>): Promise<FormData> {
  try {
    return await c.req.formData();
  } catch (error) {
    // The platform says so of a form that cannot be read.
    if (error instanceof TypeError) throw malformed('', 'a form as multipart/form-data');
    throw error;
  }
}

function jsonOf(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(field, 'JSON');
  }
}

function malformed(field: string, expected: string): Problem {
  const message = `must be ${expected}`;
  const what = field === '' ? 'The body' : `The field ${field}`;
  return new Problem('invalid_request', `${what} ${message}.`, [{ field, message }]);
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error);
}
