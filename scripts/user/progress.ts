/** How far a command is, for whoever watches: on standard error, so that what it prints stays clean. */

/** A terminal counts along; elsewhere a line now and then is enough. */
const TOLD_EVERY = { terminal: 100, elsewhere: 5_000 };

export function progressOn(out: NodeJS.WriteStream) {
  const every = out.isTTY ? TOLD_EVERY.terminal : TOLD_EVERY.elsewhere;
  let done = 0;
  const clear = out.isTTY ? '\r\u001b[2K' : '';
  return {
    count(): void {
      done += 1;
      if (done % every === 0) out.write(`${clear}${done} done${out.isTTY ? '' : '\n'}`);
    },
    /** A line of its own; `null`: only takes the count away. */
    say(line: string | null): void {
      out.write(line === null ? clear : `${clear}${line}\n`);
    },
  };
}
