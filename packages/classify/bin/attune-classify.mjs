#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A reader that stops, such as head, is no fault.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const cli = new URL('../dist/node/cli.js', import.meta.url);
if (!existsSync(cli)) {
  process.stderr.write('attune-classify is not built yet: run "npx nx build @attune/classify" first.\n');
  process.exitCode = 2;
} else {
  const { main } = await import(cli.href);
  process.exitCode = await main(process.argv.slice(2));
}
