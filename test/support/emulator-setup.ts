/** Before the Firestore tests: an emulator for all of them, or the reason why there is none. */

import type { TestProject } from 'vitest/node';
import { findEmulator, INSTALL_LINE, startEmulator } from './emulator.ts';

/** Without a host the tests are skipped, or fail where somebody counts on them. */
export interface EmulatorState {
  readonly host: string | null;
  readonly why: string;
  readonly isRequired: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    firestoreEmulator: EmulatorState;
  }
}

export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { env } = process;
  const named = env['FIRESTORE_EMULATOR_HOST'];
  if (named) {
    await fetch(`http://${named}`).catch(() => {
      throw new Error(`no Firestore emulator answers at FIRESTORE_EMULATOR_HOST=${named}`);
    });
    provide(project, named, '');
    return undefined;
  }
  const jar = findEmulator(env);
  if (jar === null) return without(project, `no Firestore emulator on this machine; ${INSTALL_LINE}`);
  try {
    const { host, stop } = await startEmulator(jar, env);
    provide(project, host, '');
    return stop;
  } catch (error) {
    const isJavaMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isJavaMissing) return without(project, `no Java to run the Firestore emulator; ${INSTALL_LINE}`);
    throw error;
  }
}

function without(project: TestProject, why: string): undefined {
  process.stderr.write(`The Firestore tests do not run: ${why}\n`);
  provide(project, null, why);
}

function provide(project: TestProject, host: string | null, why: string): void {
  const isRequired = process.env['CI'] === 'true' && process.env['ALLOW_NO_EMULATOR'] !== '1';
  project.provide('firestoreEmulator', { host, why, isRequired });
}
