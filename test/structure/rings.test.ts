/** The rings of the architecture, read from every file's syntax: the linter's rule does not see every way to import. */

import { globSync, readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mentions } from './imports.ts';
import { GLOBALS, GUARDED, RULES, type Rule } from './rules.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SRC = join(ROOT, 'src');
const FILES = globSync('**/*.{ts,mts,js,mjs}', { cwd: SRC }).map((file) => file.split(sep).join('/'));

function ruleOf(file: string): Rule | undefined {
  return RULES.find(({ place }) => file.startsWith(place));
}

/** What a file does that its ring forbids. */
function offences(file: string, code: string): string[] {
  const rule = ruleOf(file);
  if (rule === undefined) return ['stands in no ring'];
  const { modules, globals } = mentions(code);
  const wrong = modules.filter((name) => !mayImport(rule, file, name)).map((name) => `imports ${name}`);
  const reached = GLOBALS.filter(({ name, places }) => globals.has(name) && !places.some((at) => file.startsWith(at)));
  return [...wrong, ...reached.map(({ name }) => `uses ${name}`)];
}

function mayImport(rule: Rule, file: string, name: string): boolean {
  if (name.startsWith('.')) {
    const target = relative(SRC, join(SRC, dirname(file), name))
      .split(sep)
      .join('/');
    return rule.own.some((at) => target.startsWith(at)) && !target.startsWith('..');
  }
  const module = isBuiltin(name) && !name.startsWith('node:') ? `node:${name}` : name;
  return rule.packages.some((allowed) => fits(allowed, module));
}

function fits(allowed: string, module: string): boolean {
  if (allowed === 'node:*') return module.startsWith('node:') && !GUARDED.includes(module);
  return allowed.endsWith('/*') ? module.startsWith(allowed.slice(0, -1)) : module === allowed;
}

describe('the rings', () => {
  it('hold in every source file', () => {
    const wrong = FILES.flatMap((file) =>
      offences(file, readFileSync(join(SRC, file), 'utf8')).map((offence) => `${file} ${offence}`),
    );
    expect(FILES.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  it.each([
    ['a plain import', 'http/a.ts', "import { openSqliteStore } from '../adapters/sqlite/store.ts';"],
    ['a type import', 'domain/a.ts', "import type { Store } from '../seams/store.ts';"],
    ['a re-export', 'seams/a.ts', "export { runDue } from '../actions/track.ts';"],
    ['a re-export of all', 'actions/a.ts', "export * from '../http/env.ts';"],
    ['an import for effects', 'actions/a.ts', "import 'hono';"],
    ['a dynamic import', 'http/a.ts', "export const a = await import('node:sqlite');"],
    ['a dynamic import in backticks', 'http/a.ts', 'export const a = await import(`node:sqlite`);'],
    ['a computed import', 'domain/a.ts', 'export const a = (name: string) => import(name);'],
    ['an import type', 'domain/a.ts', "export type A = import('../seams/log.ts').Log;"],
    ['import equals', 'domain/a.ts', "import fs = require('node:fs');"],
    ['createRequire', 'http/a.ts', "createRequire(import.meta.url)('../adapters/sqlite/store.ts');"],
    ['a built-in without its prefix', 'adapters/system/a.ts', "import { DatabaseSync } from 'sqlite';"],
    ['getBuiltinModule', 'http/a.ts', "process.getBuiltinModule('node:sqlite');"],
    ['another adapter', 'adapters/system/a.ts', "import { Writer } from '../sqlite/writer.ts';"],
    ['what lies outside src', 'actions/a.ts', "import { a } from '../../scripts/user.ts';"],
    ['the way out and back', 'domain/a.ts', "import { a } from '../domain/../seams/log.ts';"],
    ['a vendor in the wrong ring', 'actions/a.ts', "import { z } from 'zod';"],
    ['an unknown ring', 'utils/a.ts', ''],
    ['the wall clock', 'http/a.ts', 'export const now = () => Date.now();'],
    ['the environment', 'http/a.ts', 'export const port = process.env.PORT;'],
    ['the environment in brackets', 'http/a.ts', "export const port = process['env'];"],
    ['a promise in the domain', 'domain/a.ts', 'export const a = () => Promise.resolve(1);'],
    ['an async function in the domain', 'domain/a.ts', 'export const a = async () => 1;'],
    ['chance in the domain', 'domain/a.ts', 'export const a = Math.random();'],
    ['chance in an action', 'actions/a.ts', 'export const a = Math.random();'],
    ['the clock in new words', 'actions/a.ts', 'export const a = Temporal.Now.instant();'],
  ])('are broken by %s', (_way, file, code) => {
    expect(offences(file, code)).not.toEqual([]);
  });

  it.each([
    ['domain/a.ts', "import { kmOf } from './units.ts'; export const a = { Date: kmOf, process: 1 }.process;"],
    ['domain/machine/a.ts', "import type { Trip } from '../trips.ts'; export type A = Trip;"],
    ['http/home/a.ts', "import { Hono } from 'hono'; import { html } from 'hono/html'; import 'node:fs';"],
    ['adapters/sqlite/a.ts', "import type { DatabaseSync } from 'node:sqlite';"],
    ['main.ts', "import './adapters/sqlite/store.ts'; export const env = process.env;"],
  ])('leave %s alone', (file, code) => {
    expect(offences(file, code)).toEqual([]);
  });
});

describe('the lint rules of the rings', () => {
  const config: { overrides: { files: string[]; rules: Record<string, unknown> }[] } = JSON.parse(
    readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8'),
  );
  const restricting = config.overrides.filter(({ rules }) => 'no-restricted-imports' in rules);

  it('never meet on one file, where the later would silence the earlier', () => {
    const globs = restricting.flatMap(({ files }) => files.map((glob) => glob.replace(/\*+$/, '')));
    const meeting = globs.filter((glob, i) => globs.some((other, j) => i !== j && glob.startsWith(other)));
    expect(meeting).toEqual([]);
  });

  it('cover every ring and every adapter', () => {
    const adapters = readdirSync(join(SRC, 'adapters')).map((name) => `src/adapters/${name}/**`);
    const globs = restricting.flatMap(({ files }) => files);
    expect(globs).toEqual(
      expect.arrayContaining(['src/domain/**', 'src/seams/**', 'src/actions/**', 'src/http/**', ...adapters]),
    );
  });
});
