#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Whoever reads our output may have had enough: `| head`.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
const cli = new URL('../dist/node/cli.js', import.meta.url);
if (!existsSync(cli)) {
  process.stderr.write('attune-generate is not built yet: run "npx nx build @attune/generate" first.\n');
  process.exitCode = 1;
} else {
  const { main } = await import(cli.href);
  process.exitCode = await main(process.argv.slice(2));
}
