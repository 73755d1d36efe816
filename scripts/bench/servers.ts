/** Servers under measurement, each a process of its own, on a free port, stopped for good at the end. */

import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

process.setMaxListeners(0);

const ROOT = join(import.meta.dirname, '../..');

export interface Measured {
  readonly port: number;
  readonly child: ChildProcess;
  /** From spawning it to its first answer. */
  readonly startMs: number;
}

export async function serve(script: string, env: Record<string, string> = {}): Promise<Measured> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [join(ROOT, script)], {
    env: { ...process.env, PORT: String(port), LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  await answers(port, child);
  return { port, child, startMs: performance.now() - began };
}

/** The service on a store of its own. */
export function ours(path: string): Promise<Measured> {
  return serve('src/main.ts', { AUTH: 'required', HOST: '127.0.0.1', SQLITE_PATH: path, RATE_LIMIT_PER_MINUTE: '0' });
}

/** Resident memory in MB, now or at its most, where the system tells. */
export function residentMb({ child }: Measured, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): number | null {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Math.round(Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024);
  } catch {
    return null;
  }
}

export function stop({ child }: Measured): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 5_000; tries += 1) {
    if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode} before it answered`);
    const ok = await fetch(`http://127.0.0.1:${port}/health`).then(
      () => true,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('a server did not answer');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
