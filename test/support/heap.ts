/** What a piece of work holds in memory while it goes on, whatever it has left to the collector. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Of this thread, without what nobody can reach. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Looks at memory each time so many bytes have gone by. */
export class HeapWatch {
  /** That passed by. */
  bytes = 0;
  readonly #before = heldBytes();
  readonly #everyBytes: number;
  #lookAt = 0;
  #most = 0;

  constructor(everyBytes: number) {
    this.#everyBytes = everyBytes;
  }

  async *watched(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      this.bytes += part.length;
      if (this.bytes >= this.#lookAt) this.#look();
      yield part;
    }
    this.#look();
  }

  /** More than at the beginning. */
  get mostBytes(): number {
    return this.#most - this.#before;
  }

  #look(): void {
    this.#lookAt = this.bytes + this.#everyBytes;
    this.#most = Math.max(this.#most, heldBytes());
  }
}
