/** Ids and device tokens from the machine's randomness. An id is no secret; a token is. */

import { hash, randomBytes, randomInt } from 'node:crypto';
import { TOKEN_ALPHABET, TOKEN_PREFIX, TOKEN_SECRET_LENGTH, tokenChecksum } from '../../domain/tokens.ts';
import type { Clock, Ids } from '../../seams/clock.ts';

/** Its characters stand in the order they sort in. */
const ALPHABET = TOKEN_ALPHABET;
const BITS = 5;
const MASK = 31;
const SECRET_BYTES = 32;
const HALF_LENGTH = 10;
const DIGEST_LENGTH = 20;
/** Half of what ten characters hold: room to count upwards within a millisecond. */
const CHANCE_BELOW = 2 ** 47;

export function systemIds(clock: Clock): Ids {
  let lastMs = -1;
  let time = '';
  let chance = 0;
  /** Within a millisecond, or when the clock steps back, ids count on, so that they sort as they were made. */
  const advance = (now: number): void => {
    if (now > lastMs) {
      lastMs = now;
      time = encode(now);
      chance = randomInt(CHANCE_BELOW);
    } else {
      chance += 1;
    }
  };
  return {
    next(prefix) {
      advance(clock.now());
      return `${prefix}_${time}${encode(chance)}`;
    },
    of: (prefix, text) => `${prefix}_${spell(hash('sha256', text, 'buffer').subarray(0, DIGEST_LENGTH))}`,
    token() {
      const secret = spell(randomBytes(TOKEN_SECRET_LENGTH));
      return TOKEN_PREFIX + secret + tokenChecksum(secret);
    },
    secret: () => randomBytes(SECRET_BYTES).toString('base64url'),
  };
}

/** Ten characters for a number below 2⁵⁰. Two halves, because bit operations see 32 bits only. */
function encode(value: number): string {
  const half = 2 ** ((HALF_LENGTH / 2) * BITS);
  return encodeHalf(Math.floor(value / half)) + encodeHalf(value % half);
}

function encodeHalf(value: number): string {
  let text = '';
  for (let shift = (HALF_LENGTH / 2 - 1) * BITS; shift >= 0; shift -= BITS) {
    text += ALPHABET.charAt((value >> shift) & MASK);
  }
  return text;
}

/** One character for the low five bits of each byte. */
function spell(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ALPHABET.charAt(byte & MASK);
  return text;
}
