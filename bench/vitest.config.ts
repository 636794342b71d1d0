import { defineConfig } from 'vitest/config';

const conditions = ['@attune/source', 'import', 'module', 'node', 'default'];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name: 'workspace', environment: 'node', include: ['**/*.test.ts'], testTimeout: 180_000 },
});
