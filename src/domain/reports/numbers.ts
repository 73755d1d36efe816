/** Numbers within texts: with a decimal comma in Dutch, and never a separator of thousands. */

import { METRES_PER } from '../units.ts';
import type { ReportLanguage } from './words.ts';

type Mark = Pick<ReportLanguage, 'language'>;

/** As it is, with at most so many decimals. */
export function decimalText(value: number, most: number, { language }: Mark): string {
  const text = String(Number(value.toFixed(most)));
  return language === 'nl' ? text.replace('.', ',') : text;
}

/** With exactly so many decimals. */
export function fixedText(value: number, decimals: number, { language }: Mark): string {
  const rounded = value.toFixed(decimals);
  const text = Number(rounded) === 0 ? rounded.replace('-', '') : rounded;
  return language === 'nl' ? text.replace('.', ',') : text;
}

/** In the unit of a report. */
export function lengthOf(metres: number, unit: 'km' | 'mi'): number {
  return Math.round((metres / METRES_PER[unit]) * 1_000) / 1_000;
}

/** `12.3 km` */
export function lengthText(metres: number, language: ReportLanguage): string {
  return `${decimalText(lengthOf(metres, language.unit), 3, language)} ${language.unit}`;
}

/** `YYYY-MM-DD`, in Dutch `DD-MM-YYYY`. */
export function dateText(date: string, { language }: Mark): string {
  if (language !== 'nl') return date;
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}-${month}-${year}`;
}
