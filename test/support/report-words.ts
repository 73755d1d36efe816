/** The names of all texts of reports that say something, by language. */

import { CHECK_WORDS } from '../../src/domain/reports/check-words.ts';
import { WORDS } from '../../src/domain/reports/languages.ts';

function keysOf(texts: object, before = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return keysOf(value, `${before}${key}.`);
    return typeof value === 'string' && value.trim() !== '' ? [before + key] : [];
  });
}

export const DUTCH_KEYS = [...keysOf(WORDS.nl), ...keysOf(CHECK_WORDS.nl)].toSorted();
export const ENGLISH_KEYS = [...keysOf(WORDS.en), ...keysOf(CHECK_WORDS.en)].toSorted();
