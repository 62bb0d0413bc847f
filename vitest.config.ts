import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node gives Pothos and Yoga graphql's CommonJS build; Vite would take the ES module, and two copies refuse each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // chdb crashes when its threads end inside a worker thread; a process of its own is safe.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
