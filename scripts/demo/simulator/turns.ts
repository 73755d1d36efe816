/** Work that reads, thinks and writes, one after the other: the page and the drive change the same car. */

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

export function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // Whoever asked for it hears of its failure; the next one need not.
    last = turn.catch(() => undefined);
    return turn;
  };
}
