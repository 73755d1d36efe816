/** The answer of an act that changed many trips, or of its trial: how many, which, and what became of the totals. */

import { z } from '@hono/zod-openapi';
import type { Changed, Done, Refused } from '../../actions/acts.ts';
import type { Sum } from '../../domain/stats.ts';
import { kmOf } from '../../domain/units.ts';
import { wireCodeOf } from '../problems.ts';
import { flagParameter, queryOf } from './lists.ts';
import { tripToWire } from './trips-out.ts';
import { TripWire } from './trips.ts';

/** The query of what changes many things. */
export const trialQuery = queryOf({
  dry_run: flagParameter().optional().openapi({ description: 'Answers what would change, and changes nothing' }),
});

const RefusedWire = z
  .object({
    id: z.string(),
    code: z.string().openapi({ example: 'month_closed' }),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
  })
  .openapi('RefusedTrip');

const fields = TripWire.partial();
type Fields = z.infer<typeof fields>;

const ChangedWire = z
  .object({
    id: z.string(),
    date: z.string().openapi({ format: 'date' }),
    start_time: z.string().openapi({ example: '08:45' }),
    before: fields.openapi({ description: 'The fields in which the two differ, as they were' }),
    after: fields.openapi({ description: 'The same fields, as they are now' }),
  })
  .openapi('ChangedTrip');

const TotalsWire = z
  .object({ trips: z.int(), total_km: z.number(), business_km: z.number(), private_km: z.number() })
  .openapi('ActTotals');

export const DoneWire = z
  .object({
    changed: z.int(),
    unchanged: z.int(),
    refused_count: z.int(),
    refused: z.array(RefusedWire).openapi({ description: 'The first 200 of those that could not be changed' }),
    trips: z.array(ChangedWire).openapi({ description: 'The first 200 of those that changed' }),
    totals: z.object({ before: TotalsWire, after: TotalsWire }).openapi({ description: 'Of the trips that changed' }),
    activity_id: z
      .string()
      .nullable()
      .openapi({ description: 'To be undone by; null: nothing changed, or it was a trial' }),
  })
  .openapi('Act');

export type DoneWire = z.infer<typeof DoneWire>;

export function doneToWire(done: Done): DoneWire {
  return {
    changed: done.changed,
    unchanged: done.unchanged,
    refused_count: done.refusals,
    refused: done.refused.map(refusedToWire),
    trips: done.trips.map(changedToWire),
    totals: { before: totalsToWire(done.before), after: totalsToWire(done.after) },
    activity_id: done.activityId,
  };
}

function refusedToWire({ id, code, detail, errors }: Refused): z.infer<typeof RefusedWire> {
  return { id, code: wireCodeOf(code), detail, errors: [...errors] };
}

function changedToWire({ before, after }: Changed): z.infer<typeof ChangedWire> {
  const [was, is] = [tripToWire(before), tripToWire(after)];
  const names = (Object.keys(is) as (keyof TripWire)[]).filter(
    (name) => name !== 'updated_at' && JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  );
  return {
    id: after.id,
    date: is.date,
    start_time: is.start_time,
    before: only(was, names),
    after: only(is, names),
  };
}

function only(trip: TripWire, names: readonly (keyof TripWire)[]): Fields {
  return Object.fromEntries(names.map((name) => [name, trip[name]]));
}

function totalsToWire({ trips, metres, businessMetres }: Sum): z.infer<typeof TotalsWire> {
  return {
    trips,
    total_km: kmOf(metres),
    business_km: kmOf(businessMetres),
    private_km: kmOf(metres - businessMetres),
  };
}
