/** Totals on the wire. Sums are whole metres until here; only here they become kilometres. */

import { z } from '@hono/zod-openapi';
import { pairOf, ROW_KEYS, type Group, type Sum } from '../../domain/stats.ts';
import { kmOf, minutesOf } from '../../domain/units.ts';
import type { Grouping, Stats } from '../../actions/stats.ts';
import { TRIP_TYPES } from './trips.ts';

const sums = {
  total_km: z.number(),
  business_km: z.number(),
  private_km: z.number(),
  trip_count: z.int(),
  duration_min: z.int(),
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

export function statsToWire(stats: Stats, grouping: Grouping | null): StatsWire {
  return {
    ...sumToWire(stats.total),
    by_month: stats.byMonth.map(({ key, sum }) => ({ month: key, ...sumToWire(sum) })),
    by_car: stats.byCar.map(({ key, sum }) => ({ car_id: key, ...sumToWire(sum) })),
    by_type: stats.byType.map(({ key, sum }) => ({ trip_type: key, ...sumToWire(sum) })),
    ...(stats.groups !== null && { groups: stats.groups.map((group) => groupToWire(group, grouping)) }),
  };
}

function groupToWire({ key, sum }: Group, grouping: Grouping | null): z.infer<typeof GroupWire> {
  if (grouping !== 'location_pair' || typeof key !== 'string') return { key, ...sumToWire(sum) };
  const { from, to } = pairOf(key);
  return { key, from_location_id: from, to_location_id: to, ...sumToWire(sum) };
}

function sumToWire({ trips, metres, businessMetres, durationMs }: Sum) {
  return {
    total_km: kmOf(metres),
    business_km: kmOf(businessMetres),
    private_km: kmOf(metres - businessMetres),
    trip_count: trips,
    duration_min: minutesOf(durationMs),
  };
}
