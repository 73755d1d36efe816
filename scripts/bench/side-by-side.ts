/** A load of calls within this process: everybody makes their next call when the one before it is answered. */

/** One user's calls, without an end. */
export type Turns = AsyncGenerator<() => Promise<unknown>, never>;

export interface Round {
  readonly latencies: readonly number[];
  readonly tookMs: number;
  /** How many calls of each user. */
  readonly failed: readonly number[];
}

export async function sideBySide(everybody: readonly Turns[], forMs: number): Promise<Round> {
  const latencies: number[] = [];
  const startedMs = performance.now();
  const untilMs = startedMs + forMs;
  const failed = await Promise.all(everybody.map((turns) => takeTurns(turns, untilMs, latencies)));
  return { latencies, tookMs: performance.now() - startedMs, failed };
}

async function takeTurns(turns: Turns, untilMs: number, latencies: number[]): Promise<number> {
  let failed = 0;
  while (performance.now() < untilMs) {
    const { value: call } = await turns.next();
    const calledMs = performance.now();
    await call().catch(() => (failed += 1));
    latencies.push(performance.now() - calledMs);
  }
  return failed;
}
