import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

it('THIRD_PARTY_NOTICES.md lists what the lock file holds, and nothing under the GPL or AGPL', () => {
  const script = path.resolve(import.meta.dirname, '../.config/third-party-notices.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
