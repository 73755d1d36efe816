/** Gathers what is written together: so many items, and so many bytes, as one transaction can well take. */

const BYTES_AT_ONCE = 1_000_000;

export class Portions<T> {
  readonly #most: number;
  readonly #write: (portion: readonly T[]) => Promise<void>;
  #portion: T[] = [];
  #bytes = 0;

  constructor(most: number, write: (portion: readonly T[]) => Promise<void>) {
    this.#most = most;
    this.#write = write;
  }

  /** What was added last and is not written yet. */
  get last(): T | undefined {
    return this.#portion.at(-1);
  }

  /** Writes what there is first, where no more fits. */
  async add(one: T, bytes: number): Promise<void> {
    if (this.#portion.length >= this.#most || this.#bytes + bytes > BYTES_AT_ONCE) await this.flush();
    this.#portion.push(one);
    this.#bytes += bytes;
  }

  async flush(): Promise<void> {
    const portion = this.#portion;
    this.#portion = [];
    this.#bytes = 0;
    if (portion.length > 0) await this.#write(portion);
  }
}
