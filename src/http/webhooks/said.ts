/** Turns a request into what its sender said: an event or a ping, with a warning for every part that could not be read. Pure. */

import type { SaidEvent, SaidPing, SaidPoint } from '../../actions/said.ts';
import type { PhoneEvent } from '../../domain/events.ts';
import { Problem } from '../../domain/problem.ts';
import { withoutTokens } from '../../domain/tokens.ts';
import { canonicalBody, listIn, readBody, type Body } from './body.ts';
import { nameValues, objectIn, single, type Named } from './fields.ts';
import { quickPing, quickPoint } from './quick.ts';
import { Reader } from './reader.ts';
import type { SaidRequest } from './requests.ts';

/** `isBatch`: it came as `points`, so the answer counts them. */
export interface ReadPing {
  readonly said: SaidPing;
  readonly isBatch: boolean;
}

export const MOST_POINTS = 1_000;

const NOTHING: Named = new Map();
/** Who is calling is read elsewhere, and secrets are not kept. */
const NOT_SAID = ['user', 'token'];
const POINTS_KEY = /["\u201c\u201d]\s*points\s*["\u201c\u201d]\s*:/i;

export function readEvent(request: SaidRequest, type: PhoneEvent['type']): SaidEvent {
  const body = readBody(request.contentType, request.body);
  const reader = readerOf(body, request);
  if (body.kind === 'list') reader.warn('body_ignored');
  const position = reader.position();
  const time = reader.time();
  const { carId, device } = reader.car();
  const eventId = reader.eventId() ?? request.eventId;
  const { tokenCarId } = request;
  const said = saidText(request);
  return { type, eventId, time, position, carId, device, tokenCarId, said, warnings: reader.warnings };
}

/** Throws a `Problem` that names the field for a batch that is none or holds too many points. */
export function readPing(request: SaidRequest): ReadPing {
  const quick = quickPing(request);
  return quick === null ? slowPing(request) : { said: quick, isBatch: false };
}

/** The long way, for every ping. */
export function slowPing(request: SaidRequest): ReadPing {
  const body = readBody(request.contentType, request.body);
  if (body.kind === 'unreadable' && isBatchText(request.body)) throw wrongPoints(NO_LIST);
  const reader = readerOf(body, request);
  const list = pointsOf(body, reader);
  const points = list === null ? readPoint(reader) : readPoints(list, reader);
  const unreadable = list === null ? 0 : list.length - points.length;
  const { carId, device } = reader.car();
  const { tokenCarId } = request;
  return { said: { points, unreadable, carId, device, tokenCarId, warnings: reader.warnings }, isBatch: list !== null };
}

function readerOf(body: Body, request: SaidRequest): Reader {
  const query = request.query === '' ? NOTHING : nameValues(firstOfEach(new URLSearchParams(request.query)));
  const reader = new Reader(body.kind === 'fields' ? body.named : NOTHING, query);
  if (body.kind === 'unreadable') reader.warn('body_unreadable');
  if (body.kind === 'ignored') reader.warn('body_ignored');
  return reader;
}

function firstOfEach(query: URLSearchParams): Map<string, string> {
  const first = new Map<string, string>();
  for (const [key, value] of query) if (!first.has(key)) first.set(key, value);
  return first;
}

const NO_LIST = 'must be a list of points in valid JSON, such as [{"lat": 52.37, "lng": 4.89}]';

function wrongPoints(message: string): Problem {
  return new Problem('invalid_request', `points ${message}.`, [{ field: 'points', message }]);
}

function isBatchText(body: string): boolean {
  return body.trimStart().startsWith('[') || POINTS_KEY.test(body);
}

/** The points of a batch as they came; `null` when the ping is a single one. */
function pointsOf(body: Body, reader: Reader): readonly unknown[] | null {
  const raw = body.kind === 'list' ? body.list : reader.take('points');
  if (raw === undefined) return null;
  const list = listIn(raw);
  if (list === null) throw wrongPoints(NO_LIST);
  if (list.length <= MOST_POINTS) return list;
  throw wrongPoints(`must hold at most ${MOST_POINTS} points, not ${list.length}: send them in parts`);
}

function readPoint(reader: Reader): SaidPoint[] {
  const position = reader.position();
  return position === null ? [] : [{ ...position, time: reader.time() }];
}

function readPoints(list: readonly unknown[], reader: Reader): SaidPoint[] {
  if (list.length === 0) reader.warn('no_location');
  return list.flatMap((raw) => {
    const quick = quickPoint(raw);
    if (quick !== null) return [quick];
    const point = new Reader(namedPoint(raw), NOTHING);
    const points = readPoint(point);
    reader.warn(...point.warnings);
    return points;
  });
}

/** A bare text may still be a pair of coordinates. */
function namedPoint(raw: unknown): Named {
  const object = objectIn(raw);
  return nameValues(object === null ? [['location', single(raw)]] : Object.entries(object));
}

/** The body as it came, then the query, for telling the same event and for support. */
function saidText(request: SaidRequest): string {
  const body = withoutTokens(canonicalBody(request.contentType, request.body));
  if (request.query === '') return body;
  const query = new URLSearchParams(request.query);
  for (const name of NOT_SAID) query.delete(name);
  const rest = withoutTokens(query.toString());
  return rest === '' ? body : `${body}?${rest}`;
}
