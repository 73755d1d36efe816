/** The official emulator: the one that is named, or one of our own, found as the tests find it. */

import { setTimeout as pause } from 'node:timers/promises';
import { findEmulator, INSTALL_LINE, startEmulator, type Emulator } from '../../../test/support/emulator.ts';

const READY_WITHIN_MS = 15_000;

// Else Google's library looks for a metadata server, and warns that there is none.
process.env['METADATA_SERVER_DETECTION'] = 'none';

/** Answers why not, in one line, where there is none. */
export async function openEmulator(): Promise<Emulator | string> {
  const { env } = process;
  const named = env['FIRESTORE_EMULATOR_HOST'];
  if (named) return { host: named, stop: async () => undefined };
  const jar = findEmulator(env);
  if (jar === null) return `no Firestore emulator on this machine; ${INSTALL_LINE}`;
  try {
    const starting = startEmulator(jar, env);
    const emulator = await Promise.race([starting, tooLate()]);
    if (typeof emulator === 'string') void starting.then(({ stop }) => stop()).catch(() => undefined);
    return emulator;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return `no Java to run the Firestore emulator; ${INSTALL_LINE}`;
    }
    throw error;
  }
}

async function tooLate(): Promise<string> {
  await pause(READY_WITHIN_MS, undefined, { ref: false });
  return `the Firestore emulator was not up within ${READY_WITHIN_MS / 1_000} s`;
}

/** An emulator that goes on keeps nothing of ours. */
export async function forget(host: string, projectId: string): Promise<void> {
  const documents = `emulator/v1/projects/${projectId}/databases/(default)/documents`;
  await fetch(`http://${host}/${documents}`, { method: 'DELETE' });
}
