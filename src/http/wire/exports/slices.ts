/**
 * Cuts a JSON object, as it arrives, into the values of its keys and the elements of those that are lists. Holds one
 * piece at a time, knows nothing of what is in it, and does not mind how the text is laid out.
 */

import { createHash, type Hash } from 'node:crypto';
import { Misfit } from './forms.ts';

export interface Slice {
  readonly key: string;
  /** The JSON of one element of a list, or of a value that is none. */
  readonly text: string;
  readonly isElement: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** No record is larger; what is larger is no export. */
const MOST_SLICE_BYTES = 8_000_000;

/** Throws `Misfit` where the bytes are no JSON object; whether a piece is JSON, its reader finds out. */
export class Slicer {
  readonly #parts: Uint8Array[] = [];
  readonly #hash = createHash('sha256');
  /** Of everything before the key that was read last. */
  #beforeKey: Hash | null = null;
  #held = 0;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #key: string | null = null;
  #isList = false;
  #isOver = false;

  /** The pieces that end in this chunk. */
  *push(chunk: Uint8Array): Generator<Slice> {
    let from = 0;
    let hashed = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i] ?? 0;
      if (this.#inText) this.#endText(byte);
      else if (byte === QUOTE) this.#inText = true;
      else if (this.#separates(byte)) {
        const slice = this.#cut(chunk.subarray(from, i), byte);
        if (slice !== null) yield slice;
        from = i + 1;
        if (this.#begin(byte)) {
          this.#hash.update(chunk.subarray(hashed, from));
          this.#beforeKey = this.#hash.copy();
          hashed = from;
        }
      }
    }
    this.#hold(chunk.subarray(from));
    this.#hash.update(chunk.subarray(hashed));
  }

  /** Throws when the object has not ended, or something follows it. */
  end(): void {
    if (!this.#isOver) throw new Misfit('', 'whole: it was cut off');
    if (this.#taken() !== '') throw new Misfit('', ONE_OBJECT);
  }

  /** SHA-256 of all lines before the key that was read last. */
  hashBeforeLastKey(): string {
    const hash = this.#beforeKey?.copy() ?? createHash('sha256');
    return hash.update('\n').digest('hex');
  }

  #endText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inText = false;
  }

  /** Whether the byte separates pieces: a bracket of the object or of a list in it, a comma or a colon between. */
  #separates(byte: number): boolean {
    switch (byte) {
      case OPEN_OBJECT:
      case OPEN_LIST:
        return this.#opens(byte);
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        return this.#closes(byte);
      case COMMA:
        return this.#depth === (this.#isList ? 2 : 1);
      case COLON:
        return this.#depth === 1 && this.#key === null;
      default:
        return false;
    }
  }

  #opens(byte: number): boolean {
    if (this.#depth === 0 && (byte === OPEN_LIST || this.#isOver)) throw new Misfit('', ONE_OBJECT);
    this.#depth += 1;
    if (this.#depth === 1) return true;
    if (this.#depth > 2 || byte === OPEN_OBJECT || this.#key === null) return false;
    this.#isList = true;
    return true;
  }

  #closes(byte: number): boolean {
    this.#depth -= 1;
    const isList = this.#depth === 1 && this.#isList;
    const isOver = this.#depth === 0;
    if (this.#depth < 0 || (isList && byte !== CLOSE_LIST) || (isOver && byte !== CLOSE_OBJECT)) {
      throw new Misfit('', 'JSON');
    }
    return isList || isOver;
  }

  /** `true`: a key of the object comes next. */
  #begin(byte: number): boolean {
    if (byte === CLOSE_LIST) this.#isList = false;
    if (byte === CLOSE_OBJECT) this.#isOver = true;
    const isKey = this.#depth === 1 && (byte === OPEN_OBJECT || byte === COMMA);
    if (isKey) this.#key = null;
    return isKey;
  }

  /** What lies before a separator: a key, a value, an element, or nothing. */
  #cut(rest: Uint8Array, byte: number): Slice | null {
    this.#hold(rest);
    const text = this.#taken();
    if (byte === COLON) {
      this.#key = readKey(text);
      return null;
    }
    if (text === '') return null;
    if (this.#key === null || byte === OPEN_LIST) throw new Misfit('', 'JSON');
    return { key: this.#key, text, isElement: this.#isList };
  }

  #taken(): string {
    this.#held = 0;
    return Buffer.concat(this.#parts.splice(0)).toString('utf8').trim();
  }

  #hold(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#held += part.length;
    if (this.#held > MOST_SLICE_BYTES) throw new Misfit('', `records of at most ${MOST_SLICE_BYTES / 1e6} MB`);
    // The chunk may be used again by whoever it came from.
    this.#parts.push(part.slice());
  }
}

const ONE_OBJECT = 'one JSON object, with nothing around it';

function readKey(piece: string): string {
  try {
    const key: unknown = JSON.parse(piece);
    if (typeof key === 'string') return key;
  } catch {
    // What follows says so.
  }
  throw new Misfit('', 'JSON');
}
