/** The official Firestore emulator: where it may lie on this machine, and how to run it without its wrapper script. */

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync, openSync, readSync, realpathSync, closeSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

type Environment = Readonly<Record<string, string | undefined>>;

export const INSTALL_LINE =
  'install Java and the emulator: gcloud components install cloud-firestore-emulator (Debian: apt-get install ' +
  'google-cloud-cli-firestore-emulator), or: npx firebase-tools setup:emulators:firestore';

/** Where package managers put the SDK. */
const PLACES = ['/usr/lib', '/usr/share', '/usr/local', '/opt', '/opt/homebrew/share', '/usr/local/share', '/snap'];
const JAR = join('platform', 'cloud-firestore-emulator', 'cloud-firestore-emulator.jar');
const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';
const READY_WITHIN_MS = 60_000;

/** The jar of the Google Cloud SDK, else the newest one `firebase-tools` has fetched. */
export function findEmulator(env: Environment, home = homedir(), places = PLACES): string | null {
  const sdks = [
    env['CLOUDSDK_ROOT_DIR'] ?? [],
    sdksOnPath(env['PATH'] ?? ''),
    sdkFolders(env, [home, ...places]),
  ].flat();
  const ofSdk = sdks.map((root) => join(root, JAR)).find((jar) => existsSync(jar));
  if (ofSdk !== undefined) return ofSdk;
  const cache = env['FIREBASE_EMULATORS_PATH'] ?? join(home, '.cache', 'firebase', 'emulators');
  const cached = globSync('cloud-firestore-emulator-*.jar', { cwd: cache });
  const newest = cached.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? null : join(cache, newest);
}

/** `gcloud` is a file of the SDK, a link to it, or a small script that names it. */
function sdksOnPath(path: string): string[] {
  return path
    .split(delimiter)
    .flatMap((folder) => ['gcloud', 'gcloud.cmd'].map((name) => join(folder, name)))
    .filter((file) => existsSync(file))
    .flatMap((file) => [dirname(dirname(realpathSync(file))), ...sdksNamedIn(file)]);
}

function sdksNamedIn(file: string): string[] {
  const start = Buffer.alloc(8_192);
  const opened = openSync(file, 'r');
  const length = readSync(opened, start);
  closeSync(opened);
  const named = start.toString('utf8', 0, length).matchAll(/(\/[^\s"':=]*google-cloud-(?:sdk|cli))\b/g);
  return [...named].map(([, root = '']) => root);
}

function sdkFolders(env: Environment, places: readonly string[]): string[] {
  const names = ['google-cloud-sdk', 'google-cloud-cli', join('google-cloud-cli', 'current')];
  const windows = env['LOCALAPPDATA'] === undefined ? [] : [join(env['LOCALAPPDATA'], 'Google', 'Cloud SDK')];
  return [...places, ...windows].flatMap((place) => names.map((name) => join(place, name)));
}

export interface Emulator {
  /** `host:port` */
  readonly host: string;
  stop(): Promise<void>;
}

/** Runs until it is stopped or this process ends. Throws with what it said when it does not come up. */
export async function startEmulator(jar: string, env: Environment): Promise<Emulator> {
  const java = env['JAVA_HOME'] === undefined ? 'java' : join(env['JAVA_HOME'], 'bin', 'java');
  const port = await freePort();
  const child = spawn(java, ['-Duser.language=en', '-cp', jar, MAIN_CLASS, '--host=127.0.0.1', `--port=${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      kill();
      await gone;
    }
  };
  const host = `127.0.0.1:${port}`;
  try {
    await ready(child, host);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host, stop };
}

async function ready(child: ChildProcess, host: string): Promise<void> {
  let said = '';
  let ended: Error | null = null;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  child.once('error', (error) => (ended = error));
  child.once('exit', (code) => (ended ??= new Error(`the Firestore emulator ended with code ${code}:\n${said}`)));
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (performance.now() < giveUpAt) {
    const isUp = await fetch(`http://${host}`).then(
      (response) => response.ok,
      () => false,
    );
    if (ended !== null) throw ended;
    if (isUp) return;
    await pause(50);
  }
  throw new Error(`the Firestore emulator did not answer within ${READY_WITHIN_MS / 1_000} s:\n${said}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
