import { defineConfig } from 'vitest/config';

/** Files that need the Firestore emulator: it is started when one of them runs. */
const FIRESTORE = ['test/**/firestore*.test.ts', 'test/**/firestore/**/*.test.ts'];

export default defineConfig({
  test: {
    // Files share a thread's modules: nothing in them may depend on being loaded first.
    pool: 'threads',
    isolate: false,
    // By itself vitest leaves one of two cores idle.
    maxWorkers: 2,
    testTimeout: process.env['LONG'] ? 1_200_000 : 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'main', include: ['test/**/*.test.ts'], exclude: FIRESTORE } },
      { extends: true, test: { name: 'firestore', include: FIRESTORE, globalSetup: 'test/support/emulator-setup.ts' } },
    ],
  },
});
