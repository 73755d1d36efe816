/** What somebody asked for in a form of the page, read strictly: an edit of the car, or what is wrong with which field. */

import { SIMULATED_FAULTS, type SimulatedFault } from '../../../src/domain/connections.ts';
import { metresOf } from '../../../src/domain/units.ts';
import { driveOn, fallAsleep, stayAwake, withFault, withLag, type Edit } from './edits.ts';

export const WISHES = ['drive', 'lag', 'fault', 'sleep'] as const;
export type Wish = (typeof WISHES)[number];

/** The fields of all forms, each with the numbers it takes. */
export const RANGES = { km: [0.1, 500], minutes: [0, 60], percent: [0, 100] } as const;
export type NumberField = keyof typeof RANGES;
export type Field = NumberField | 'fault' | 'asleep';

/** `said`: as it was typed. */
export interface Wrong {
  readonly field: Field;
  readonly said: string;
}

export type Form = Readonly<Record<string, unknown>>;
type Read = { readonly edit: Edit } | { readonly wrong: Wrong };

const MINUTE_MS = 60_000;

export function readWish(wish: Wish, form: Form): Read {
  switch (wish) {
    case 'drive':
      return withNumber(form, 'km', (km) => driveOn(metresOf(km, 'km')));
    case 'lag':
      return withNumber(form, 'minutes', (minutes) => withLag(Math.round(minutes * MINUTE_MS)));
    case 'fault': {
      const fault = SIMULATED_FAULTS.find((one) => one === form['fault']);
      if (fault === undefined) return wrong(form, 'fault');
      return withNumber(form, 'percent', (percent) => faulty(fault, percent));
    }
    case 'sleep':
      if (form['asleep'] === 'yes') return { edit: fallAsleep };
      return form['asleep'] === 'no' ? { edit: stayAwake } : wrong(form, 'asleep');
  }
}

function faulty(fault: SimulatedFault, percent: number): Edit {
  return withFault(fault, fault === 'none' ? 0 : percent / 100);
}

const NUMBER = /^\d{1,4}(?:[.,]\d{1,3})?$/;

function withNumber(form: Form, field: NumberField, edit: (value: number) => Edit): Read {
  const said = textIn(form, field);
  const value = NUMBER.test(said) ? Number(said.replace(',', '.')) : Number.NaN;
  const [least, most] = RANGES[field];
  return value >= least && value <= most ? { edit: edit(value) } : wrong(form, field);
}

function wrong(form: Form, field: Field): Read {
  return { wrong: { field, said: textIn(form, field) } };
}

function textIn(form: Form, field: Field): string {
  const value = form[field];
  return typeof value === 'string' ? value.trim().slice(0, 40) : '';
}
