import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // chdb crashes when its threads end inside a worker thread; a process of its own is safe.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
