/** Closed months and their chain on the wire. */

import { z } from '@hono/zod-openapi';
import type { Closing, Verification } from '../../actions/months.ts';
import type { ChainProblem, ChainProblemKind, ClosedMonth } from '../../domain/month-chain.ts';
import { MONTH_WARNINGS } from '../../domain/month-warnings.ts';
import { isoOf } from '../../domain/units.ts';
import { instant } from './values.ts';

/** What the feed tells of a closing. */
export const MonthInFeedWire = z
  .object({ month: z.string(), head: z.string(), trips: z.int() })
  .openapi('MonthInActivity');

export const ClosedMonthWire = z
  .object({
    month: z.string().openapi({ example: '2026-03' }),
    closed_at: instant(),
    head: z.string().openapi({ description: 'Where the chain ended when it was closed' }),
    nth: z.int().openapi({ description: 'Its place in the chain' }),
    trips: z.int(),
    corrections: z.int(),
  })
  .openapi('ClosedMonth');

export const ClosingWire = z
  .object({
    month: z.string(),
    head: z.string(),
    closed_at: instant(),
    trips: z.int(),
    warnings: z
      .array(z.object({ code: z.enum(MONTH_WARNINGS), trips: z.int() }))
      .openapi({ description: 'What an inspector would miss; a change now needs a reason' }),
  })
  .openapi('MonthClosing');

const PROBLEMS = [
  'altered_trip',
  'missing_trip',
  'added_trip',
  'altered_entry',
  'missing_entry',
  'cut_off',
] as const satisfies readonly ChainProblemKind[];

export const VerificationWire = z
  .object({
    ok: z.boolean(),
    head: z.string().nullable().openapi({ description: 'The end of the chain; null: no month is closed' }),
    checked: z.int().openapi({ description: 'Trips of closed months' }),
    knows_head: z
      .boolean()
      .nullable()
      .openapi({ description: 'Whether the `head` asked about was one of the chain’s; null: none was' }),
    problems: z.array(
      z.object({
        kind: z.enum(PROBLEMS),
        trip_id: z.string().nullable(),
        month: z.string().nullable(),
        detail: z.string(),
      }),
    ),
  })
  .openapi('Verification');

export function closedMonthToWire({ month, at, head, nth, trips, corrections }: ClosedMonth) {
  const count = Object.keys(trips).length;
  return { month, closed_at: isoOf(at), head, nth, trips: count, corrections: corrections.length };
}

export function closingToWire({ month, warnings }: Closing): z.infer<typeof ClosingWire> {
  const { month: name, head, closed_at, trips } = closedMonthToWire(month);
  return { month: name, head, closed_at, trips, warnings: [...warnings] };
}

export function verificationToWire(found: Verification): z.infer<typeof VerificationWire> {
  return {
    ok: found.problems.length === 0 && found.knowsHead !== false,
    head: found.head,
    checked: found.checked,
    knows_head: found.knowsHead,
    problems: found.problems.map(problemToWire),
  };
}

function problemToWire({ kind, tripId, month }: ChainProblem) {
  return { kind, trip_id: tripId, month, detail: DETAILS[kind](tripId ?? '', month ?? '') };
}

const DETAILS: { readonly [K in ChainProblemKind]: (trip: string, month: string) => string } = {
  altered_trip: (trip, month) =>
    `The trip ${trip} of ${month} is not as it was when the month was closed or corrected.`,
  missing_trip: (trip, month) =>
    `The trip ${trip} was in ${month} when the month was closed or corrected, and is gone.`,
  added_trip: (trip, month) =>
    `The trip ${trip} was put into ${month} after the month was closed, without a correction.`,
  altered_entry: (_, month) => `What the chain says of ${month} was altered.`,
  missing_entry: (_, month) => `Before what the chain says of ${month}, something was taken out or put in.`,
  cut_off: () => 'The end of the chain is missing.',
};
