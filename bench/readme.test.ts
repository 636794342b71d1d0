import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { listEntries } from '../.config/entries.mjs';

it.each([...listEntries().keys()])('the README of its package has a row for %s', (entry) => {
  const folder = path.resolve(import.meta.dirname, '../packages', entry.split('/')[1]!);
  expect(readFileSync(path.join(folder, 'README.md'), 'utf8')).toMatch(
    new RegExp(`^\\| \`${entry}\` +\\|`, 'm'),
  );
});
