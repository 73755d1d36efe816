/** How many reports are made at once: few, so that they stay within their memory, and of one user one after the other. */

const AT_ONCE = 2;
const MOST_OF_ONE = 4;

interface Waiting {
  readonly user: string;
  readonly begin: () => void;
}

export class Turns {
  readonly #busy: string[] = [];
  readonly #waiting: Waiting[] = [];

  /** Whether a user waits for enough already. */
  isFullFor(user: string): boolean {
    const all = [...this.#busy, ...this.#waiting.map((waiting) => waiting.user)];
    return all.filter((name) => name === user).length >= MOST_OF_ONE;
  }

  async with<T>(user: string, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      this.#waiting.push({ user, begin });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#busy.splice(this.#busy.indexOf(user), 1);
      this.#next();
    }
  }

  #next(): void {
    if (this.#busy.length >= AT_ONCE) return;
    const i = this.#waiting.findIndex(({ user }) => !this.#busy.includes(user));
    const [waiting] = i === -1 ? [] : this.#waiting.splice(i, 1);
    if (waiting === undefined) return;
    this.#busy.push(waiting.user);
    waiting.begin();
    this.#next();
  }
}
