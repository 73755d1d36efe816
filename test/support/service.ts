/** The service as a real process, started as an operator starts it. */

import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '../..');
/** Many short processes run the same files. */
const COMPILED = join(tmpdir(), 'mileage-compiled');
const START_WITHIN_MS = 15_000;

export interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Service {
  readonly url: string;
  readonly child: ChildProcess;
  /** Every line of the log so far. */
  lines(): { readonly severity: string; readonly message: string; readonly [field: string]: unknown }[];
  readonly ended: Promise<Exit>;
}

/** Runs a file with exactly these variables, on this Node. */
export function run(file: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [join(ROOT, file), ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export function exitOf(child: ChildProcess): Promise<Exit> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  return new Promise((ended) => child.once('close', (code) => ended({ code, stdout, stderr })));
}

/** On a free port; answers when it listens. */
export async function startService(env: Record<string, string>): Promise<Service> {
  const child = run('src/main.ts', [], { PORT: '0', ...env });
  let stdout = '';
  const lines = () =>
    stdout
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line));
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  const ended = exitOf(child);
  const late = AbortSignal.timeout(START_WITHIN_MS);
  for (;;) {
    const url = /Listening on (http:\S+?)"/.exec(stdout)?.[1];
    if (url !== undefined) return { url, child, lines, ended };
    if (child.exitCode !== null || late.aborted) throw new Error(`not started: ${JSON.stringify(await ended)}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
