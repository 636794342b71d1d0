import path from 'node:path';
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: path.join(import.meta.dirname, 'schema.prisma'),
  migrations: { path: path.join(import.meta.dirname, 'migrations') },
  // Generating the client opens no connection; the app takes its address from DATABASE_URL itself.
  datasource: { url: 'postgresql://localhost/unused' },
});
