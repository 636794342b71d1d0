import { defineConfig } from 'vitest/config';

const conditions = ['@attune/source', 'node']; // also reach Node's require(): never 'import' or 'module' here

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: '@attune/recommend',
    environment: 'node',
    include: ['src/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
