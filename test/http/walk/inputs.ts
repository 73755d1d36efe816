/** Requests nobody in their right mind would send, put together from what the description says a route takes. */

import * as fc from 'fast-check';
import type { Description, Operation } from '../../../src/http/openapi.ts';
import { writeCursor } from '../../../src/http/wire/lists.ts';
import { CROOKED } from './crooked.ts';
import type { Way } from './routes.ts';
import { ANNA, NOBODYS, type Ids } from './world.ts';

export interface Input {
  readonly id: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Every name of a field a body may hold, however deep. */
export function fieldsIn(description: Description, schema: Schema, depth = 4): readonly string[] {
  if (depth === 0) return [];
  const name = schema.$ref?.replace('#/components/schemas/', '');
  const known = (description.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  const parts = [
    known[name ?? ''],
    schema.items,
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
  ];
  const inner = [...parts, ...Object.values(schema.properties ?? {})].filter((part) => part !== undefined);
  return [...Object.keys(schema.properties ?? {}), ...inner.flatMap((part) => fieldsIn(description, part, depth - 1))];
}

export function bodySchemaOf({ requestBody }: Operation): Schema | null {
  if (requestBody === undefined || !('content' in requestBody)) return null;
  const [content] = Object.values(requestBody.content);
  return (content?.schema as Schema | undefined) ?? null;
}

const TELLING = [
  '',
  ' ',
  'true',
  'null',
  '0',
  '-1',
  '1e309',
  '99999999999',
  '2026-13-45',
  '2026-02-30T25:00:00Z',
  '2026-03-10T12:00:00+99:00',
  '+275760-09-13T00:00:00.001Z',
  'Europe/../etc',
  'trip_',
  '__proto__',
  'constructor',
  '%',
  '%00',
  '../..',
  '\u0000',
  '\ud800',
  '\u202e',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  'day',
  'gpx',
];

/** Anna's ids are no secret: knowing one must not help. */
function textOf(anna: Ids): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...TELLING, ...Object.values(anna), ANNA),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.nat({ max: 4_000 }).map((length) => 'x'.repeat(length)),
  );
}

function valueOf(text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const plain = fc.oneof(
    text,
    fc.double(),
    fc.integer(),
    fc.constantFrom<unknown>(null, true, false, 0, -0, 1e308, Number.MAX_SAFE_INTEGER, [], {}),
  );
  const inner = fc.oneof(fc.array(plain, { maxLength: 4 }), fc.dictionary(text, plain, { maxKeys: 4 }));
  return fc.oneof({ arbitrary: plain, weight: 3 }, inner);
}

function bodyOf(way: Way, fields: readonly string[], anna: Ids, bob: Ids): fc.Arbitrary<Input['body']> {
  const text = textOf(anna);
  const key = fields.length === 0 ? text : fc.oneof({ arbitrary: fc.constantFrom(...fields), weight: 6 }, text);
  const some = fc.dictionary(key, valueOf(text), { maxKeys: 6 });
  const one = fc.dictionary(key, valueOf(text), { maxKeys: 1 });
  const valid = way.body?.(bob) ?? {};
  return fc.oneof(
    { arbitrary: one.map((changed) => JSON.stringify({ ...valid, ...changed })), weight: 6 },
    { arbitrary: some.map((changed) => JSON.stringify({ ...valid, ...changed })), weight: 3 },
    some.map((object) => JSON.stringify(object)),
    valueOf(text).map((value) => JSON.stringify(value) ?? ''),
    some.map((object) => JSON.stringify(object).slice(0, -2)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes)),
    fc.constant(null),
    fc.nat({ max: 5_000 }).map((depth) => '['.repeat(depth)),
  );
}

/** Asked too often, they would be all that is refused. */
const CALLING = ['user', 'token'];

function queryOf(names: readonly string[], anna: Ids): fc.Arbitrary<string> {
  const text = textOf(anna);
  const cursor = fc
    .tuple(fc.oneof(text, fc.double(), fc.constant(null)), fc.oneof(text, fc.constant(null)))
    .map(([sort, id]) => writeCursor({ sort, id } as Parameters<typeof writeCursor>[0]));
  const own = names.filter((name) => !CALLING.includes(name));
  const name = fc.oneof(
    { arbitrary: own.length === 0 ? text : fc.constantFrom(...own), weight: 12 },
    fc.constantFrom(...CALLING),
    text,
  );
  const pair = fc
    .tuple(name, fc.oneof({ arbitrary: text, weight: 4 }, cursor))
    .map(([key, value]) => `${encode(key)}=${encode(key === 'user' ? `${value}@x.nl` : value)}`);
  const raw = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((said) => said.replaceAll(/[#\s]/g, ''));
  return fc.array(fc.oneof({ arbitrary: pair, weight: 9 }, raw), { maxLength: 2 }).map((pairs) => pairs.join('&'));
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

const HEADERS = [
  'idempotency-key',
  'accept-language',
  'accept',
  'x-request-id',
  'origin',
  'traceparent',
  'range',
  'cookie',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/merge-patch+json',
  'text/plain',
  'multipart/form-data',
];

function headersOf(names: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const value = fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').trim());
  const more = fc.dictionary(fc.constantFrom(...HEADERS, ...names.map((name) => name.toLowerCase())), value, {
    maxKeys: 3,
  });
  const type = fc.oneof({ arbitrary: fc.constant('application/json'), weight: 6 }, fc.constantFrom(...TYPES), value);
  return fc.tuple(more, type).map(([some, contentType]) => ({ ...some, 'content-type': contentType }));
}

export function inputsFor(
  description: Description,
  operation: Operation,
  way: Way,
  anna: Ids,
  bob: Ids,
): fc.Arbitrary<Input> {
  const parameters = (operation.parameters ?? []).flatMap((one) => ('in' in one ? [one] : []));
  const named = (place: string) => parameters.filter((one) => one.in === place).map(({ name }) => name);
  const schema = bodySchemaOf(operation);
  const fields = schema === null ? [] : fieldsIn(description, schema);
  const own = bob[way.id ?? 'trip'];
  const theirs = anna[way.id ?? 'trip'];
  const wild = CROOKED(theirs, ANNA).filter((path) => path.length < 1_000);
  return fc.record({
    id: fc.oneof({ arbitrary: fc.constant(own), weight: 6 }, fc.constantFrom(theirs, NOBODYS.trip, ...wild)),
    query: queryOf(named('query'), anna),
    headers: headersOf(named('header')),
    body: bodyOf(way, fields, anna, bob),
  });
}
