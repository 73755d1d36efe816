/** The description of `/webhook/*`. It documents; reading is the forgiving parser's, which no schema could describe. */

import { createRoute, z } from '@hono/zod-openapi';
import { REPLY_CODES } from '../../domain/events.ts';
import { ActiveTripWire } from '../wire/active-trips.ts';
import { ProblemWire } from '../wire/problems.ts';
import { TripWire } from '../wire/trips.ts';

const forgivingNumber = (example: number) => z.union([z.number(), z.string()]).openapi({ example });

const position = {
  lat: forgivingNumber(52.370216).optional(),
  lng: forgivingNumber(4.895168).optional(),
  timestamp: z.union([z.string(), z.number()]).optional().openapi({
    description:
      'ISO 8601 (without offset: in your time zone) or epoch seconds or milliseconds. Without it, the moment we get it.',
    example: '2026-03-02T08:45:00+01:00',
  }),
  accuracy_m: forgivingNumber(12).optional(),
  speed_kmh: forgivingNumber(61).optional(),
};

const about = {
  car_id: z.string().optional(),
  device: z.string().optional().openapi({ description: 'Name of the Bluetooth or CarPlay device', example: 'Golf' }),
};

export const WebhookEvent = z
  .object({
    ...position,
    ...about,
    event_id: z.string().optional().openapi({ description: 'Tells the same event sent twice; or `Idempotency-Key`' }),
  })
  .openapi('WebhookEvent');

export const WebhookPing = z
  .object({
    ...position,
    ...about,
    points: z.array(z.object(position)).max(1_000).optional().openapi({ description: 'Many positions at once' }),
  })
  .openapi('WebhookPing');

const WARNINGS = [
  'no_location, partial_location, null_island, location_unreadable, location_out_of_range, location_is_address,',
  'lat_lng_swapped?: there is no position, and why; first_of_list_used: of several the first was taken;',
  'timestamp_unreadable, timestamp_ignored, clock_ahead: it counts from the moment we got it;',
  'timestamp_too_old: it changes nothing by itself; no_offset: the time was read in your time zone;',
  'body_unreadable, body_ignored, conflicting_fields, accuracy_unreadable, speed_unreadable, device_unreadable,',
  'event_id_unreadable: a part was not used; event_id_reused: it counts as a new event; unknown_car: car_id is not yours;',
  'token_rotates_on YYYY-MM-DD: this token was replaced and counts until then.',
].join(' ');

export const WebhookAnswer = z
  .object({
    ok: z.literal(true),
    code: z.enum(REPLY_CODES),
    message: z.string().max(110).openapi({ description: 'For the notification of a phone, in its language' }),
    trip_id: z.string().optional(),
    duplicate: z.literal(true).optional(),
    accepted: z.int().optional().openapi({ description: 'With `points`' }),
    rejected: z.int().optional().openapi({ description: 'With `points`' }),
    trip: TripWire.omit({ stops: true }).optional().openapi({ description: 'With `finished`' }),
    warnings: z.array(z.string()).openapi({ description: WARNINGS }),
  })
  .openapi('WebhookAnswer');

const WebhookProblem = ProblemWire.extend({ ok: z.literal(false), message: z.string().max(110) }).openapi(
  'WebhookProblem',
);

const REFUSALS = {
  400: 'No readable user, or points that are no list of at most 1,000',
  401: 'No valid token',
  403: 'The token may not send events, or belongs to somebody else',
  413: 'More than 64 KB, with `ping` more than 1 MB',
  429: 'Too many pings from this token; `Retry-After` says how long to wait',
  503: 'The store is busy; send it again',
} as const;

function refusals(...statuses: readonly (keyof typeof REFUSALS)[]) {
  const content = { 'application/problem+json': { schema: WebhookProblem } };
  return Object.fromEntries(statuses.map((status) => [status, { description: REFUSALS[status], content }]));
}

const tags = ['Webhooks'];
const headers = z.object({
  'Idempotency-Key': z.string().optional(),
  'Accept-Language': z.string().optional().openapi({ example: 'nl' }),
});

function post(action: string, summary: string, schema: z.ZodType, ...more: readonly (keyof typeof REFUSALS)[]) {
  const content = {
    'application/json': { schema },
    'application/x-www-form-urlencoded': { schema },
    'multipart/form-data': { schema },
  };
  return createRoute({
    method: 'post',
    path: `/webhook/${action}`,
    tags,
    summary,
    request: { headers, body: { required: false, content } },
    responses: {
      200: { description: 'What was made of it', content: { 'application/json': { schema: WebhookAnswer } } },
      ...refusals(400, 401, 403, 413, ...more, 503),
    },
  });
}

export const webhookDocs = [
  post('start', 'A drive starts', WebhookEvent),
  post('ping', 'Where the car is, once or many times', WebhookPing, 429),
  post('end', 'A drive ends', WebhookEvent),
  post('finalize', 'Close the open drive now', WebhookEvent),
  post('cancel', 'Throw the open drive away', WebhookEvent),
  createRoute({
    method: 'get',
    path: '/webhook/status',
    tags,
    summary: 'Whether a drive is open; its position only with the scope `read`',
    responses: {
      200: { description: 'The open drive', content: { 'application/json': { schema: ActiveTripWire } } },
      ...refusals(400, 401, 403),
    },
  }),
];
