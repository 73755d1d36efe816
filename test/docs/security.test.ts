/** Every threat in `docs/security.md` has tests, and they exist under the names it gives them. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/programs.ts';
import { codes, paper, table } from './markdown.ts';

const ROWS = table(paper('docs/security.md'), 'threats').map(([threat = '', done = '', shown = '']) => ({
  threat,
  done,
  shown: shown.split(' · ').map((part) => codes(part)),
}));

/** The name as it stands in the source: what a table of cases puts in is still open. */
function isTest(file: string, name: string): boolean {
  if (!/^test\/.*(?:\.test|-suite)\.ts$/.test(file) || !existsSync(join(ROOT, file))) return false;
  return new RegExp(`[(\\n]\\s*(['\`])${RegExp.escape(name)}\\1,\\s*(?:async\\b|\\(|\\{)`).test(paper(file));
}

test('there are threats', () => {
  expect(ROWS.length).toBeGreaterThan(10);
});

describe.each(ROWS)('$threat', ({ done, shown }) => {
  test('has something in its way, and a test in each file it names', () => {
    expect(done).not.toBe('');
    for (const [, ...names] of shown) expect(names).not.toEqual([]);
  });

  test('names tests that there are', () => {
    const named = shown.flatMap(([file = '', ...names]) => names.map((name) => [file, name] as const));
    expect(named.filter(([file, name]) => !isTest(file, name))).toEqual([]);
  });
});
