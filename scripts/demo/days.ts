/** Where one drives on a day: an office, clients, a school, weekends, a holiday. The same date has the same drives. */

import { chanceOf, type Chance } from './chance.ts';
import { endOf, type CarName, type Drive } from './drives.ts';
import type { PlaceName } from './places.ts';

const TIME_ZONE = 'Europe/Amsterdam';
const MINUTE_MS = 60_000;

interface Day {
  readonly date: Temporal.PlainDate;
  readonly chance: Chance;
}

type Way = Pick<Drive, 'startedAt' | 'from' | 'to' | 'said'> & Partial<Pick<Drive, 'via' | 'car' | 'heard'>>;

/** The drives of a local date, in order. */
export function drivesOn(date: Temporal.PlainDate, seed: string): readonly Drive[] {
  const day = { date, chance: chanceOf(`${seed} ${date.toString()}`) };
  switch (seasonOf(date)) {
    case 'out':
      return holiday(day, [['home', 'cottage', '09:40']]);
    case 'back':
      return holiday(day, [['cottage', 'home', '10:30']]);
    case 'cottage':
      return day.chance.happens(0.4) ? outing(day, 'cottage', 'harbour', 'Harbour and market') : [];
    case 'away':
      return [];
    case 'christmas':
      return date.day === 25 || date.day === 1 ? outing(day, 'home', 'grandparents', 'Family') : [];
    case 'usual':
      return usualDay(day);
  }
}

/** Out on the Saturday of week 30, back a week later; then two weeks without a car. */
function seasonOf({ month, day, weekOfYear, dayOfWeek }: Temporal.PlainDate) {
  if ((month === 12 && day >= 24) || (month === 1 && day === 1)) return 'christmas';
  const daysIn = ((weekOfYear ?? 0) - 30) * 7 + dayOfWeek - 6;
  if (daysIn === 0) return 'out';
  if (daysIn === 7) return 'back';
  if (daysIn > 0 && daysIn < 7) return 'cottage';
  return daysIn > 7 && daysIn <= 22 ? 'away' : 'usual';
}

function usualDay(day: Day): readonly Drive[] {
  const { chance } = day;
  switch (day.date.dayOfWeek) {
    case 6:
      return saturday(day);
    case 7:
      return sunday(day);
    case 3:
      return atHome(day);
    case 5:
      return chance.happens(0.85) ? clients(day) : atHome(day);
    default:
      return chance.happens(0.92) ? office(day) : atHome(day);
  }
}

function office(day: Day): Drive[] {
  const { chance } = day;
  const viaSchool = day.date.dayOfWeek !== 2;
  const out = drive(day, {
    startedAt: at(day, viaSchool ? '07:58' : '07:30', 12),
    from: 'home',
    to: 'office',
    via: viaSchool ? { place: 'school', waitMs: minutes(chance, 3, 6) } : null,
    said: { type: 'B' },
  });
  const visit = chance.happens(0.25) ? visitFrom(day, 'office', at(day, '11:15', 40)) : [];
  const back = drive(day, {
    startedAt: at(day, '17:25', 25),
    from: 'office',
    to: 'home',
    via: chance.happens(0.12) ? { place: 'fuel', waitMs: minutes(chance, 6, 9) } : null,
    said: { type: 'B' },
  });
  return [out, ...visit, back];
}

const CLIENTS: readonly [PlaceName, ...PlaceName[]] = ['hilversum', 'zeist', 'amsterdam', 'ede', 'apeldoorn'];
const PARTNERS: Partial<Record<PlaceName, string>> = {
  hilversum: 'Vermeer Media',
  zeist: 'Bakker Bouw',
  amsterdam: 'Jansen & Partners',
  ede: 'De Boer Techniek',
  apeldoorn: 'Kramer Logistiek',
};
const PURPOSES: readonly [string, ...string[]] = [
  'Quarterly review',
  'Kick-off of the new project',
  'Workshop',
  'Offer and planning',
  'Support on site',
  'Handing over',
];

function visitFrom(day: Day, base: 'office' | 'home', startedAt: number): Drive[] {
  const { chance } = day;
  const client = chance.oneOf(CLIENTS);
  const out = drive(day, { startedAt, from: base, to: client, said: visitSaid(chance, client) });
  const leftAt = endOf(out) + minutes(chance, 55, 130);
  return [out, drive(day, { startedAt: leftAt, from: client, to: base, said: { type: 'B', purpose: 'Way back' } })];
}

function visitSaid(chance: Chance, client: PlaceName): Drive['said'] {
  const said = { type: 'B', purpose: chance.oneOf(PURPOSES), businessPartner: PARTNERS[client] ?? null } as const;
  if (chance.happens(0.1))
    return { ...said, routeNote: 'Motorway closed, sent round by the signs', detourMetres: 3_500 };
  return chance.happens(0.15) ? { ...said, notes: 'Parking €4.50, receipt in the folder' } : said;
}

function clients(day: Day): Drive[] {
  const { chance } = day;
  const first = chance.oneOf(CLIENTS);
  const out = drive(day, { startedAt: at(day, '08:50', 20), from: 'home', to: first, said: visitSaid(chance, first) });
  const leftAt = endOf(out) + minutes(chance, 70, 150);
  const others = CLIENTS.filter((client) => client !== first);
  const second = others[Math.floor(chance.between(0, others.length))];
  const back = { type: 'B', purpose: 'Way back' } as const;
  if (second === undefined || chance.happens(0.6)) {
    const isMixed = chance.happens(0.4);
    const said = isMixed ? ({ type: 'M', notes: 'Fetched the bicycle on the way' } as const) : back;
    return [out, drive(day, { startedAt: leftAt, from: first, to: 'home', said })];
  }
  const on = drive(day, { startedAt: leftAt, from: first, to: second, said: visitSaid(chance, second) });
  const homewards = endOf(on) + minutes(chance, 60, 120);
  return [out, on, drive(day, { startedAt: homewards, from: second, to: 'home', said: back })];
}

function atHome(day: Day): Drive[] {
  const { chance } = day;
  const school = drive(day, {
    startedAt: at(day, '08:14', 6),
    car: 'family',
    from: 'home',
    via: { place: 'school', waitMs: minutes(chance, 3, 6) },
    to: 'home',
    said: { type: 'P' },
  });
  return [school, ...(chance.happens(0.35) ? errand(day, 'shops', '15:40') : [])];
}

function saturday(day: Day): Drive[] {
  const sports = day.chance.happens(0.7) ? errand(day, 'sports', '09:45') : [];
  return [...sports, ...(day.chance.happens(0.6) ? errand(day, 'shops', '14:10') : [])];
}

function sunday(day: Day): Drive[] {
  if (day.chance.happens(0.4)) return [];
  const [goal, why] = day.chance.oneOf<readonly [PlaceName, string]>([
    ['grandparents', 'Family'],
    ['woods', 'Walk'],
    ['beach', 'Beach'],
  ]);
  return outing(day, 'home', goal, why);
}

function outing(day: Day, base: PlaceName, goal: PlaceName, why: string): Drive[] {
  const said = { type: 'P', purpose: why } as const;
  const out = drive(day, { startedAt: at(day, '11:05', 30), car: 'family', from: base, to: goal, said });
  const leftAt = endOf(out) + minutes(day.chance, 110, 220);
  return [out, drive(day, { startedAt: leftAt, car: 'family', from: goal, to: base, said: { type: 'P' } })];
}

/** Short ways the phone often tells no more of than where they began and ended. */
function errand(day: Day, goal: PlaceName, clock: string): Drive[] {
  const heard = day.chance.happens(0.4) ? 'ends' : 'all';
  const way = { car: 'family', heard, said: { type: 'P' } } as const;
  const out = drive(day, { ...way, startedAt: at(day, clock, 20), from: 'home', to: goal });
  return [out, drive(day, { ...way, startedAt: endOf(out) + minutes(day.chance, 35, 80), from: goal, to: 'home' })];
}

function holiday(day: Day, ways: readonly (readonly [PlaceName, PlaceName, string])[]): Drive[] {
  const said = { type: 'P', purpose: 'Holiday' } as const;
  return ways.map(([from, to, clock]) => drive(day, { startedAt: at(day, clock, 15), car: 'family', from, to, said }));
}

function drive({ chance }: Day, way: Way): Drive {
  const car: CarName = way.car ?? 'company';
  const pace = car === 'company' ? chance.between(0.66, 0.92) : chance.between(0.85, 1.02);
  return { via: null, heard: 'all', ...way, car, pace };
}

/** A local clock time of the day, give or take. */
function at({ date, chance }: Day, clock: string, spreadMinutes: number): number {
  const exact = date.toZonedDateTime({ timeZone: TIME_ZONE, plainTime: clock }).epochMilliseconds;
  return exact + Math.round(chance.between(-spreadMinutes, spreadMinutes) * 60) * 1_000;
}

function minutes(chance: Chance, least: number, most: number): number {
  return Math.round(chance.between(least, most)) * MINUTE_MS;
}
