import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { findDataDir, openDataSet, openDataSets, splitOf, styleOfRow } from './data-set.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'attune-data-'));
  mkdirSync(path.join(root, 'tunes', 'midi'), { recursive: true });
  writeFileSync(path.join(root, 'tunes', 'index.csv'), 'id,style,group\na,folk,g1\nb,folk,g2\n');
  writeFileSync(path.join(root, 'tunes', 'midi', 'a.mid'), Uint8Array.of(1, 2, 3));
  mkdirSync(path.join(root, 'clips', 'ogg'), { recursive: true });
  writeFileSync(
    path.join(root, 'clips', 'index.csv'),
    'id,genre,source_set,source_id\nx,folk,tunes,b\ny,folk,elsewhere,q\n',
  );
});
afterAll(() => rmSync(root, { recursive: true }));

describe('openDataSet', () => {
  it('reads rows, groups and bytes', () => {
    const set = openDataSet(path.join(root, 'tunes'));
    expect(set.name).toBe('tunes');
    expect(set.items.map((item) => [item.id, item.group, item.row.style])).toEqual([
      ['a', 'g1', 'folk'],
      ['b', 'g2', 'folk'],
    ]);
    expect([...set.items[0]!.bytes()]).toEqual([1, 2, 3]);
  });

  it('gives a clip the group of the piece it was made from', () => {
    const groups = openDataSet(path.join(root, 'clips')).items.map((item) => item.group);
    expect(groups).toEqual(['g2', 'elsewhere/q']);
  });

  it('names what is missing', () => {
    expect(() => openDataSet(path.join(root, 'nowhere'))).toThrow(/index\.csv is not there/);
    const item = openDataSet(path.join(root, 'tunes')).items[1]!;
    let caught: unknown;
    try {
      item.bytes();
    } catch (error) {
      caught = error;
    }
    expect(isAttuneError(caught, 'dataset/malformed')).toBe(true);
  });

  it('opens a folder of sets', () => {
    expect(
      openDataSets(root)
        .map((set) => set.name)
        .sort(),
    ).toEqual(['clips', 'tunes']);
  });
});

describe('splitOf', () => {
  it('sends about a tenth each to test and validation, and never moves', () => {
    const counts = { train: 0, validation: 0, test: 0 };
    for (let i = 0; i < 20_000; i++) counts[splitOf(`group-${i}`)]++;
    // A fair tenth of 20,000 is 2,000 with a standard deviation of 42.
    expect(Math.abs(counts.test - 2000)).toBeLessThan(6 * 42);
    expect(Math.abs(counts.validation - 2000)).toBeLessThan(6 * 42);
    expect(splitOf('d5e352dbd7')).toBe(splitOf('d5e352dbd7'));
  });
});

describe('styleOfRow', () => {
  it('translates the labels of the sets', () => {
    expect(styleOfRow('mutopia', { style: 'jazz' })).toBe('ragtime');
    expect(styleOfRow('mutopia', { style: 'technique' })).toBeUndefined();
    expect(styleOfRow('groove', { style: 'latin' })).toBe('drums-latin');
    expect(styleOfRow('openewld', { style: 'Rock' })).toBe('standards');
  });
});

describe('findDataDir', () => {
  it('says undefined where the stated folder is not there', () => {
    expect(findDataDir({ ATTUNE_DATA_DIR: path.join(root, 'none') })).toBeUndefined();
    expect(findDataDir({ ATTUNE_DATA_DIR: root })).toBe(root);
  });
});
