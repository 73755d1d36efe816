/** Turns: what one process does to the same documents it does one after another, so that it never stands in its own way. */

export class Lanes {
  readonly #last = new Map<string, Promise<void>>();

  /** Acts when everything that came before it in its lane is done, however that ended. */
  run<T>(lane: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(lane);
    const turn = before === undefined ? act() : before.then(act);
    const over: Promise<void> = turn.then(
      () => this.#leave(lane, over),
      () => this.#leave(lane, over),
    );
    this.#last.set(lane, over);
    return turn;
  }

  #leave(lane: string, over: Promise<void>): void {
    if (this.#last.get(lane) === over) this.#last.delete(lane);
  }
}
