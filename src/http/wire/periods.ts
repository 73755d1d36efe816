/** The period of a question: `from` and `to`, or a `year` and perhaps its `month`. Local dates, inclusive. */

import type { z } from '@hono/zod-openapi';
import { EVER, monthPeriod, yearPeriod, type Period } from '../../domain/periods.ts';
import { wholeParameter } from './lists.ts';
import { dateIn, wholeIn } from './values.ts';

export const PERIOD_PARAMETERS = {
  from: dateIn().optional(),
  to: dateIn().optional(),
  year: wholeParameter(1900, 2999).optional(),
  month: wholeParameter(1, 12).optional(),
};

/** The same in a body. */
export const PERIOD_IN = {
  from: dateIn().optional(),
  to: dateIn().optional(),
  year: wholeIn(1900, 2999).optional(),
  month: wholeIn(1, 12).optional(),
};

export interface PeriodQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly year?: number | undefined;
  readonly month?: number | undefined;
}

/** For `superRefine`: what each parameter alone cannot say. */
export function refusePeriod({ from, to, year, month }: PeriodQuery, context: z.RefinementCtx): void {
  const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (month !== undefined && year === undefined) refuse('month', 'only together with year');
  if (year !== undefined && (from !== undefined || to !== undefined)) refuse('year', 'either a year, or from and to');
  if (from !== undefined && to !== undefined && to < from) refuse('to', 'a date that is not before from');
}

export function periodOf({ from, to, year, month }: PeriodQuery): Period {
  if (year !== undefined) return month === undefined ? yearPeriod(year) : monthPeriod(year, month);
  return from === undefined && to === undefined ? EVER : { from: from ?? null, to: to ?? null };
}
