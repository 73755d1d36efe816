/** `/reports`: trips of a period as a file that can be handed in, and what somebody who checks it would miss. */

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { UserDeps } from '../../actions/deps.ts';
import { checkReport } from '../../actions/report-check.ts';
import { reportOf } from '../../actions/reports.ts';
import { Problem } from '../../domain/problem.ts';
import { LAYOUTS } from '../../domain/reports/layouts.ts';
import type { Env } from '../env.ts';
import { fileNameOf } from '../reports/file-names.ts';
import { FORMATS, FORMAT_TRAITS } from '../reports/formats.ts';
import { spooled } from '../reports/spool.ts';
import { Turns } from '../reports/turns.ts';
import { idParameter, queryOf } from '../wire/lists.ts';
import { PERIOD_PARAMETERS, periodOf, refusePeriod } from '../wire/periods.ts';
import { ReportCheckWire, reportCheckToWire } from '../wire/report-check.ts';
import { oneOf } from '../wire/values.ts';
import { json, refusals, resourceRouter } from './router.ts';

const tags = ['Reports'];

const OF_WHAT = {
  ...PERIOD_PARAMETERS,
  car_id: idParameter().optional().openapi({ description: 'All cars when left out' }),
  lang: oneOf(['nl', 'en']).optional().openapi({ description: 'The user’s language when left out' }),
};

const file = { schema: z.string().openapi({ format: 'binary' }) };

const trips = createRoute({
  method: 'get',
  path: '/reports/trips',
  tags,
  summary: 'The trips of a period as a file; without a period, all of them',
  description: `\`plain\` has every field of the trips; \`nl\` what Dutch wage tax asks, car by car; \`fahrtenbuch\` the same with every change
beside its trip; \`expense\` business kilometres and what they bring. The file is complete or not sent at all.`,
  request: {
    query: queryOf({
      format: oneOf(FORMATS).optional().openapi({ default: 'csv' }),
      layout: oneOf(LAYOUTS).optional().openapi({ default: 'plain' }),
      ...OF_WHAT,
    }).superRefine(refusePeriod),
  },
  responses: {
    200: {
      description: 'The file',
      content: Object.fromEntries(FORMATS.map((format) => [FORMAT_TRAITS[format].contentType, file])),
    },
    ...refusals(404, 422, 429),
  },
});

const check = createRoute({
  method: 'get',
  path: '/reports/check',
  tags,
  summary: 'What somebody who checks the trips of a period would miss, each with a link to where it is put right',
  request: { query: queryOf(OF_WHAT).superRefine(refusePeriod) },
  responses: { 200: json(ReportCheckWire, 'What was looked at, and what is missing'), ...refusals(404) },
});

export function reportRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();
  const turns = new Turns();

  routes.openapi(trips, async (c) => {
    const { format = 'csv', layout = 'plain', lang, car_id, ...within } = c.req.valid('query');
    const { contentType, isPaper, load } = FORMAT_TRAITS[format];
    const period = periodOf(within);
    const query = { layout, period, carId: car_id ?? null, language: lang ?? null, isPaper };
    const { user } = c.var.caller;
    refuseTooMany(c, turns.isFullFor(user));
    const { report, made } = await turns.with(user, async () => {
      const write = await load();
      const gathered = await reportOf(deps, c.var.store, query);
      return { report: gathered, made: await spooled(write(gathered.head, gathered.parts)) };
    });
    c.header('content-type', contentType);
    c.header('content-length', String(made.bytes));
    c.header('cache-control', 'no-store');
    c.header('content-disposition', `attachment; filename="${fileNameOf(report.head, report.car, period, format)}"`);
    if (c.req.method !== 'HEAD') return c.body(made.stream, 200);
    await made.stream.cancel();
    return c.body(null, 200);
  });

  routes.openapi(check, async (c) => {
    const { lang, car_id, ...within } = c.req.valid('query');
    const query = { period: periodOf(within), carId: car_id ?? null, language: lang ?? null };
    return c.json(reportCheckToWire(await checkReport(deps, c.var.store, query)), 200);
  });

  return routes;
}

const COME_BACK_SECONDS = 5;

function refuseTooMany(c: Context<Env>, isFull: boolean): void {
  if (!isFull) return;
  c.header('retry-after', String(COME_BACK_SECONDS));
  throw new Problem('rate_limited', 'Your earlier reports are still being made. Ask again when they are there.');
}
