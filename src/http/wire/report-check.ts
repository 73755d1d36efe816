/** What is missing in a period, on the wire: a sentence each, and where it is put right. */

import { z } from '@hono/zod-openapi';
import type { ReportCheck } from '../../actions/report-check.ts';
import type { ReportProblem } from '../../domain/report-check.ts';
import { PROBLEM_KINDS } from '../../domain/reports/check-words.ts';

const ProblemWire = z
  .object({
    kind: z.enum(PROBLEM_KINDS),
    trip_id: z.string().nullable(),
    car_id: z.string().nullable(),
    month: z.string().nullable().openapi({ example: '2026-03' }),
    detail: z.string().openapi({ description: 'One sentence, in the language asked for' }),
    link: z.string().openapi({ description: 'Where it is put right' }),
  })
  .openapi('ReportProblem');

export const ReportCheckWire = z
  .object({
    ok: z.boolean(),
    checked: z.int().openapi({ description: 'Trips that were looked at' }),
    total: z.int().openapi({ description: 'How many problems there are; the first 1,000 are listed' }),
    counts: z.record(z.string(), z.int()).openapi({ description: 'How many there are of each kind' }),
    problems: z.array(ProblemWire),
    next_cursor: z.null(),
  })
  .openapi('ReportCheck');

export function reportCheckToWire({ checked, problems, counts }: ReportCheck): z.infer<typeof ReportCheckWire> {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return {
    ok: total === 0,
    checked,
    total,
    counts: Object.fromEntries(counts),
    problems: problems.map(problemToWire),
    next_cursor: null,
  };
}

function problemToWire(problem: ReportProblem): z.infer<typeof ProblemWire> {
  const { kind, tripId, carId, month, detail } = problem;
  return { kind, trip_id: tripId, car_id: carId, month, detail, link: linkOf(problem) };
}

function linkOf({ kind, tripId, carId, month }: ReportProblem): string {
  if (tripId !== null) return `/trips/${tripId}`;
  if (month !== null) return `/months/${month}/close`;
  return kind === 'car_incomplete' ? `/cars/${carId}` : `/odometer/compare?car_id=${carId}`;
}
