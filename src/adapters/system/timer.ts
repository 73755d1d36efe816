/** Calls again and again, in step, never twice at once. */

export interface Timer {
  /** Answers when a call that is running has come to its end. */
  stop(): Promise<void>;
}

/** `run` must not throw: what it does about failures is its own. A call that takes longer than a step is followed at once. */
export function repeat(everyMs: number, run: () => Promise<void>): Timer {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let pending = setTimeout(call, everyMs);
  function call(): void {
    const beganMs = performance.now();
    running = run().finally(() => {
      const leftMs = everyMs - (performance.now() - beganMs);
      if (!stopped) pending = setTimeout(call, Math.max(0, leftMs));
    });
  }
  return {
    async stop() {
      stopped = true;
      clearTimeout(pending);
      await running;
    },
  };
}
