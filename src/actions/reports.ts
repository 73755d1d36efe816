/** Reports of a period's trips: gathered part by part, as whoever writes them out asks for the next. Reads only. */

import type { Period } from '../domain/periods.ts';
import { localDate } from '../domain/calendar.ts';
import type { Car } from '../domain/cars.ts';
import { Problem } from '../domain/problem.ts';
import { deletedText, whenText } from '../domain/reports/change-words.ts';
import { daysAvailable, odometersOf, unexplainedMetres, wasAvailable } from '../domain/reports/car-facts.ts';
import type { Entry } from '../domain/reports/entries.ts';
import { TRAITS_OF, type Layout } from '../domain/reports/layouts.ts';
import { reportLanguage } from '../domain/reports/languages.ts';
import {
  carFacts,
  headingsOf,
  periodText,
  rowOf,
  totalsOf,
  type Fact,
  type Part,
  type ReportHead,
} from '../domain/reports/report.ts';
import { NO_TOTALS, plus, withEntry, type Totals } from '../domain/reports/totals.ts';
import type { ReportLanguage } from '../domain/reports/words.ts';
import type { Language } from '../domain/settings.ts';
import type { User } from '../domain/users.ts';
import type { UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { carLinks } from './odometer-check.ts';
import { rowsOf } from './pages.ts';
import { historyOf, NO_HISTORY, type TripHistory } from './report-changes.ts';
import { entriesOf, type EntryQuery } from './report-entries.ts';
import { statsOf } from './stats.ts';

export interface ReportQuery {
  readonly layout: Layout;
  readonly period: Period;
  /** `null`: all cars. */
  readonly carId: string | null;
  /** `null`: the user's. */
  readonly language: Language | null;
  /** For people to read, not for programs. */
  readonly isPaper: boolean;
}

export interface Report {
  readonly head: ReportHead;
  readonly parts: AsyncIterable<Part>;
  /** The car it is of alone. */
  readonly car: Car | null;
}

type Deps = Pick<UserDeps, 'newUser' | 'clock'>;

/** Throws `not_found` for a car the user does not have. */
export async function reportOf(deps: Deps, user: UserStore, query: ReportQuery): Promise<Report> {
  const owner = await user.get('user', '');
  const settings = owner?.settings ?? deps.newUser;
  const cars = await carsById(user);
  const car = query.carId === null ? null : (cars.get(query.carId) ?? missingCar());
  const { inKm, hasChanges } = TRAITS_OF[query.layout];
  const language = reportLanguage(query.language ?? settings.language, inKm ? 'km' : settings.distanceUnit);
  const now = deps.clock.now();
  const gathering: Gathering = {
    deps,
    user,
    query,
    language,
    cars,
    now,
    timeZone: settings.timeZone,
    names: await namesOf(user, cars),
    history: hasChanges ? await historyOf(user, query.period) : NO_HISTORY,
    head: {
      layout: query.layout,
      language,
      title: language.words.titles[query.layout],
      at: now,
      columns: headingsOf(query.layout, query.isPaper, language),
      facts: headFacts(user.email, owner, query, language, whenText(now, settings.timeZone, language)),
    },
  };
  const parts = TRAITS_OF[query.layout].byCar ? carByCar(gathering) : throughout(gathering);
  return { head: gathering.head, parts, car };
}

interface Gathering {
  readonly deps: Deps;
  readonly user: UserStore;
  readonly query: ReportQuery;
  readonly language: ReportLanguage;
  readonly cars: ReadonlyMap<string, Car>;
  readonly now: number;
  readonly timeZone: string;
  /** Of locations and cars, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly history: TripHistory;
  readonly head: ReportHead;
}

const isOfNone = ({ car }: Entry): boolean => car === null;

function missingCar(): never {
  throw new Problem('not_found', 'There is no such car.');
}

/** Oldest first; archived ones too. */
async function carsById(user: UserStore): Promise<ReadonlyMap<string, Car>> {
  const cars = new Map<string, Car>();
  for await (const { id, doc } of rowsOf(user, 'car', { order: 'asc' })) cars.set(id, doc);
  return cars;
}

async function namesOf(user: UserStore, cars: ReadonlyMap<string, Car>): Promise<ReadonlyMap<string, string>> {
  const names = new Map([...cars].map(([id, { name }]) => [id, name]));
  for await (const { id, doc } of rowsOf(user, 'location', { order: 'asc' })) names.set(id, doc.name);
  return names;
}

function headFacts(
  email: string,
  owner: User | null,
  { period, layout }: ReportQuery,
  language: ReportLanguage,
  generated: string,
): readonly Fact[] {
  const { words } = language;
  const end = TRAITS_OF[layout].byCar ? owner?.closed?.end : undefined;
  return [
    { label: words.driver, text: email },
    { label: words.period, text: periodText(period, language) },
    { label: words.generated, text: generated },
    ...(end === undefined ? [] : [{ label: words.closedMonths, text: `${end.nth}: ${end.head}` }]),
  ];
}

async function* throughout(gathering: Gathering): AsyncGenerator<Part> {
  const { query, language } = gathering;
  let totals = NO_TOTALS;
  for await (const entry of entries(gathering, query.carId, () => true)) {
    totals = withEntry(totals, entry);
    yield rowOf(entry, gathering.head.columns, language);
  }
  if (totals.trips === 0) yield { part: 'notes', title: null, lines: [language.words.noTrips] };
  yield totalsOf(language.words.total, totals, gathering.head);
}

async function* carByCar(gathering: Gathering): AsyncGenerator<Part> {
  const { query, language, cars, head } = gathering;
  const { words } = language;
  const driven = new Set((await statsOf(gathering.user, query.period, null)).byCar.map(({ key }) => key));
  let all = NO_TOTALS;
  let sections = 0;
  for (const car of cars.values()) {
    const isAsked = query.carId === car.id;
    const isIn = driven.has(car.id) || wasAvailable(car, query.period, gathering.timeZone);
    if (query.carId === null ? !isIn : !isAsked) continue;
    all = plus(all, yield* carSection(gathering, car));
    sections += 1;
  }
  if (query.carId === null && [...driven].some((id) => id === null || !cars.has(id))) {
    yield { part: 'section', title: words.noCar, facts: [] };
    all = plus(all, yield* section(gathering, null, isOfNone, words.noCar, 0));
    sections += 1;
  }
  yield* notes(gathering);
  if (sections === 0) yield { part: 'notes', title: null, lines: [words.noTrips] };
  if (sections !== 1) yield totalsOf(words.total, all, head);
}

async function* carSection(gathering: Gathering, car: Car): AsyncGenerator<Part, Totals> {
  const { user, query, language, timeZone, now } = gathering;
  const { links, gaps } = await carLinks(user, car.id);
  const period = daysAvailable(car, query.period);
  const odometers = odometersOf(links, period, localDate(now, timeZone), query.layout === 'nl', timeZone, car);
  yield { part: 'section', title: car.name, facts: carFacts(car, odometers, language) };
  const unexplained = unexplainedMetres(gaps, query.period, timeZone);
  return yield* section(gathering, car.id, () => true, car.name, unexplained);
}

async function* section(
  gathering: Gathering,
  carId: string | null,
  isIn: (entry: Entry) => boolean,
  name: string,
  unexplained: number,
): AsyncGenerator<Part, Totals> {
  const { language, head } = gathering;
  let totals: Totals = { ...NO_TOTALS, unexplainedMetres: unexplained };
  for await (const entry of entries(gathering, carId, isIn)) {
    totals = withEntry(totals, entry);
    yield rowOf(entry, head.columns, language);
  }
  yield totalsOf(`${language.words.totalOf} ${name}`, totals, head);
  return totals;
}

/** What is no trip's: those that were deleted, and how lengths were rounded. */
async function* notes({ query, language, history, names }: Gathering): AsyncGenerator<Part> {
  const { words } = language;
  const own = history.deleted.filter(({ trip }) => query.carId === null || trip.carId === query.carId);
  const lines = own.map((deletion) => deletedText(deletion, names, language));
  if (lines.length > 0) yield { part: 'notes', title: words.deletedTrips, lines };
  const isRounded = query.isPaper && TRAITS_OF[query.layout].decimals === 0;
  if (isRounded) yield { part: 'notes', title: null, lines: [words.rounding] };
}

function entries(gathering: Gathering, carId: string | null, isIn: (entry: Entry) => boolean): AsyncIterable<Entry> {
  const { deps, user, query, cars, names, history } = gathering;
  const { onlyBusiness, hasAmounts, commuteIsBusiness } = TRAITS_OF[query.layout];
  const counts = { hasAmounts, commuteIsBusiness };
  const wanted: EntryQuery = { period: query.period, carId, ...counts, cars, names, changes: history.changes };
  return entriesOf(deps, user, wanted, (entry) => isIn(entry) && (!onlyBusiness || entry.trip.businessMetres > 0));
}
