/** AES-256-GCM: what was changed, moved to another owner, or sealed with a key we do not have stays shut. */

import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { Problem } from '../../domain/problem.ts';
import type { Sealed } from '../../domain/secrets.ts';
import { UnreadableSecret, type Vault } from '../../seams/vault.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_LENGTH = 8;

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The first of the keys encrypts, all decrypt; without any nothing is sealed. Each has 32 bytes. */
export function openVault(keys: readonly Uint8Array[]): Vault {
  const known = keys.map((bytes): Key => ({ id: keyIdOf(bytes), bytes }));
  const [first] = known;
  return {
    seal(text, owner) {
      if (first === undefined) throw new Problem('not_configured', NO_KEY);
      return seal(first, text, owner);
    },
    open(sealed, owner) {
      const fitting = known.find(({ id }) => id === sealed.keyId);
      if (fitting === undefined) throw new UnreadableSecret(`sealed with the key ${sealed.keyId}, which is not here`);
      return open(fitting, sealed, owner);
    },
    isCurrent: ({ keyId }) => keyId === first?.id,
  };
}

const NO_KEY = 'This server has no key to encrypt a connection with: whoever runs it has to set CREDENTIALS_KEY.';

function keyIdOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, KEY_ID_LENGTH);
}

function seal({ id, bytes }: Key, text: string, owner: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, bytes, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { keyId: id, nonce: nonce.toString('base64'), text: sealed.toString('base64') };
}

function open({ id, bytes }: Key, sealed: Sealed, owner: string): string {
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const whole = Buffer.from(sealed.text, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, bytes, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(owner));
    decipher.setAuthTag(whole.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(whole.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    throw new UnreadableSecret(`sealed with the key ${id}, but changed since, or moved here from another place`);
  }
}
