import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Files share a thread's modules: nothing in them may depend on being loaded first.
    pool: 'threads',
    isolate: false,
    testTimeout: process.env['LONG'] ? 1_200_000 : 30_000,
    hookTimeout: 30_000,
  },
});
