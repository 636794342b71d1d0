import { defineConfig } from 'vitest/config';

// Vitest hands these to Node as well, where 'import' would make require() load ES modules.
const conditions = ['@attune/source', 'node'];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions, alias: { '@': import.meta.dirname + '/src' } },
  ssr: { resolve: { conditions } },
  test: {
    name: '@attune/web',
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
