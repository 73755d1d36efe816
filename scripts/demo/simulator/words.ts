/** What the page of the simulated car says, in both languages. */

import type { FailureCode, SimulatedFault } from '../../../src/domain/connections.ts';
import type { DrivingState } from '../../../src/domain/events.ts';
import type { Language } from '../../../src/domain/settings.ts';
import type { Field } from './wishes.ts';

export interface CarWords {
  readonly title: string;
  readonly explained: string;
  readonly none: string;
  readonly answersNow: string;
  readonly truth: string;
  readonly lookAgain: string;
  readonly odometer: string;
  readonly place: string;
  readonly noPlace: string;
  readonly state: string;
  readonly states: Readonly<Record<DrivingState, string>>;
  readonly asleep: string;
  readonly asOf: string;
  readonly since: string;
  readonly noTime: string;
  readonly service: string;
  readonly askedLast: string;
  readonly notAsked: string;
  readonly lastError: string;
  readonly failures: Readonly<Record<FailureCode, string>>;
  readonly drive: string;
  readonly driveExplained: string;
  readonly kilometres: string;
  readonly driveOff: string;
  readonly lag: string;
  readonly lagExplained: string;
  readonly minutes: string;
  readonly set: string;
  readonly fault: string;
  readonly faultExplained: string;
  readonly kind: string;
  readonly percent: string;
  readonly faults: Readonly<Record<SimulatedFault, string>>;
  readonly sleep: string;
  readonly sleepExplained: Readonly<Record<'asleep' | 'drowsy' | 'awake', string>>;
  readonly letSleep: string;
  readonly wake: string;
  readonly wrong: Readonly<Record<Field, string>>;
}

const EN: CarWords = {
  title: 'Simulated car',
  explained: 'It exists on paper. During a drive it is asked as the car of any maker would be.',
  none: 'None of the cars is simulated any more. “npm run demo” simulates one again.',
  answersNow: 'It would answer now',
  truth: 'In truth',
  lookAgain: 'Look again',
  odometer: 'Odometer',
  place: 'Place',
  noPlace: 'none',
  state: 'State',
  states: { driving: 'drives', parked: 'stands', unknown: 'unknown' },
  asleep: 'sleeps',
  asOf: 'As of',
  since: 'Since',
  noTime: 'no time',
  service: 'What the service heard',
  askedLast: 'Last answer',
  notAsked: 'Not asked since it was last changed. It is asked while a trip is on.',
  lastError: 'Then',
  failures: {
    asleep: 'Nothing: it sleeps.',
    unavailable: 'It cannot be reached.',
    not_capable: 'It cannot say that.',
    auth_expired: 'It no longer accepts its key.',
    permission_missing: 'It may not be asked that.',
    rate_limited: 'It was asked too often, and wants to be left alone.',
    quota_exhausted: 'It was asked all it may be asked.',
    vehicle_gone: 'It is not there any more.',
    transient: 'Nothing: it stays silent.',
    protocol: 'Something nobody can be sure of.',
    configuration: 'It is not set up.',
  },
  drive: 'Drive',
  driveExplained: 'At once; while it drives, when it has arrived. No phone tells of it.',
  kilometres: 'Kilometres',
  driveOff: 'Drive off',
  lag: 'Lag',
  lagExplained: 'How far behind it is with all it says.',
  minutes: 'Minutes',
  set: 'Set',
  fault: 'Fault',
  faultExplained: 'Spoils a share of the minutes, always the same ones.',
  kind: 'Kind',
  percent: 'Per cent',
  faults: {
    none: 'none',
    unavailable: 'cannot be reached',
    rate_limited: 'asked too often',
    auth_expired: 'key expired',
    protocol: 'unreadable answer',
    silent: 'no answer at all',
    no_position: 'no position',
    wrong_unit: 'odometer without a unit',
  },
  sleep: 'Sleep',
  sleepExplained: {
    asleep: 'It sleeps, and answers nothing until it drives.',
    drowsy: 'It falls asleep when it has stood for a minute.',
    awake: 'It stays awake, however long it stands.',
  },
  letSleep: 'Let it sleep',
  wake: 'Keep it awake',
  wrong: {
    km: 'Kilometres: a number from 0.1 to 500.',
    minutes: 'Minutes: a number from 0 to 60.',
    percent: 'Per cent: a number from 0 to 100.',
    fault: 'Kind: one of the list.',
    asleep: 'Either it sleeps or it does not.',
  },
};

const NL: CarWords = {
  title: 'Nagebootste auto',
  explained: 'Hij bestaat op papier. Tijdens een rit wordt hij gevraagd zoals de auto van elk merk.',
  none: 'Geen van de auto’s wordt nog nagebootst. “npm run demo” bootst er weer een na.',
  answersNow: 'Hij zou nu antwoorden',
  truth: 'In werkelijkheid',
  lookAgain: 'Kijk opnieuw',
  odometer: 'Kilometerstand',
  place: 'Plaats',
  noPlace: 'geen',
  state: 'Toestand',
  states: { driving: 'rijdt', parked: 'staat', unknown: 'onbekend' },
  asleep: 'slaapt',
  asOf: 'Stand van',
  since: 'Sinds',
  noTime: 'geen tijd',
  service: 'Wat de dienst hoorde',
  askedLast: 'Laatste antwoord',
  notAsked: 'Niet gevraagd sinds de laatste wijziging. Hij wordt gevraagd zolang een rit loopt.',
  lastError: 'Daarna',
  failures: {
    asleep: 'Niets: hij slaapt.',
    unavailable: 'Hij is onbereikbaar.',
    not_capable: 'Dat kan hij niet zeggen.',
    auth_expired: 'Hij accepteert zijn sleutel niet meer.',
    permission_missing: 'Dat mag hem niet gevraagd worden.',
    rate_limited: 'Hij is te vaak gevraagd en wil met rust gelaten worden.',
    quota_exhausted: 'Hij is zo vaak gevraagd als mag.',
    vehicle_gone: 'Hij is er niet meer.',
    transient: 'Niets: hij zwijgt.',
    protocol: 'Iets waar niemand zeker van kan zijn.',
    configuration: 'Hij is niet ingesteld.',
  },
  drive: 'Rijden',
  driveExplained: 'Meteen; als hij al rijdt, na aankomst. Geen telefoon vertelt ervan.',
  kilometres: 'Kilometers',
  driveOff: 'Rijd weg',
  lag: 'Vertraging',
  lagExplained: 'Hoever hij achterloopt met alles wat hij zegt.',
  minutes: 'Minuten',
  set: 'Stel in',
  fault: 'Storing',
  faultExplained: 'Bederft een deel van de minuten, steeds dezelfde.',
  kind: 'Soort',
  percent: 'Procent',
  faults: {
    none: 'geen',
    unavailable: 'onbereikbaar',
    rate_limited: 'te vaak gevraagd',
    auth_expired: 'sleutel verlopen',
    protocol: 'onleesbaar antwoord',
    silent: 'helemaal geen antwoord',
    no_position: 'geen positie',
    wrong_unit: 'kilometerstand zonder eenheid',
  },
  sleep: 'Slapen',
  sleepExplained: {
    asleep: 'Hij slaapt, en antwoordt niets tot hij rijdt.',
    drowsy: 'Hij valt in slaap als hij een minuut staat.',
    awake: 'Hij blijft wakker, hoelang hij ook staat.',
  },
  letSleep: 'Laat hem slapen',
  wake: 'Houd hem wakker',
  wrong: {
    km: 'Kilometers: een getal van 0,1 tot 500.',
    minutes: 'Minuten: een getal van 0 tot 60.',
    percent: 'Procent: een getal van 0 tot 100.',
    fault: 'Soort: een van de lijst.',
    asleep: 'Hij slaapt of hij slaapt niet.',
  },
};

export const CAR_WORDS: Readonly<Record<Language, CarWords>> = { en: EN, nl: NL };
