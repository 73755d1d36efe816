/** The description of signing a browser in and out. */

import { createRoute, z } from '@hono/zod-openapi';
import { ProblemWire } from '../wire/problems.ts';

const tags = ['Signing in'];

const PAGE = { 'text/html': { schema: z.string() } };
const REFUSAL = { ...PAGE, 'application/problem+json': { schema: ProblemWire } };

const REASONS = {
  400: 'It was not begun in this browser, is over, or was not confirmed',
  401: 'Nobody who may come in',
  429: 'Too many failed; `Retry-After` says when to come back',
  503: 'Not set up on this server',
} as const;

/** Pages to browsers, problems to programs. */
function refusals(...statuses: readonly (keyof typeof REASONS)[]) {
  return Object.fromEntries(statuses.map((status) => [status, { description: REASONS[status], content: REFUSAL }]));
}

const page = (description: string) => ({ description, content: PAGE });
const toGoogle = z.object({
  return_to: z.string().optional().openapi({ description: 'Where to go on to afterwards, a path of this service' }),
});
const link = z.object({ token: z.string().openapi({ description: 'From `npm run user -- link EMAIL`' }) });
const letIn = { description: 'Signed in: a session, and on to where it was going' };

const signOut = createRoute({
  method: 'post',
  path: '/signout',
  tags,
  summary: 'End this session, or with `everywhere` all of the user’s; tokens of phones stay',
  request: { query: z.object({ everywhere: z.enum(['true', 'false']).default('false') }) },
  responses: {
    200: {
      description: 'How many sessions ended',
      content: { 'application/json': { schema: z.object({ ok: z.literal(true), sessions_ended: z.int() }) } },
    },
    303: { description: 'Back to `/signin`, for a page' },
    400: { description: 'A malformed parameter', content: { 'application/problem+json': { schema: ProblemWire } } },
  },
});

export const signInDocs = [
  createRoute({
    method: 'get',
    path: '/signin',
    tags,
    summary: 'The page people sign in on',
    security: [],
    request: { query: toGoogle },
    responses: { 200: page('The ways there are; or who is signed in') },
  }),
  createRoute({
    method: 'get',
    path: '/signin/google',
    tags,
    summary: 'Begin to sign in with Google',
    security: [],
    request: { query: toGoogle },
    responses: { 302: { description: 'To Google' }, ...refusals(429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/oauth/google/callback',
    tags,
    summary: 'Where Google sends a browser back to; once, in the browser that began, within ten minutes',
    security: [],
    request: {
      query: z.object({ state: z.string().optional(), code: z.string().optional(), error: z.string().optional() }),
    },
    responses: { 303: letIn, ...refusals(400, 401, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/signin/link/{token}',
    tags,
    summary: 'Look at a link; that uses nothing up, and is the same for every link',
    security: [],
    request: { params: link },
    responses: { 200: page('A page with the button that uses it') },
  }),
  createRoute({
    method: 'post',
    path: '/signin/link/{token}',
    tags,
    summary: 'Use a link up: it signs a browser in, once, within a quarter of an hour',
    security: [],
    request: { params: link },
    responses: { 303: letIn, ...refusals(401, 429, 503) },
  }),
  signOut,
];
