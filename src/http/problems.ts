/** How a refusal looks on the wire: RFC 9457, one row per code, nothing of our insides. */

import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { Problem, type FieldError, type ProblemCode } from '../domain/problem.ts';
import type { Env } from './env.ts';
import { GUARDS } from './frame.ts';

interface Row {
  readonly status: ContentfulStatusCode;
  readonly title: string;
}

export const PROBLEMS = {
  unauthenticated: { status: 401, title: 'A credential is needed' },
  token_revoked: { status: 401, title: 'This token was revoked' },
  token_expired: { status: 401, title: 'This token has expired' },
  insufficient_scope: { status: 403, title: 'This token may not do that' },
  user_mismatch: { status: 403, title: 'This token belongs to somebody else' },
  conflicting_user: { status: 400, title: 'Two different users were named' },
  invalid_user: { status: 400, title: 'That is no e-mail address' },
  user_required: { status: 400, title: 'Whose logbook?' },
  open_mode_is_local: { status: 403, title: 'Open mode answers its own network only' },
  not_found: { status: 404, title: 'Not found' },
  unknown_action: { status: 404, title: 'There is no such action' },
  use_post: { status: 405, title: 'Use POST' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  invalid_request: { status: 400, title: 'The request cannot be read' },
  unprocessable: { status: 422, title: 'The request contradicts what is stored' },
  conflict: { status: 409, title: 'Something stands in the way' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_media_type: { status: 415, title: 'Send JSON' },
  precondition_failed: { status: 412, title: 'Changed in the meantime' },
  month_closed: { status: 409, title: 'This month is closed' },
  month_not_over: { status: 422, title: 'This month is not over' },
  period_too_large: { status: 422, title: 'The period is too long' },
  not_configured: { status: 503, title: 'Not set up on this server' },
  relink_required: { status: 409, title: 'The car wants to be linked again' },
  rate_limited: { status: 429, title: 'Too many requests' },
  busy_try_again: { status: 503, title: 'Busy, try again' },
} as const satisfies Record<ProblemCode, Row>;

export const INTERNAL: Row = { status: 500, title: 'Something went wrong here' };

/** The code a client sees: 400 and 422 share one. */
export type WireCode = Exclude<ProblemCode, 'unprocessable'> | 'internal';

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: WireCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly request_id: string;
}

/** What a route's kind of client wants to find beside the problem. */
export type ProblemExtras = (c: Context<Env>, body: ProblemBody) => Readonly<Record<string, unknown>>;

export function problemResponse(c: Context<Env>, problem: Problem, extras?: ProblemExtras): Response {
  const row: Row = PROBLEMS[problem.code];
  return render(c, row, wireCodeOf(problem.code), problem.message, problem.errors, extras);
}

export function wireCodeOf(code: ProblemCode): WireCode {
  return code === 'unprocessable' ? 'invalid_request' : code;
}

/** An error nobody expected. Its text stays in the log. */
export function internalResponse(c: Context<Env>, extras?: ProblemExtras): Response {
  const detail = 'An unexpected error. The log of the service has the details under this request id.';
  return render(c, INTERNAL, 'internal', detail, [], extras);
}

function render(
  c: Context<Env>,
  row: Row,
  code: WireCode,
  detail: string,
  errors: readonly FieldError[],
  extras: ProblemExtras | undefined,
): Response {
  const requestId = c.get('requestId');
  const body: ProblemBody = {
    type: `/docs#${code}`,
    title: row.title,
    status: row.status,
    code,
    detail,
    errors,
    request_id: requestId,
  };
  c.set('outcome', code);
  if (row.status === 401) c.header('www-authenticate', 'Bearer realm="mileage-logbook"');
  if (code === 'busy_try_again') c.header('retry-after', '1');
  c.header('cache-control', 'no-store');
  return c.body(JSON.stringify(extras ? { ...body, ...extras(c, body) } : body), row.status, {
    'content-type': 'application/problem+json',
    'x-request-id': requestId,
    ...GUARDS,
  });
}

/** The refusal an error stands for, or `null` when it is a bug. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (isZodError(error)) return invalidRequest(error);
  if (error instanceof HTTPException && error.status < 500) return ofHttpException(error);
  if (isAbort(error)) return new Problem('invalid_request', 'The connection ended before the body was complete.');
  return null;
}

/** By its name, so that a webhook need not load the library. */
function isZodError(error: unknown): error is z.ZodError {
  return error instanceof Error && error.name === 'ZodError';
}

/** Bodies, queries and paths that do not have the shape they must have. */
export function invalidRequest(error: z.ZodError): Problem {
  const errors = error.issues.flatMap(fieldErrors);
  const named = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return new Problem('invalid_request', named.join('; '), errors);
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.'), message: expectation(issue) }];
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'unknown field' }));
}

/** What no schema has words of its own for. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  return issue.expected === 'object' || issue.expected === 'record' ? 'an object, {…}' : 'required';
}

function ofHttpException(error: HTTPException): Problem {
  if (error.status === 415) return new Problem('unsupported_media_type', 'Send the body as application/json.');
  if (error.status === 413) return new Problem('too_large', 'The body is too large.');
  if (error.status === 404) return new Problem('not_found', 'There is nothing here.');
  return new Problem('invalid_request', error.message || 'The request cannot be read.');
}

function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ECONNRESET') || error.message === 'Client connection prematurely closed.';
}
