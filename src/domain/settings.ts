/** What a user may tune, and the numbers of the trip rules nobody tunes. Spans are milliseconds, lengths metres. */

import type { TripType } from './trips.ts';

export type Language = 'en' | 'nl';
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
/** Local wall-clock times `HH:MM`, from before to. */
export type WorkingHours = Partial<Record<Weekday, readonly [string, string]>>;

export interface Settings {
  readonly timeZone: string;
  readonly language: Language;
  readonly distanceUnit: 'km' | 'mi';
  readonly defaultTripType: TripType;
  readonly defaultCarId: string | null;
  /** The business part of a mixed trip nobody split by hand, 0 … 1. */
  readonly mixedBusinessShare: number;
  readonly workingHours: WorkingHours;
  readonly duplicateWindowMs: number;
  readonly resumeWindowMs: number;
  readonly staleAfterMs: number;
  readonly silentStaleAfterMs: number;
  readonly parkedDwellMs: number;
  readonly carWaitMs: number;
  readonly stopMaxMs: number;
  readonly movementDetection: boolean;
  readonly alarms: boolean;
  /** `null` keeps tracks for ever. */
  readonly trackRetentionDays: number | null;
}

export function isWeekday(name: string): name is Weekday {
  return WEEKDAYS.some((day) => day === name);
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const OFFICE_HOURS = ['09:00', '17:30'] as const;

export function defaultSettings(timeZone: string, language: Language): Settings {
  return {
    timeZone,
    language,
    distanceUnit: 'km',
    defaultTripType: 'B',
    defaultCarId: null,
    mixedBusinessShare: 0.5,
    workingHours: {
      mon: OFFICE_HOURS,
      tue: OFFICE_HOURS,
      wed: OFFICE_HOURS,
      thu: OFFICE_HOURS,
      fri: OFFICE_HOURS,
    },
    duplicateWindowMs: 120 * SECOND,
    resumeWindowMs: 10 * MINUTE,
    staleAfterMs: 2 * HOUR,
    silentStaleAfterMs: 12 * HOUR,
    parkedDwellMs: 3 * MINUTE,
    carWaitMs: 20 * MINUTE,
    stopMaxMs: 2 * HOUR,
    movementDetection: false,
    alarms: true,
    trackRetentionDays: null,
  };
}

export const LIMITS = {
  /** A start this soon after an end is a reconnect, wherever it is. */
  reconnectMs: 2 * MINUTE,
  resumeWithinMetres: 500,
  falseStartMs: 60 * SECOND,
  falseStartMetres: 100,
  smallestTripMetres: 100,
  /** From here on a trip without a measured move may have gone out and back. */
  outAndBackMs: 5 * MINUTE,
  worstFixMetres: 100,
  signOfLifeMetres: 100,
  thinGapMs: 5 * MINUTE,
  thinFactor: 1.3,
  fastestKmh: 250,
  fastestSlackMetres: 5_000,
  thinFastestKmh: 130,
  lostEndKmh: 50,
  lostEndMaxMs: 24 * HOUR,
  lateEndMs: 12 * HOUR,
  passingCarMs: 60 * SECOND,
  carWaitMaxMs: 60 * MINUTE,
  dwellWithoutStateMs: 10 * MINUTE,
  droveOnAfterMs: 60 * SECOND,
  droveOnMetres: 500,
  odometerToleranceMetres: 1_000,
  lateOdometerMetres: 2_000,
  odometerPendingMs: 24 * HOUR,
  notTheCarMetres: 2_000,
  agreementApartMs: 60 * SECOND,
  oldestEventMs: 72 * HOUR,
  oldestPointMs: 90 * 24 * HOUR,
  futureMs: 5 * MINUTE,
  sameBodyMs: 48 * HOUR,
  journalMs: 96 * HOUR,
  idleKeptMs: 24 * HOUR,
  idleMostPoints: 20_000,
} as const;
