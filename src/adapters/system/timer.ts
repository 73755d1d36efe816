/** Calls again and again, never twice at once. */

export interface Timer {
  /** Answers when a call that is running has come to its end. */
  stop(): Promise<void>;
}

/** `run` must not throw: what it does about failures is its own. The next wait begins when a call has ended. */
export function repeat(everyMs: number, run: () => Promise<void>): Timer {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let pending = setTimeout(call, everyMs);
  function call(): void {
    running = run().finally(() => {
      if (!stopped) pending = setTimeout(call, everyMs);
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
