/** A driver's last days as a page shows them: the open drive, then the trips, newest first. */

import { html } from 'hono/html';
import { activeTrip } from '../../actions/active-trip.ts';
import { listLocations } from '../../actions/locations.ts';
import { listTrips } from '../../actions/trips.ts';
import { localDate, localTime } from '../../domain/calendar.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Place, Trip } from '../../domain/trips.ts';
import { METRES_PER } from '../../domain/units.ts';
import type { UserStore } from '../../seams/store.ts';
import type { Markup } from './layout.ts';
import type { Words } from './words.ts';

const TRIPS_SHOWN = 8;
const MOST_LOCATIONS = 200;

export interface Reader {
  readonly words: Words;
  /** Of the numbers and dates. */
  readonly locale: string;
  readonly settings: Settings;
  readonly now: number;
}

export async function logbook(user: UserStore, reader: Reader): Promise<Markup> {
  const [active, trips, locations] = await Promise.all([
    activeTrip(user),
    listTrips(user, { ...EVERYTHING, limit: TRIPS_SHOWN, after: null }),
    listLocations(user, { limit: MOST_LOCATIONS, after: null }),
  ]);
  const names = new Map(locations.items.map(({ id, name }) => [id, name]));
  return html`${active === null ? '' : openDrive(active, reader)}
    <section class="card">
      <h2>${reader.words.lastTrips}</h2>
      ${
        trips.items.length === 0
          ? html`<p class="muted">${reader.words.noTrips}</p>`
          : html`<ul class="trips">
              ${rows(trips.items, names, reader)}
            </ul>`
      }
    </section>`;
}

const EVERYTHING = { period: { from: null, to: null }, carId: null, type: null, needsReview: null, text: null };

type Active = NonNullable<Awaited<ReturnType<typeof activeTrip>>>;

function openDrive({ trip, distanceMetres }: Active, reader: Reader): Markup {
  const { words, settings } = reader;
  const { phase, trip: open } = trip.now;
  const time = localTime(open.startedAt, settings.timeZone);
  const day = dayName(open.startedAt, settings.timeZone, reader);
  const since = day === words.today ? time : `${day}, ${time}`;
  return html`<section class="card now">
    <span class="dot" aria-hidden="true"></span>
    <p>
      ${words.phase[phase]}
      <span class="muted">${words.since} ${since}</span>
    </p>
    <strong>${length(distanceMetres, reader)}</strong>
  </section>`;
}

function rows(trips: readonly Trip[], names: ReadonlyMap<string, string>, reader: Reader): Markup[] {
  const days = trips.map((trip) => localDate(trip.startedAt, trip.timeZone));
  return trips.flatMap((trip, i) => [
    ...(days[i] === days[i - 1] ? [] : [html`<li class="day">${dayName(trip.startedAt, trip.timeZone, reader)}</li>`]),
    row(trip, names, reader),
  ]);
}

function row(trip: Trip, names: ReadonlyMap<string, string>, reader: Reader): Markup {
  const { words } = reader;
  const type = words.types[trip.type];
  return html`<li class="trip">
    <span class="time">${localTime(trip.startedAt, trip.timeZone)}</span>
    <span class="way">
      <span>${placeName(trip.from, names, words)}</span>
      <i class="to" aria-label="${words.to}">→</i>
      <span>${placeName(trip.to, names, words)}</span>
    </span>
    ${trip.needsReview ? html`<b class="wants-review" role="img" title="${words.wantsReview}" aria-label="${words.wantsReview}">•</b>` : ''}
    <span class="km">${tripLength(trip, reader)}</span>
    <abbr class="class ${trip.type}" title="${type}" aria-label="${type}">${trip.type}</abbr>
  </li>`;
}

function placeName(place: Place | null, names: ReadonlyMap<string, string>, words: Words): string {
  if (place === null) return words.elsewhere;
  const name = place.locationId === null ? undefined : names.get(place.locationId);
  if (name !== undefined) return name;
  if (place.address !== null) return place.address;
  if (place.lat === null || place.lng === null) return words.elsewhere;
  return `${place.lat.toFixed(3)}, ${place.lng.toFixed(3)}`;
}

const ESTIMATES: ReadonlySet<Trip['distanceSource']> = new Set(['straight_line', 'reconstructed']);

function tripLength(trip: Trip, reader: Reader): Markup | string {
  if (trip.distanceSource === 'unknown') return reader.words.unknownKm;
  const text = length(trip.distanceMetres, reader);
  if (!ESTIMATES.has(trip.distanceSource)) return text;
  return html`<abbr title="${reader.words.estimated}">≈</abbr> ${text}`;
}

function length(metres: number, { locale, settings: { distanceUnit } }: Reader): string {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${format.format(metres / METRES_PER[distanceUnit])} ${distanceUnit}`;
}

const DAY_MS = 86_400_000;

function dayName(at: number, timeZone: string, { words, locale, now }: Reader): string {
  const day = localDate(at, timeZone);
  if (day === localDate(now, timeZone)) return words.today;
  if (day === localDate(now - DAY_MS, timeZone)) return words.yesterday;
  const sameYear = day.slice(0, 4) === localDate(now, timeZone).slice(0, 4);
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
  return format.format(at);
}
