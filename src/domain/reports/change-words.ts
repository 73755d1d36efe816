/** Changes of a trip in words, each with when, by whom, what it was and what it is. */

import type { Actor } from '../activity.ts';
import { localDate, localTime } from '../calendar.ts';
import type { Trip } from '../trips.ts';
import type { DeletedTrip, FieldChange, ToldField, TripChange } from './changes.ts';
import { placeText } from './entries.ts';
import { dateText, lengthText } from './numbers.ts';
import type { ReportLanguage } from './words.ts';

type Names = ReadonlyMap<string, string>;

/** A line for each change. */
export function changesText(
  changes: readonly TripChange[],
  trip: Pick<Trip, 'timeZone'>,
  names: Names,
  language: ReportLanguage,
): string | null {
  return changes.map((change) => changeText(change, trip.timeZone, names, language)).join('\n') || null;
}

function changeText(
  { at, by, isUndo, isAdded, reason, fields }: TripChange,
  timeZone: string,
  names: Names,
  language: ReportLanguage,
): string {
  const who = `${whenText(at, timeZone, language)} ${actorText(by, language)}`;
  const told = fields.map((change) => fieldText(change, { timeZone, names, language }));
  const what = isAdded ? language.words.addedLater : told.join('; ');
  return `${who}${isUndo ? ` (${language.words.undone})` : ''}: ${what}${reasonText(reason, language)}`;
}

function reasonText(reason: string | null, { words }: ReportLanguage): string {
  return reason === null ? '' : ` (${words.correctionReason}: ${reason})`;
}

/** `2026-03-05 14:02` */
export function whenText(at: number, timeZone: string, language: ReportLanguage): string {
  return `${dateText(localDate(at, timeZone), language)} ${localTime(at, timeZone)}`;
}

/** People by the name of the key they came with. */
export function actorText(by: Actor, { words }: ReportLanguage): string {
  if (by.kind === 'rules') return words.byRules;
  return by.kind === 'token' ? by.label : words.byUser;
}

/** What a trip that was taken out was, and who took it out. */
export function deletedText({ at, by, reason, trip }: DeletedTrip, names: Names, language: ReportLanguage): string {
  const { words } = language;
  const way = [trip.from, trip.to].map((place) => placeText(place, names) ?? words.unknown).join(' → ');
  const was = `${whenText(trip.startedAt, trip.timeZone, language)}, ${way}, ${lengthText(trip.distanceMetres, language)}`;
  const gone = `${words.deletedBy} ${whenText(at, trip.timeZone, language)}, ${actorText(by, language)}${reasonText(reason, language)}`;
  return `${was}, ${words.types[trip.type]}${trip.purpose === null ? '' : `, ${trip.purpose}`}: ${gone}`;
}

interface Reading {
  readonly timeZone: string;
  readonly names: Names;
  readonly language: ReportLanguage;
}

function fieldText({ field, before, after }: FieldChange, reading: Reading): string {
  const [was, is] = [before, after].map((trip) => VALUES[field](trip, reading) ?? reading.language.words.nothing);
  return `${reading.language.words.told[field]} ${was} → ${is}`;
}

/** `null`: there was or is nothing. */
type Value = (trip: Partial<Trip>, reading: Reading) => string | null;

const length = (of: (trip: Partial<Trip>) => number | null | undefined): Value => {
  return (trip, { language }) => {
    const metres = of(trip) ?? null;
    return metres === null ? null : lengthText(metres, language);
  };
};
const quoted = (of: (trip: Partial<Trip>) => string | null | undefined): Value => {
  return (trip) => (of(trip) ? `“${of(trip)}”` : null);
};
const when = (of: (trip: Partial<Trip>) => number | undefined): Value => {
  return (trip, { timeZone, language }) => whenText(of(trip) ?? 0, timeZone, language);
};

const VALUES: Readonly<Record<ToldField, Value>> = {
  startedAt: when(({ startedAt }) => startedAt),
  endedAt: when(({ endedAt }) => endedAt),
  carId: ({ carId }, { names }) => names.get(carId ?? '') ?? carId ?? null,
  from: ({ from }, { names }) => placeText(from ?? null, names),
  to: ({ to }, { names }) => placeText(to ?? null, names),
  startOdometerMetres: length(({ startOdometerMetres }) => startOdometerMetres),
  endOdometerMetres: length(({ endOdometerMetres }) => endOdometerMetres),
  distanceMetres: length(({ distanceMetres }) => distanceMetres),
  type: ({ type }, { language }) => (type === undefined ? null : language.words.types[type]),
  businessMetres: length(({ businessMetres }) => businessMetres),
  commute: ({ commute }, { language: { words } }) => (commute ? words.yes : words.no),
  purpose: quoted(({ purpose }) => purpose),
  businessPartner: quoted(({ businessPartner }) => businessPartner),
  routeNote: quoted(({ routeNote }) => routeNote),
  detourMetres: length(({ detourMetres }) => detourMetres),
  notes: quoted(({ notes }) => notes),
};
