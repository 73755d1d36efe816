/** Which of our languages a reader prefers. */

import type { Language } from '../domain/settings.ts';

/** Dutch when `Accept-Language` puts it before English; `null` when it names neither. */
export function preferredLanguage(header: string | undefined): Language | null {
  if (header === undefined) return null;
  const dutch = weightOf('nl', header);
  const english = weightOf('en', header);
  if (dutch === 0 && english === 0) return null;
  return dutch > english ? 'nl' : 'en';
}

/** The best weight a language gets, in any of its regions. Of equal ones the earlier counts a little more. */
function weightOf(language: Language, header: string): number {
  let best = 0;
  header.split(',').forEach((part, place) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    if (tag.trim() !== language && !tag.startsWith(`${language}-`)) return;
    const quality = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    const weight = quality === undefined ? 1 : Number(quality);
    if (weight > 0) best = Math.max(best, weight - place / 1_000);
  });
  return best;
}
