/** Programs that tests run beside themselves, as other processes on the same file. */

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export type Child = ChildProcessByStdio<null, Readable, null>;

export function startProgram(name: string, ...args: readonly string[]): Child {
  const program = join(import.meta.dirname, 'programs', `${name}.ts`);
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Everything it printed, once it has ended; throws when it failed rather than being killed. */
export async function linesOf(child: Child): Promise<string[]> {
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(child, 'close');
  if (child.exitCode !== 0 && child.signalCode === null) throw new Error(`a child ended with ${child.exitCode}`);
  // A line that was cut short by a kill says nothing.
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}
