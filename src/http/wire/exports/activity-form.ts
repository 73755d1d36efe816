/** The feed in an export. What may be put back one day is read as strictly as what is imported now. */

import type { DismissedGap } from '../../../actions/review-gaps.ts';
import { CAUSES, NOUNS, type Activity, type ActivityPart, type Noun, type Written } from '../../../domain/activity.ts';
import type { Car } from '../../../domain/cars.ts';
import type { RuleSet } from '../../../domain/classification.ts';
import type { Location } from '../../../domain/locations.ts';
import type { MonthInFeed } from '../../../domain/month-chain.ts';
import type { OdometerReading } from '../../../domain/odometer-readings.ts';
import type { Settings } from '../../../domain/settings.ts';
import type { Trip } from '../../../domain/trips.ts';
import { ID } from '../values.ts';
import { car, discard, location, odometerReading, rule, settings, trip } from './book-forms.ts';
import { event } from './machine-forms.ts';
import { actor } from './actor-form.ts';
import { rates } from './rate-form.ts';
import {
  anything,
  id,
  instant,
  later,
  list,
  Misfit,
  nullable,
  number,
  object,
  objectIn,
  oneOf,
  text,
  textLike,
  type Form,
} from './forms.ts';

/** A token of the feed opens nothing; whose it was is known without saying. */
const token: Form<object> = {
  toWire: (doc) => Object.fromEntries(Object.entries(doc).filter(([name]) => name !== 'owner')),
  fromWire: (wire, field) => {
    const doc = objectIn(wire, field);
    for (const [name, value] of Object.entries(doc)) {
      const isPlain = value === null || typeof value !== 'object' || (Array.isArray(value) && value.every(isText));
      if (!isPlain || name === 'owner') throw new Misfit(field, 'a token without its owner');
    }
    return doc;
  },
};

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

type AnyForm = Form<Trip> | Form<Location> | Form<Car> | Form<OdometerReading> | Form<Settings> | Form<object>;

const DOCUMENTS: { readonly [N in Noun]: AnyForm } = {
  trip,
  location,
  car,
  odometer_reading: odometerReading,
  settings,
  token,
  rules: object<RuleSet>({ rules: list(rule) }),
  rates,
  gap: object<DismissedGap>({ id: text }),
  event,
  month: object<MonthInFeed>({ month: text, head: text, trips: number }),
};

/** The form of a noun's documents; that a document is of its noun's kind is this program's doing. */
function formOf(noun: Noun): Form<object | null> {
  return nullable(DOCUMENTS[noun] as Form<object>);
}

const writtenFields = {
  noun: oneOf(...NOUNS),
  nounId: textLike((wire) => wire === '' || ID.test(wire), 'an id'),
};

interface Unread {
  readonly before: unknown;
  readonly after: unknown;
}

type Documents = Pick<Written, keyof Unread>;

function documentsToWire({ noun, before, after }: Written): Unread {
  const form = formOf(noun);
  return { before: form.toWire(before), after: form.toWire(after) };
}

/** In a second step, when the noun is known. */
function documentsIn({ noun, before, after }: Unread & Pick<Written, 'noun'>, field: string): Documents {
  const form = formOf(noun);
  const prefix = field === '' ? '' : `${field}.`;
  return { before: form.fromWire(before, `${prefix}before`), after: form.fromWire(after, `${prefix}after`) };
}

const unread = { before: anything, after: anything };

const writtenUnread = object<Omit<Written, keyof Unread> & Unread>({ ...writtenFields, ...unread });
const written: Form<Written> = {
  toWire: (entry) => writtenUnread.toWire({ ...entry, ...documentsToWire(entry) }),
  fromWire: (wire, field) => {
    const entry = writtenUnread.fromWire(wire, field);
    return { ...entry, ...documentsIn(entry, field) };
  },
};

const activityUnread = object<Omit<Activity, keyof Unread> & Unread>({
  ...writtenFields,
  ...unread,
  id,
  at: instant,
  kind: oneOf('created', 'changed', 'deleted', 'discarded'),
  by: actor,
  also: list(written),
  cause: later(nullable(oneOf(...CAUSES)), null),
  parts: later(list(number), []),
  discard: nullable(discard),
  lost: nullable(trip),
  undoes: nullable(id),
  undoneBy: nullable(id),
});

export const activity: Form<Activity> = {
  toWire: (entry) => activityUnread.toWire({ ...entry, ...documentsToWire(entry) }),
  fromWire: (wire, field) => {
    const entry = activityUnread.fromWire(wire, field);
    return { ...entry, ...documentsIn(entry, field) };
  },
};

export const activityPart = object<ActivityPart>({ id, written: list(written) });
