/** The page of the simulated car: what it is, what it says, and forms that change it. Decides nothing. */

import { html } from 'hono/html';
import type { ReadAnswer } from '../../../src/domain/car-answers.ts';
import { localTime } from '../../../src/domain/calendar.ts';
import { SIMULATED_FAULTS } from '../../../src/domain/connections.ts';
import type { Position } from '../../../src/domain/geo.ts';
import { locationAt, type Location } from '../../../src/domain/locations.ts';
import type { Settings } from '../../../src/domain/settings.ts';
import { METRES_PER } from '../../../src/domain/units.ts';
import type { Markup } from '../../../src/http/home/layout.ts';
import type { Look } from './car.ts';
import { RANGES, type NumberField, type Wish, type Wrong } from './wishes.ts';
import type { CarWords } from './words.ts';

export const PATH = '/simulator';

export interface Scene {
  readonly words: CarWords;
  /** Of the numbers. */
  readonly locale: string;
  readonly settings: Settings;
  readonly locations: readonly Location[];
  readonly wrong: Wrong | null;
}

export function carPage(look: Look | null, scene: Scene): Markup {
  const { words } = scene;
  if (look === null)
    return html`<h1>${words.title}</h1>
      <p class="card">${words.none}</p>`;
  return html`<div class="stack">
      <h1>${words.title} · ${look.car.name}</h1>
      <p class="muted">${words.explained} <a href="${PATH}">${words.lookAgain}</a></p>
    </div>
    <div class="columns">
      <div>${answerCard(look.answer, scene)}${truthCard(look, scene)}${serviceCard(look, scene)}</div>
      <div>${driveForm(scene)}${lagForm(look, scene)}${faultForm(look, scene)}${sleepForm(look, scene)}</div>
    </div>`;
}

function answerCard(answer: ReadAnswer, scene: Scene): Markup {
  const { words } = scene;
  const said = answer.ok ? answer.readings.at(-1) : undefined;
  if (!answer.ok || said === undefined) {
    const why = answer.ok ? words.noPlace : words.failures[answer.failure.code];
    return html`<section class="card" id="answer">
      <h2>${words.answersNow}</h2>
      <p class="warn">${why}</p>
    </section>`;
  }
  return html`<section class="card" id="answer">
    <h2>${words.answersNow}</h2>
    ${facts([
      [words.odometer, lengthOf(said.odometerMetres, scene)],
      [words.place, placeOf(said.position, scene)],
      [words.state, words.states[said.state]],
      [words.asOf, said.at === null ? words.noTime : clockOf(said.at, scene)],
    ])}
  </section>`;
}

function truthCard({ truth, sleeps }: Look, scene: Scene): Markup {
  const { words } = scene;
  return html`<section class="card" id="truth">
    <h2>${words.truth}</h2>
    ${facts([
      [words.odometer, lengthOf(truth.odometerMetres, scene)],
      [words.place, placeOf(truth.position, scene)],
      [words.state, sleeps ? words.asleep : words.states[truth.state]],
      ...(Number.isFinite(truth.since) ? [[words.since, clockOf(truth.since, scene)] as const] : []),
    ])}
  </section>`;
}

function serviceCard({ car: { health } }: Look, scene: Scene): Markup {
  const { words } = scene;
  const { lastReadAt, error } = health;
  const known: readonly Fact[] = [
    ...(lastReadAt === null ? [] : [[words.askedLast, clockOf(lastReadAt, scene)] as const]),
    ...(error === null ? [] : [[words.lastError, words.failures[error]] as const]),
  ];
  return html`<section class="card" id="service">
    <h2>${words.service}</h2>
    ${known.length === 0 ? html`<p class="muted">${words.notAsked}</p>` : facts(known)}
  </section>`;
}

type Fact = readonly [name: string, value: string];

function facts(all: readonly Fact[]): Markup {
  return html`<dl class="facts">
    ${all.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function driveForm(scene: Scene): Markup {
  const { words } = scene;
  const fields = html`${numberField('km', words.kilometres, '12', scene)}<button class="button">
      ${words.driveOff}
    </button>`;
  return formCard('drive', words.drive, words.driveExplained, fields, scene);
}

const MINUTE_MS = 60_000;

function lagForm({ settings }: Look, scene: Scene): Markup {
  const { words } = scene;
  const field = numberField('minutes', words.minutes, String(settings.lagMs / MINUTE_MS), scene);
  return formCard(
    'lag',
    words.lag,
    words.lagExplained,
    html`${field}<button class="button">${words.set}</button>`,
    scene,
  );
}

function faultForm({ settings }: Look, scene: Scene): Markup {
  const { words } = scene;
  const options = SIMULATED_FAULTS.map(
    (fault) =>
      html`<option value="${fault}" ${fault === settings.fault ? 'selected' : ''}>${words.faults[fault]}</option>`,
  );
  const share = settings.fault === 'none' ? 1 : settings.faultShare;
  const fields = html`<label for="kind">${words.kind}</label>
    <select id="kind" name="fault">
      ${options}
    </select>
    ${numberField('percent', words.percent, String(Math.round(share * 1e5) / 1e3), scene)}
    <button class="button">${words.set}</button>`;
  return formCard('fault', words.fault, words.faultExplained, fields, scene);
}

function sleepForm({ settings, sleeps }: Look, scene: Scene): Markup {
  const { words } = scene;
  const isAwake = settings.sleepsAfterMs === null;
  const explained = words.sleepExplained[sleeps ? 'asleep' : isAwake ? 'awake' : 'drowsy'];
  const button = html`<button class="button" name="asleep" value="${isAwake ? 'yes' : 'no'}">
    ${isAwake ? words.letSleep : words.wake}
  </button>`;
  return formCard('sleep', words.sleep, explained, button, scene);
}

const FIELDS: Readonly<Record<Wish, readonly Wrong['field'][]>> = {
  drive: ['km'],
  lag: ['minutes'],
  fault: ['fault', 'percent'],
  sleep: ['asleep'],
};

function formCard(wish: Wish, name: string, explained: string, fields: Markup, { words, wrong }: Scene): Markup {
  const isWrong = wrong !== null && FIELDS[wish].includes(wrong.field);
  return html`<section class="card" id="${wish}">
    <h2>${name}</h2>
    <p class="muted small">${explained}</p>
    ${isWrong ? html`<p class="bad" role="alert">${words.wrong[wrong.field]}</p>` : ''}
    <form class="ask" method="post" action="${PATH}/${wish}">${fields}</form>
  </section>`;
}

function numberField(field: NumberField, name: string, value: string, { wrong }: Scene): Markup {
  const [least, most] = RANGES[field];
  const isWrong = wrong?.field === field;
  const shown = isWrong ? wrong.said : value;
  return html`<label for="${field}">${name}</label>
    <input
      id="${field}"
      name="${field}"
      inputmode="decimal"
      value="${shown}"
      required
      maxlength="8"
      title="${least} – ${most}"
      aria-invalid="${String(isWrong)}"
    />`;
}

function lengthOf(metres: number | null, { locale, settings: { distanceUnit } }: Scene): string {
  if (metres === null) return '–';
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${format.format(metres / METRES_PER[distanceUnit])} ${distanceUnit}`;
}

function placeOf(position: Position | null, { words, locations }: Scene): string {
  if (position === null) return words.noPlace;
  return locationAt(locations, position)?.name ?? `${position.lat.toFixed(3)}, ${position.lng.toFixed(3)}`;
}

function clockOf(at: number, { settings }: Scene): string {
  return localTime(at, settings.timeZone);
}
