/** Classification rules on the wire: the conditions that are given must all hold, the first rule that matches wins. */

import { z } from '@hono/zod-openapi';
import { MOST_RULES, type SaidRule } from '../../actions/rules.ts';
import type { Conditions, EndCondition, Rule } from '../../domain/classification.ts';
import { LOCATION_KINDS } from '../../domain/locations.ts';
import { WEEKDAYS } from '../../domain/settings.ts';
import { kmOf } from '../../domain/units.ts';
import { refusePeriod } from './periods.ts';
import { TRIP_TYPES } from './trips.ts';
import { booleanIn, dateIn, idIn, kmIn, noteIn, oneOf, shareIn, textIn } from './values.ts';

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

const ENDS = `a list of one or two: ${LOCATION_KINDS.join(', ')}, or {location_id}`;
const DAYS = `a list of ${WEEKDAYS.join(', ')}`;
const SHARE = 'a number, 0 … 1, or null';
const MOST_TRIP_KM = 100_000;

const EndIn = z.union([z.enum(LOCATION_KINDS), z.strictObject({ location_id: idIn() })], { error: ENDS });

const ConditionsIn = z
  .strictObject({
    ends: z.array(EndIn, { error: ENDS }).min(1, { error: ENDS }).max(2, { error: ENDS }).optional(),
    weekdays: z.array(oneOf(WEEKDAYS), { error: DAYS }).min(1, { error: DAYS }).max(7, { error: DAYS }).optional(),
    working_hours: booleanIn().optional(),
    car_id: idIn().optional(),
    device: textIn(64).optional(),
    min_km: kmIn(MOST_TRIP_KM).optional(),
    max_km: kmIn(MOST_TRIP_KM).optional(),
  })
  .superRefine(({ min_km: least, max_km: most }, context) => {
    if (least === undefined || most === undefined || least <= most) return;
    context.addIssue({ code: 'custom', path: ['max_km'], message: 'at least min_km' });
  });

const RuleIn = z
  .strictObject({
    id: idIn().optional(),
    name: noteIn(100).optional(),
    when: ConditionsIn.optional(),
    trip_type: oneOf(TRIP_TYPES),
    business_share: shareIn(SHARE).nullable().optional(),
    purpose: noteIn(500).optional(),
  })
  .superRefine(({ trip_type: type, business_share: share }, context) => {
    if (type === 'M' || (share ?? null) === null) return;
    context.addIssue({ code: 'custom', path: ['business_share'], message: 'only with trip_type M' });
  })
  .openapi('RuleEdit');

const RulesListIn = z
  .array(RuleIn, { error: 'a list of rules' })
  .max(MOST_RULES, { error: `at most ${MOST_RULES} rules` })
  .superRefine((rules, context) => {
    const ids = rules.map(({ id }) => id);
    for (const [i, id] of ids.entries()) {
      if (id === undefined || ids.indexOf(id) === i) continue;
      context.addIssue({ code: 'custom', path: [i, 'id'], message: 'an id that no rule before it has' });
    }
  });

export const RulesIn = z.strictObject({ rules: RulesListIn }).openapi('RulesEdit');

export function saidRulesOf(rules: z.infer<typeof RulesListIn>): SaidRule[] {
  return rules.map(({ id, name, when, trip_type: type, business_share: share, purpose }) => ({
    id: id ?? null,
    name: name ?? null,
    when: conditionsOf(when ?? {}),
    type,
    businessShare: share ?? null,
    purpose: purpose ?? null,
  }));
}

/** Only what was said: a condition that is left out is none. */
function conditionsOf(when: z.infer<typeof ConditionsIn>): Conditions {
  const { ends, weekdays, working_hours: workingHours, car_id: carId, device, min_km: least, max_km: most } = when;
  return {
    ...(ends && { ends: ends.map((end) => (typeof end === 'string' ? end : { locationId: end.location_id })) }),
    ...(weekdays && { weekdays: WEEKDAYS.filter((day) => weekdays.includes(day)) }),
    ...(workingHours !== undefined && { workingHours }),
    ...(carId !== undefined && { carId }),
    ...(device !== undefined && { device }),
    ...(least !== undefined && { leastMetres: least }),
    ...(most !== undefined && { mostMetres: most }),
  };
}

const period = { from: dateIn().optional(), to: dateIn().optional() };

/** The trips of these local dates; all of them without. */
export const ApplyIn = z.strictObject(period).superRefine(refusePeriod).openapi('RulesPeriod');

export const PreviewIn = z
  .strictObject({ ...period, rules: RulesListIn.optional() })
  .superRefine(refusePeriod)
  .openapi('RulesPreview');
