/** The languages there are reports in. */

import type { Language } from '../settings.ts';
import { NL } from './dutch.ts';
import { EN } from './english.ts';
import type { ReportLanguage, Words } from './words.ts';

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, nl: NL };

export function reportLanguage(language: Language, unit: 'km' | 'mi'): ReportLanguage {
  return { language, unit, words: WORDS[language] };
}
