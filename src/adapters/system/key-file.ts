/** The key of an installation that was given none: in a file beside its store, made once and never written over. */

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KEY_BYTES, keyOf } from '../../domain/secrets.ts';
import type { Vault } from '../../seams/vault.ts';
import { openVault } from './vault.ts';

/** What was configured, and where the key lies, or will, that is used besides. */
export interface Keys {
  readonly given: readonly Uint8Array[];
  /** `null`: nowhere. */
  readonly file: string | null;
}

/**
 * The given keys first. The file’s decrypts as well, so that nothing is lost when keys are given later; where none is
 * given it also encrypts, and is made when the first secret is sealed. Throws, in one line, when the file holds no key.
 */
export function vaultWith({ given, file }: Keys): Vault {
  if (file === null) return openVault(given);
  const found = readKeyFile(file);
  if (found !== null || given.length > 0) return openVault(found === null ? given : [...given, found]);
  let made: Vault | null = null;
  const opened = () => (made ??= ofFile(file)) ?? openVault([]);
  return {
    seal: (text, owner) => (made ??= ofFile(file) ?? openVault([makeKeyFile(file)])).seal(text, owner),
    open: (sealed, owner) => opened().open(sealed, owner),
    isCurrent: (sealed) => opened().isCurrent(sealed),
  };
}

/** Another process may have made it since we started. */
function ofFile(path: string): Vault | null {
  const key = readKeyFile(path);
  return key && openVault([key]);
}

function readKeyFile(path: string): Uint8Array | null {
  const text = textOf(path);
  if (text === null) return null;
  const key = keyOf(text);
  if (key === null) throw new Error(`the key file ${path} is broken: it must hold ${KEY_BYTES} bytes in base64`);
  return key;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    if (code === 'ENOENT') return null;
    throw new Error(`the key file ${path} cannot be read: ${String(code)}`, { cause: error });
  }
}

/** Appears whole or not at all, and for good: a secret sealed with a key that a power cut took would be lost. */
function makeKeyFile(path: string): Uint8Array {
  const unfinished = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    const key = Uint8Array.from(randomBytes(KEY_BYTES));
    writeFileSync(unfinished, `${key.toBase64()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(unfinished, path);
    syncFolder(dirname(path));
    return key;
  } catch (error) {
    const theirs = readKeyFile(path);
    if (theirs === null) throw new Error(`the key file ${path} cannot be made`, { cause: error });
    return theirs;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
