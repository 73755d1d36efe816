/** Stored values kept parsed in memory, within a bound of bytes: the most recently used stay. */

interface Kept<V> {
  readonly value: V;
  readonly bytes: number;
}

/** What an entry costs besides its text: key, map, object headers. */
const ENTRY_BYTES = 200;

/** Two generations: what is used moves to the younger; when that holds half the bound, the older is dropped. */
export class Cache<V> {
  #young = new Map<string, Kept<V>>();
  #old = new Map<string, Kept<V>>();
  #youngBytes = 0;
  readonly #mostBytes: number;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** `undefined`: not known here. */
  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young.value;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#keep(key, old);
    return old.value;
  }

  /** `bytes` is the length of the value's text. */
  set(key: string, value: V, bytes: number): void {
    this.#keep(key, { value, bytes: bytes + ENTRY_BYTES });
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#youngBytes = 0;
  }

  #keep(key: string, kept: Kept<V>): void {
    this.#youngBytes += kept.bytes - (this.#young.get(key)?.bytes ?? 0);
    this.#young.set(key, kept);
    if (this.#youngBytes <= this.#mostBytes / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}
