import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { renderHash } from './render-hash.test-helper.ts';

it('renders the same samples in this process and in two others', async () => {
  const helper = pathToFileURL(path.join(import.meta.dirname, 'render-hash.test-helper.ts')).href;
  const script = `import('${helper}').then(({ renderHash }) => renderHash()).then(console.log)`;
  const options = ['--conditions=@attune/source', '--import', 'tsx', '--eval', script];
  const run = promisify(execFile);
  const others = await Promise.all([1, 2].map(() => run(process.execPath, options)));
  const here = [await renderHash(), await renderHash()];
  expect(here[0]).toMatch(/^[0-9a-f]{64}$/);
  expect([...here, ...others.map(({ stdout }) => stdout.trim())]).toEqual(
    Array.from({ length: 4 }, () => here[0]),
  );
});
