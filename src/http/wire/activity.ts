/** The feed on the wire. What a document was before and after has the shape its own route gives it. */

import { z } from '@hono/zod-openapi';
import {
  CAUSES,
  countOf,
  DISCARD_REASONS,
  NOUNS,
  type Activity,
  type Actor,
  type Discard,
  type Written,
} from '../../domain/activity.ts';
import type { Car } from '../../domain/cars.ts';
import type { RuleSet } from '../../domain/classification.ts';
import type { Location } from '../../domain/locations.ts';
import type { JournalEntry } from '../../domain/machine/state.ts';
import type { MonthInFeed } from '../../domain/month-chain.ts';
import type { OdometerReading } from '../../domain/odometer-readings.ts';
import { healthOf } from '../../domain/polls.ts';
import type { Rates } from '../../domain/rates.ts';
import type { Settings } from '../../domain/settings.ts';
import type { DeviceToken } from '../../domain/tokens.ts';
import type { Trip } from '../../domain/trips.ts';
import { isoOf } from '../../domain/units.ts';
import type { DismissedGap } from '../../actions/review-gaps.ts';
import { CarWire, carToWire } from './cars.ts';
import { LocationWire, locationToWire } from './locations.ts';
import { EventWire, eventToWire } from './events.ts';
import { MonthInFeedWire } from './months.ts';
import { ReadingWire, readingToWire } from './odometer-readings.ts';
import { OwnRatesWire, ownRatesToWire } from './rates.ts';
import { RulesWire, rulesToWire } from './rules.ts';
import { SettingsWire, settingsToWire } from './settings.ts';
import { TokenWire, tokenToWire } from './tokens.ts';
import { tripToWire } from './trips-out.ts';
import { TripWire } from './trips.ts';
import { instant } from './values.ts';

const ActorWire = z
  .object({
    kind: z.enum(['rules', 'token', 'session', 'identity', 'open']),
    token_id: z.string().nullable(),
    label: z.string().nullable(),
  })
  .openapi('Actor');

const DiscardWire = z
  .object({
    trip_id: z.string(),
    reason: z.enum(DISCARD_REASONS),
    started_at: instant(),
    ended_at: instant(),
    car_id: z.string().nullable(),
  })
  .openapi('Discard');

const DocumentWire = z.union([
  TripWire,
  LocationWire,
  CarWire,
  ReadingWire,
  SettingsWire,
  TokenWire,
  RulesWire,
  OwnRatesWire,
  EventWire,
  z.object({ id: z.string() }),
  MonthInFeedWire,
]);

const written = {
  noun: z.enum(NOUNS),
  noun_id: z.string(),
  before: DocumentWire.nullable(),
  after: DocumentWire.nullable(),
};

const WrittenWire = z.object(written).openapi('Written');

export const ActivityWire = z
  .object({
    id: z.string(),
    at: instant(),
    kind: z.enum(['created', 'changed', 'deleted', 'discarded']),
    by: ActorWire,
    ...written,
    cause: z.enum(CAUSES).nullable().openapi({ description: 'What was done, where it is more than `kind` says' }),
    count: z.int().openapi({ description: 'Documents changed in the same act, also those `also` has no room for' }),
    also: z.array(WrittenWire).openapi({ description: 'Other documents that changed in the same act' }),
    discard: DiscardWire.nullable(),
    undoes: z.string().nullable().openapi({ description: 'The entry this one takes back' }),
    undone_by: z
      .string()
      .nullable()
      .openapi({ description: 'The entry that took this one back, as long as it stands' }),
  })
  .openapi('Activity');

export type ActivityWire = z.infer<typeof ActivityWire>;

export function activityToWire(entry: Activity): ActivityWire {
  return {
    id: entry.id,
    at: isoOf(entry.at),
    kind: entry.kind,
    by: actorToWire(entry.by),
    ...writtenToWire(entry),
    cause: entry.cause,
    count: countOf(entry),
    also: entry.also.map(writtenToWire),
    discard: entry.discard && discardToWire(entry.discard),
    undoes: entry.undoes,
    undone_by: entry.undoneBy,
  };
}

function writtenToWire({ noun, nounId, before, after }: Written) {
  return {
    noun,
    noun_id: nounId,
    before: before && documentToWire(noun, before),
    after: after && documentToWire(noun, after),
  };
}

function actorToWire(by: Actor) {
  if (by.kind === 'token') return { kind: by.kind, token_id: by.tokenId, label: by.label };
  return { kind: by.kind, token_id: null, label: null };
}

/** The feed keeps what a car is, not how well it answers. */
const UNKNOWN_HEALTH = healthOf(null, '');

/** The noun says what was written there. */
function documentToWire(noun: Activity['noun'], document: object): z.infer<typeof DocumentWire> {
  switch (noun) {
    case 'trip':
      return tripToWire(document as Trip);
    case 'location':
      return locationToWire(document as Location);
    case 'car':
      return carToWire({ ...(document as Car), health: UNKNOWN_HEALTH });
    case 'odometer_reading':
      return readingToWire(document as OdometerReading);
    case 'settings':
      return settingsToWire(document as Settings);
    case 'token':
      return tokenToWire(document as DeviceToken);
    case 'rules':
      return rulesToWire((document as RuleSet).rules);
    case 'gap':
      return document as DismissedGap;
    case 'rates':
      return ownRatesToWire(document as Rates);
    case 'event':
      return eventToWire(document as JournalEntry);
    case 'month':
      return document as MonthInFeed;
  }
}

function discardToWire({ tripId, reason, startedAt, endedAt, carId }: Discard) {
  return { trip_id: tripId, reason, started_at: isoOf(startedAt), ended_at: isoOf(endedAt), car_id: carId };
}
