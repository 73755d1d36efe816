/** Classification rules on the wire: the conditions that are given must all hold, the first rule that matches wins. */

import { z } from '@hono/zod-openapi';
import type { EndCondition, Rule } from '../../domain/classification.ts';
import { LOCATION_KINDS } from '../../domain/locations.ts';
import { WEEKDAYS } from '../../domain/settings.ts';
import { kmOf } from '../../domain/units.ts';
import { TRIP_TYPES } from './trips.ts';

const EndWire = z.union([z.enum(LOCATION_KINDS), z.object({ location_id: z.string() })]);

export const RuleWire = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    when: z.object({
      ends: z
        .array(EndWire)
        .optional()
        .openapi({ description: 'One end, or both in either direction: kinds of locations, or single ones' }),
      weekdays: z.array(z.enum(WEEKDAYS)).optional(),
      working_hours: z.boolean().optional().openapi({ description: 'Whether the trip began within them' }),
      car_id: z.string().optional(),
      device: z.string().optional(),
      min_km: z.number().optional(),
      max_km: z.number().optional(),
    }),
    trip_type: z.enum(TRIP_TYPES),
    business_share: z.number().nullable().openapi({ description: 'Of a mixed trip, 0 … 1; null: your usual share' }),
    purpose: z.string().nullable(),
  })
  .openapi('Rule');

export type RuleWire = z.infer<typeof RuleWire>;

export const RulesWire = z.object({ rules: z.array(RuleWire) }).openapi('Rules');

export function rulesToWire(rules: readonly Rule[]): z.infer<typeof RulesWire> {
  return { rules: rules.map(ruleToWire) };
}

export function ruleToWire({ id, name, when, type, businessShare, purpose }: Rule): RuleWire {
  const { ends, weekdays, workingHours, carId, device, leastMetres, mostMetres } = when;
  return {
    id,
    name,
    when: {
      ...(ends && { ends: ends.map(endToWire) }),
      ...(weekdays && { weekdays: [...weekdays] }),
      ...(workingHours !== undefined && { working_hours: workingHours }),
      ...(carId !== undefined && { car_id: carId }),
      ...(device !== undefined && { device }),
      ...(leastMetres !== undefined && { min_km: kmOf(leastMetres) }),
      ...(mostMetres !== undefined && { max_km: kmOf(mostMetres) }),
    },
    trip_type: type,
    business_share: businessShare,
    purpose,
  };
}

function endToWire(end: EndCondition): z.infer<typeof EndWire> {
  return typeof end === 'string' ? end : { location_id: end.locationId };
}
