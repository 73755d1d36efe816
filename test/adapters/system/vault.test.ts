/** What is sealed opens for its owner alone, and only as it was sealed. */

import { expect, it } from 'vitest';
import { openVault } from '../../../src/adapters/system/vault.ts';
import type { Sealed } from '../../../src/domain/secrets.ts';
import { UnreadableSecret } from '../../../src/seams/vault.ts';

const NEW = new Uint8Array(32).fill(1);
const OLD = new Uint8Array(32).fill(2);
const TEXT = '{"token":"Geheim, ook met één é"}';
const OWNER = 'jan@example.nl/car_1';

function withByteOf(base64: string, at: number): string {
  const bytes = Uint8Array.fromBase64(base64);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes.toBase64();
}

it('opens what it sealed, for its owner', () => {
  const vault = openVault([NEW]);
  const sealed = vault.seal(TEXT, OWNER);
  expect(vault.open(sealed, OWNER)).toBe(TEXT);
  expect(vault.open(JSON.parse(JSON.stringify(sealed)), OWNER)).toBe(TEXT);
  expect(vault.open(vault.seal('', OWNER), OWNER)).toBe('');
});

it('says which key it used, by eight characters of its hash, and repeats no nonce', () => {
  const vault = openVault([NEW]);
  const all = Array.from({ length: 1_000 }, () => vault.seal(TEXT, OWNER));
  expect(all[0]?.keyId).toBe('72cd6e84');
  expect(new Set(all.map(({ nonce }) => nonce)).size).toBe(1_000);
  expect(Uint8Array.fromBase64(all[0]?.nonce ?? '')).toHaveLength(12);
  expect(Uint8Array.fromBase64(all[0]?.text ?? '')).toHaveLength(Buffer.byteLength(TEXT) + 16);
});

it.each([
  ['moved to another car', 'jan@example.nl/car_2'],
  ['moved to another user', 'piet@example.nl/car_1'],
])('does not open what was %s', (_, other) => {
  const vault = openVault([NEW]);
  expect(() => vault.open(vault.seal(TEXT, OWNER), other)).toThrow(UnreadableSecret);
});

it.each<[string, (sealed: Sealed) => Partial<Sealed>]>([
  ['the first byte of the text', ({ text }) => ({ text: withByteOf(text, 0) })],
  ['the last byte of the text', ({ text }) => ({ text: withByteOf(text, -17) })],
  ['a byte of the tag', ({ text }) => ({ text: withByteOf(text, -1) })],
  ['the nonce', ({ nonce }) => ({ nonce: withByteOf(nonce, 3) })],
  ['the key’s id', () => ({ keyId: openVault([OLD]).seal('', '').keyId })],
  ['the length', ({ text }) => ({ text: Uint8Array.fromBase64(text).subarray(1).toBase64() })],
  ['all of the text', () => ({ text: '' })],
  ['all of the nonce', () => ({ nonce: '' })],
])('does not open what was changed in %s, and tells nothing of it', (_, change) => {
  const vault = openVault([NEW, OLD]);
  const sealed = vault.seal(TEXT, OWNER);
  const changed = { ...sealed, ...change(sealed) };
  expect(() => vault.open(changed, OWNER)).toThrow(UnreadableSecret);
  expect(() => vault.open(changed, OWNER)).toThrow(new RegExp(`^sealed with the key ${changed.keyId}`));
});

it('opens with every key, seals with the first, and knows what is to be sealed anew', () => {
  const before = openVault([OLD]).seal(TEXT, OWNER);
  const both = openVault([NEW, OLD]);
  expect(both.open(before, OWNER)).toBe(TEXT);
  expect([both.isCurrent(before), both.isCurrent(both.seal(TEXT, OWNER))]).toEqual([false, true]);
  expect(() => openVault([NEW]).open(before, OWNER)).toThrow(`sealed with the key ${before.keyId}, which is not here`);
});

it('without a key seals nothing and opens nothing', () => {
  const none = openVault([]);
  expect(() => none.seal(TEXT, OWNER)).toThrow(expect.objectContaining({ code: 'not_configured' }));
  const sealed = openVault([NEW]).seal(TEXT, OWNER);
  expect(() => none.open(sealed, OWNER)).toThrow(UnreadableSecret);
  expect(none.isCurrent(sealed)).toBe(false);
});
