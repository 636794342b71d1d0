import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readGroups } from './groups-file.ts';

const root = mkdtempSync(path.join(tmpdir(), 'attune-groups-'));
const FILES = ['slow/1.mid', 'slow/2.mid', 'fast/in/3.mid'];
const read = (text: string): [string, string][] => {
  writeFileSync(path.join(root, 'groups.csv'), text);
  return [...readGroups(root, FILES)];
};
afterAll(() => rmSync(root, { recursive: true }));

it('reads either slash, quotes, spaces, further columns, and files without a group', () => {
  expect(readGroups(path.join(root, 'nowhere'), FILES).size).toBe(0);
  expect(
    read('\ufefffile,group,by\r\n./slow/1.mid,a,me\r\n\r\n"fast\\in\\3.mid", b ,me\r\nslow/2.mid,,\r\n'),
  ).toEqual([
    ['slow/1.mid', 'a'],
    ['fast/in/3.mid', 'b'],
  ]);
  expect(read('group,file\n')).toEqual([]);
});

it.each([
  ['a file that is not there', 'file,group\nslow/1.mid,a\nslow/9.mid,a\n', /^Line 3 of \S+groups\.csv names slow\/9\.mid, and there is no such file/],
  ['a name without its label', 'file,group\n1.mid,a\n', /^Line 2 of .* names 1\.mid/],
  ['no file', 'file,group\nslow/1.mid,a\n\n,a\n', /^Line 4 of .* names no file\./],
  ['a file in two groups', 'file,group\nslow/1.mid,a\nslow\\1.mid,b\n', /^Line 3 of .* puts slow\/1\.mid into b, and a line before it into a\./],
  ['other columns', 'a,b\n1,2\n', /needs the columns file and group/],
  ['what is no table', 'file,group\n"slow/1.mid,a\n', /is no table of commas/],
])('refuses %s', (_, text, message) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'dataset/malformed', message: expect.stringMatching(message) as string }));
}); // prettier-ignore
