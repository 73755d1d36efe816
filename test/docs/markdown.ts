/** What the papers say, in parts a test can hold against the program. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/programs.ts';

export const PAPERS = [
  'README.md',
  'docs/phone.md',
  'docs/home-server.md',
  'docs/security.md',
  'docs/import.md',
] as const;

export function paper(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8');
}

/** The fenced blocks of a language. */
export function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) =>
    block.trim(),
  );
}

/** The table between two marks, without its head, as cells. */
export function table(text: string, mark: string): string[][] {
  const [, inside = ''] = text.split(`<!-- ${mark} -->\n`);
  const lines = inside.split(`<!-- /${mark} -->`)[0]?.trim().split('\n') ?? [];
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

export function codes(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Where links to this project's own files lead. */
export function links(text: string): string[] {
  return [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link).filter((link) => !link.includes('://'));
}
