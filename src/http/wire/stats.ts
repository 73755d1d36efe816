/** Totals on the wire. Sums are whole metres until here; only here they become kilometres. */

import { z } from '@hono/zod-openapi';
import { pairOf, ROW_KEYS, type Group, type Pay, type Sum } from '../../domain/stats.ts';
import { kmOf, milesOf, minutesOf } from '../../domain/units.ts';
import type { Grouping, Stats } from '../../actions/stats.ts';
import { TRIP_TYPES } from './trips.ts';

const ReimbursementWire = z
  .object({
    amount: z.number().nullable().openapi({ description: 'null: nothing is paid for, or nothing has a rate' }),
    currency: z.string().nullable(),
    unrated_km: z.number().openapi({ description: 'What would be paid for, but has no rate' }),
  })
  .openapi('Reimbursement');

const sums = {
  total_km: z.number(),
  business_km: z.number(),
  private_km: z.number(),
  trip_count: z.int(),
  duration_min: z.int(),
  reimbursement: ReimbursementWire.optional().openapi({ description: 'with `amounts=true`' }),
  total_mi: z.number().optional().openapi({ description: 'with `unit=mi`, like the next two' }),
  business_mi: z.number().optional(),
  private_mi: z.number().optional(),
};

/** `key` is what `group_by` asked for; `null` where a trip has none. */
const GroupWire = z
  .object({
    key: z.union([z.string(), z.boolean()]).nullable(),
    from_location_id: z.string().nullable().optional().openapi({ description: 'with `location_pair`' }),
    to_location_id: z.string().nullable().optional().openapi({ description: 'with `location_pair`' }),
    ...sums,
  })
  .openapi('StatsGroup');

export const StatsWire = z
  .object({
    ...sums,
    by_month: z.array(z.object({ month: z.string().openapi({ example: '2026-03' }), ...sums })),
    by_car: z.array(z.object({ car_id: z.string().nullable(), ...sums })),
    by_type: z.array(z.object({ trip_type: z.enum(TRIP_TYPES), ...sums })),
    groups: z.array(GroupWire).optional().openapi({ description: 'with `group_by`' }),
  })
  .openapi('Stats');

export type StatsWire = z.infer<typeof StatsWire>;

const rowGroupings = Object.keys(ROW_KEYS) as (keyof typeof ROW_KEYS)[];
export const GROUPINGS: readonly Grouping[] = [...rowGroupings, 'purpose', 'location_pair'];

export type LengthUnit = 'km' | 'mi';

export function statsToWire(stats: Stats, grouping: Grouping | null, unit: LengthUnit): StatsWire {
  const { currency } = stats;
  const toWire = (sum: Sum) => sumToWire(sum, currency, unit);
  return {
    ...toWire(stats.total),
    by_month: stats.byMonth.map(({ key, sum }) => ({ month: key, ...toWire(sum) })),
    by_car: stats.byCar.map(({ key, sum }) => ({ car_id: key, ...toWire(sum) })),
    by_type: stats.byType.map(({ key, sum }) => ({ trip_type: key, ...toWire(sum) })),
    ...(stats.groups !== null && {
      groups: stats.groups.map(({ key, sum }) => ({ ...keyToWire(key, grouping), ...toWire(sum) })),
    }),
  };
}

function keyToWire(key: Group['key'], grouping: Grouping | null) {
  if (grouping !== 'location_pair' || typeof key !== 'string') return { key };
  const { from, to } = pairOf(key);
  return { key, from_location_id: from, to_location_id: to };
}

function sumToWire({ trips, metres, businessMetres, durationMs, pay }: Sum, currency: string | null, unit: LengthUnit) {
  const privateMetres = metres - businessMetres;
  return {
    total_km: kmOf(metres),
    business_km: kmOf(businessMetres),
    private_km: kmOf(privateMetres),
    trip_count: trips,
    duration_min: minutesOf(durationMs),
    ...(pay && { reimbursement: payToWire(pay, currency) }),
    ...(unit === 'mi' && {
      total_mi: milesOf(metres),
      business_mi: milesOf(businessMetres),
      private_mi: milesOf(privateMetres),
    }),
  };
}

function payToWire({ cents, unratedMetres }: Pay, currency: string | null) {
  return { amount: cents === null ? null : cents / 100, currency, unrated_km: kmOf(unratedMetres) };
}
