/** A paper whose rows say something and name the tests that show it: `file`: `name`, `name` · `file`: … in the last cell. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/programs.ts';
import { codes, paper, table } from './markdown.ts';

/** The name as it stands in the source: what a table of cases puts in is still open. */
function isTest(file: string, name: string): boolean {
  if (!/^test\/.*(?:\.test|-suite)\.ts$/.test(file) || !existsSync(join(ROOT, file))) return false;
  return new RegExp(`[(\\n]\\s*(['\`])${RegExp.escape(name)}\\1,\\s*(?:async\\b|\\(|\\{)`).test(paper(file));
}

/** Every row of a table says what is done, and names tests that exist under the names it gives them. */
export function isShownByTests(title: string, path: string, marker: string, least: number): void {
  const rows = table(paper(path), marker).map(([subject = '', done = '', shown = '']) => ({
    subject,
    done,
    shown: shown.split(' · ').map((part) => codes(part)),
  }));

  test(`${title}: has its rows`, () => {
    expect(rows.length).toBeGreaterThanOrEqual(least);
  });

  describe.each(rows)(`${title}: $subject`, ({ done, shown }) => {
    test('is met by something, with a test in each file it names', () => {
      expect(done).not.toBe('');
      for (const [, ...names] of shown) expect(names).not.toEqual([]);
    });

    test('names tests that there are', () => {
      const named = shown.flatMap(([file = '', ...names]) => names.map((name) => [file, name] as const));
      expect(named.filter(([file, name]) => !isTest(file, name))).toEqual([]);
    });
  });
}
