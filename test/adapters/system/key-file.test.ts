/** The key that lies beside the store: made when it is needed, for its owner’s eyes, and never written over. */

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vaultWith } from '../../../src/adapters/system/key-file.ts';
import { keyOf } from '../../../src/domain/secrets.ts';
import { UnreadableSecret } from '../../../src/seams/vault.ts';
import { startProgram } from '../../support/programs.ts';
import { scratchFile } from '../../support/scratch.ts';
import { TEST_KEY, testVault } from '../../support/vault.ts';

const OWNER = 'jan@example.nl/car_1';

describe('where no key is given', () => {
  it('one is made for the first secret, not before', () => {
    const file = scratchFile('mileage.db.key');
    const vault = vaultWith({ given: [], file });
    expect(vault.isCurrent(testVault.seal('', OWNER))).toBe(false);
    expect(() => vault.open(testVault.seal('', OWNER), OWNER)).toThrow(UnreadableSecret);
    expect(existsSync(file)).toBe(false);
    const sealed = vault.seal('a text', OWNER);
    expect(vault.open(sealed, OWNER)).toBe('a text');
    expect(vault.isCurrent(sealed)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyOf(readFileSync(file, 'utf8'))).toHaveLength(32);
    expect(readdirSync(dirname(file))).toEqual(['mileage.db.key']);
  });

  it('the next start finds it, and leaves it as it is', () => {
    const file = scratchFile('mileage.db.key');
    const sealed = vaultWith({ given: [], file }).seal('a text', OWNER);
    const before = readFileSync(file, 'utf8');
    const next = vaultWith({ given: [], file });
    expect(next.open(sealed, OWNER)).toBe('a text');
    next.seal('more', OWNER);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('one that another process made meanwhile is taken', () => {
    const file = scratchFile('mileage.db.key');
    const [early, other] = [vaultWith({ given: [], file }), vaultWith({ given: [], file })];
    const sealed = other.seal('a text', OWNER);
    expect(early.isCurrent(sealed)).toBe(true);
    expect(early.open(sealed, OWNER)).toBe('a text');
  });

  it('processes that need one at once agree on it', async () => {
    const file = scratchFile('mileage.db.key');
    const programs = Array.from({ length: 4 }, () =>
      startProgram('test/adapters/system/programs/seal.ts', [file, OWNER]),
    );
    await Promise.all(programs.map((program) => program.says(/ready/)));
    for (const { process } of programs) process.stdin?.write('now\n');
    const sealed = await Promise.all(programs.map((program) => program.says(/sealed (.*)\n/)));
    const vault = vaultWith({ given: [], file });
    for (const [, text = ''] of sealed) expect(vault.open(JSON.parse(text), OWNER)).toBe('a text');
    expect(readdirSync(dirname(file))).toEqual(['mileage.db.key']);
  }, 30_000);
});

it('where keys are given the first encrypts, no file is made, and the key of one there was still decrypts', () => {
  const file = scratchFile('mileage.db.key');
  vaultWith({ given: [TEST_KEY], file }).seal('a text', OWNER);
  expect(existsSync(file)).toBe(false);
  const before = vaultWith({ given: [], file }).seal('a text', OWNER);
  const after = vaultWith({ given: [TEST_KEY], file });
  expect(after.open(before, OWNER)).toBe('a text');
  expect(after.isCurrent(before)).toBe(false);
  expect(testVault.isCurrent(after.seal('', OWNER))).toBe(true);
});

describe('a file that holds no key is told in one line, and stays as it is', () => {
  const said = (file: string) => {
    try {
      vaultWith({ given: [], file });
      return 'nothing';
    } catch (error) {
      return error instanceof Error ? error.message : '?';
    }
  };

  it.each(['', 'c2hvcnQ=', 'x'.repeat(44), `${TEST_KEY.toBase64()}${TEST_KEY.toBase64()}`])('%j', (text) => {
    const file = scratchFile('mileage.db.key');
    writeFileSync(file, text);
    expect(said(file)).toBe(`the key file ${file} is broken: it must hold 32 bytes in base64`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('a folder, or what we may not read', () => {
    const file = scratchFile('mileage.db.key');
    mkdirSync(file);
    expect(said(file)).toBe(`the key file ${file} cannot be read: EISDIR`);
    const shut = scratchFile('mileage.db.key');
    writeFileSync(shut, TEST_KEY.toBase64());
    chmodSync(shut, 0o000);
    if (process.getuid?.() !== 0) expect(said(shut)).toBe(`the key file ${shut} cannot be read: EACCES`);
  });
});
