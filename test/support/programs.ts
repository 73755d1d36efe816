/** Programs of the project as processes of their own: started, waited for, asked, ended, killed. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Program {
  readonly process: ChildProcess;
  /** All it said so far. */
  out(): string;
  errors(): string;
  /** The first match in what it says. Rejects when it ends, or when 100 s have passed, without saying so. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

type Environment = Readonly<Record<string, string>>;

/** The environment of the test but for what configures a service: a developer's own must not reach the child. */
function bareEnvironment(): Environment {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** A TypeScript program of the project, `script` below its root. Killed when the test ends. */
export function startProgram(script: string, args: readonly string[], env: Environment = {}): Program {
  return watch(
    spawn(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, env: { ...bareEnvironment(), ...env } }),
  );
}

/** `detached`: the head of a group of its own, which is killed as one when the test ends. */
export function startCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Environment = {},
  { detached = false } = {},
): Program {
  return watch(spawn(command, args, { cwd, env: { ...bareEnvironment(), ...env }, detached }), detached);
}

function watch(child: ChildProcess, isGroup = false): Program {
  let out = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  onTestFinished(async () => {
    kill(child, isGroup);
    await ended;
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((found, failed) => {
      const fail = (why: string) => failed(new Error(`${why} and never said ${pattern}:\n${out}\n${errors}`));
      const look = () => {
        const match = pattern.exec(out);
        if (!match) return;
        child.stdout?.off('data', look);
        found(match);
      };
      child.stdout?.on('data', look);
      look();
      void ended.then((code) => fail(`It ended with ${code}`));
      setTimeout(() => fail('100 s passed'), 100_000).unref();
    });
  return { process: child, out: () => out, errors: () => errors, says, ended };
}

function kill(child: ChildProcess, isGroup: boolean): void {
  try {
    if (isGroup && child.pid) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // The group is gone already.
  }
}

export interface Service extends Program {
  readonly url: string;
}

/** The service itself on a port that is free, in open mode unless `env` says otherwise. */
export async function startService(path: string, env: Environment = {}): Promise<Service> {
  const program = startProgram('src/main.ts', [], { PORT: '0', HOST: '127.0.0.1', SQLITE_PATH: path, ...env });
  const [, url = ''] = await program.says(/"Listening on (http:[^"]+)"/);
  return { ...program, url: url.replace('localhost', '127.0.0.1') };
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
