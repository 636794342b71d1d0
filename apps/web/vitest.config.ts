import { defineConfig } from 'vitest/config';

const conditions = ['@attune/source', 'import', 'module', 'node', 'default'];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions, alias: { '@': import.meta.dirname + '/src' } },
  ssr: { resolve: { conditions } },
  test: {
    name: '@attune/web',
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
