/** Settings on the wire: spans in the seconds and minutes people think in. */

import { z } from '@hono/zod-openapi';
import { WEEKDAYS, type Settings, type WorkingHours } from '../../domain/settings.ts';
import type { SettingsEdit } from '../../actions/settings.ts';
import { TRIP_TYPES } from './trips.ts';
import { booleanIn, idIn, oneOf, shareIn, timeZoneIn, wholeIn } from './values.ts';

const LANGUAGES = ['en', 'nl'] as const;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const HoursWire = z.tuple([z.string(), z.string()]).openapi({ example: ['09:00', '17:30'] });

export const SettingsWire = z
  .object({
    time_zone: z.string(),
    language: z.enum(LANGUAGES),
    distance_unit: z.enum(['km', 'mi']),
    default_trip_type: z.enum(TRIP_TYPES),
    default_car_id: z.string().nullable(),
    mixed_business_share: z.number(),
    working_hours: z.partialRecord(z.enum(WEEKDAYS), HoursWire),
    duplicate_window_s: z.number(),
    resume_window_min: z.number(),
    stale_after_min: z.number(),
    silent_stale_after_min: z.number(),
    parked_dwell_min: z.number(),
    car_wait_min: z.number(),
    stop_max_min: z.number(),
    movement_detection: z.boolean(),
    alarms: z.boolean(),
    track_retention_days: z.number().nullable().openapi({
      description: 'Tracks of trips older than this keep only what 50 m of precision need; `null`: all of it',
    }),
  })
  .openapi('Settings');

export type SettingsWire = z.infer<typeof SettingsWire>;

const hours = 'a pair of local times HH:MM, the first before the second';
const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

const clockTime = z.string({ error: hours });
const HoursIn = z
  .tuple([clockTime, clockTime], { error: hours })
  .refine(([from, to]) => CLOCK_TIME.test(from) && CLOCK_TIME.test(to) && from < to, { error: hours });
const DayIn = HoursIn.nullable().optional();

/** The week as it shall be: a day that is left out, or `null`, is free. */
const WorkingHoursIn = z
  .strictObject(
    { mon: DayIn, tue: DayIn, wed: DayIn, thu: DayIn, fri: DayIn, sat: DayIn, sun: DayIn },
    { error: (issue) => (issue.code === 'invalid_type' ? `an object of ${WEEKDAYS.join(', ')}` : undefined) },
  )
  .transform(workingHoursOf)
  .openapi({ type: 'object', example: { mon: ['09:00', '17:30'], sat: null } });

export const SettingsEditIn = z
  .strictObject({
    time_zone: timeZoneIn(),
    language: oneOf(LANGUAGES),
    distance_unit: oneOf(['km', 'mi']),
    default_trip_type: oneOf(TRIP_TYPES),
    default_car_id: idIn().nullable(),
    mixed_business_share: shareIn(),
    working_hours: WorkingHoursIn,
    duplicate_window_s: wholeIn(0, 600),
    resume_window_min: wholeIn(0, 60),
    stale_after_min: wholeIn(10, 1_440),
    silent_stale_after_min: wholeIn(10, 4_320),
    parked_dwell_min: wholeIn(1, 60),
    car_wait_min: wholeIn(0, 60),
    stop_max_min: wholeIn(5, 1_440),
    movement_detection: booleanIn(),
    alarms: booleanIn(),
    track_retention_days: wholeIn(1, 36_500).nullable(),
  })
  .partial()
  .openapi('SettingsEdit');

export function settingsToWire(settings: Settings): SettingsWire {
  return {
    time_zone: settings.timeZone,
    language: settings.language,
    distance_unit: settings.distanceUnit,
    default_trip_type: settings.defaultTripType,
    default_car_id: settings.defaultCarId,
    mixed_business_share: settings.mixedBusinessShare,
    working_hours: hoursToWire(settings.workingHours),
    duplicate_window_s: settings.duplicateWindowMs / SECOND_MS,
    resume_window_min: settings.resumeWindowMs / MINUTE_MS,
    stale_after_min: settings.staleAfterMs / MINUTE_MS,
    silent_stale_after_min: settings.silentStaleAfterMs / MINUTE_MS,
    parked_dwell_min: settings.parkedDwellMs / MINUTE_MS,
    car_wait_min: settings.carWaitMs / MINUTE_MS,
    stop_max_min: settings.stopMaxMs / MINUTE_MS,
    movement_detection: settings.movementDetection,
    alarms: settings.alarms,
    track_retention_days: settings.trackRetentionDays,
  };
}

export function settingsEditOf(body: z.infer<typeof SettingsEditIn>): SettingsEdit {
  return {
    timeZone: body.time_zone,
    language: body.language,
    distanceUnit: body.distance_unit,
    defaultTripType: body.default_trip_type,
    defaultCarId: body.default_car_id,
    mixedBusinessShare: body.mixed_business_share,
    workingHours: body.working_hours,
    duplicateWindowMs: spanMs(body.duplicate_window_s, SECOND_MS),
    resumeWindowMs: spanMs(body.resume_window_min, MINUTE_MS),
    staleAfterMs: spanMs(body.stale_after_min, MINUTE_MS),
    silentStaleAfterMs: spanMs(body.silent_stale_after_min, MINUTE_MS),
    parkedDwellMs: spanMs(body.parked_dwell_min, MINUTE_MS),
    carWaitMs: spanMs(body.car_wait_min, MINUTE_MS),
    stopMaxMs: spanMs(body.stop_max_min, MINUTE_MS),
    movementDetection: body.movement_detection,
    alarms: body.alarms,
    trackRetentionDays: body.track_retention_days,
  };
}

function spanMs(units: number | undefined, unitMs: number): number | undefined {
  return units === undefined ? undefined : units * unitMs;
}

type Week = { readonly [D in (typeof WEEKDAYS)[number]]?: [string, string] | null | undefined };

function workingHoursOf(week: Week): WorkingHours {
  return Object.fromEntries(WEEKDAYS.flatMap((day) => (week[day] ? [[day, week[day]]] : [])));
}

function hoursToWire(workingHours: WorkingHours): SettingsWire['working_hours'] {
  const days = WEEKDAYS.flatMap((day): [typeof day, [string, string]][] => {
    const span = workingHours[day];
    return span ? [[day, [span[0], span[1]]]] : [];
  });
  return Object.fromEntries(days);
}
