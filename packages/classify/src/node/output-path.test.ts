import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { requireWritableFile, requireWritableFolder } from './output-path.ts';

const root = mkdtempSync(path.join(tmpdir(), 'attune-output-'));
const at = (...parts: string[]): string => path.join(root, ...parts);
writeFileSync(at('file'), '');
mkdirSync(at('folder'));
afterAll(() => rmSync(root, { recursive: true }));

it('lets pass what can be written, and makes nothing', () => {
  requireWritableFile('--html', at('report.html'));
  requireWritableFile('--html', at('file'));
  requireWritableFolder('--out', at('folder'));
  requireWritableFolder('--out', at('new', 'folder', 'in', 'folder'));
  expect(existsSync(at('new'))).toBe(false);
});

it.each([
  ['a page in a folder that is not there', () => requireWritableFile('--html', at('no', 'r.html')), /--html \S+r\.html cannot be written: there is no folder \S+no\./],
  ['a page where a folder is', () => requireWritableFile('--html', at('folder')), /is a folder, and a file is to be written/],
  ['a page below a file', () => requireWritableFile('--html', at('file', 'r.html')), /\S+file is a file\./],
  ['a folder where a file is', () => requireWritableFolder('--out', at('file')), /--out \S+file cannot be written: \S+file is a file\./],
  ['a folder below a file', () => requireWritableFolder('--out', at('file', 'x', 'y')), /cannot be written: \S+file is a file\./],
])('refuses %s', (_, check, message) => {
  expect(check).toThrow(message);
}); // prettier-ignore
