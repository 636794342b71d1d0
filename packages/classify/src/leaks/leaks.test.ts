import { createRng, createScore, rescaleScore, transposeScore, type Note, type Score } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { contourFingerprint, fingerprintLikeness, noteText } from './contour-fingerprint.ts';
import { findDuplicates, findLeaks, groupDuplicates, type LeakItem } from './find-leaks.ts';

function tune(seed: number, length = 120): Score {
  const rng = createRng(seed);
  const notes = Array.from({ length }, (_, i): Note => ({
    start: i * 240,
    duration: 240,
    pitch: 50 + rng.integer(24),
    velocity: 80,
  }));
  return createScore({ tracks: [{ notes }] });
}
const item = (id: string, label: string, rest: Partial<LeakItem> = {}): LeakItem => ({ id, label, ...rest });

describe('the contour of a tune', () => {
  const one = contourFingerprint(tune(1));
  it('is the same in another key, and no other tune has it', () => {
    expect([...contourFingerprint(transposeScore(tune(1), 5))]).toEqual([...one]);
    expect(fingerprintLikeness(one, contourFingerprint(tune(2)))).toBe(0);
  });
  it('is the share of shingles that two have, by hand', () => {
    expect(fingerprintLikeness(Uint32Array.of(1, 2, 3, 4), Uint32Array.of(3, 4, 5, 6))).toBe(2 / 4); // the 4 smallest of the union: 1 2 3 4
    expect(fingerprintLikeness(Uint32Array.of(1, 2), Uint32Array.of(1, 2))).toBe(1);
    expect(fingerprintLikeness(Uint32Array.of(), Uint32Array.of(1))).toBe(0);
  });
  it('stays near where a note in thirty is changed', () => {
    const changed = tune(1);
    const notes = changed.tracks[0]!.notes.map((note, i) =>
      i % 30 === 15 ? { ...note, pitch: note.pitch + 1 } : note,
    );
    const near = fingerprintLikeness(
      one,
      contourFingerprint({ ...changed, tracks: [{ ...changed.tracks[0]!, notes }] }),
    );
    expect(near).toBeGreaterThan(0.4); // 4 of 120 notes touch 9 of 112 shingles each: (112 − 36) / (112 + 36) = 0.51
    expect(near).toBeLessThan(0.62);
  });
  it('is empty of too few notes, and two such are not called alike', () => {
    expect(contourFingerprint(tune(1, 8))).toHaveLength(0);
  });
  it('stands beside the notes, which know the key and not the resolution', () => {
    expect(noteText(tune(1))).not.toBe(noteText(transposeScore(tune(1), 1)));
    expect(noteText(rescaleScore(tune(1), 960))).toBe(noteText({ ...tune(1), title: 'another' }));
  });
});

describe('leaks of a data set', () => {
  it('names each duplicate once, by its strongest kind, with labels and sides', () => {
    const contour = contourFingerprint(tune(1));
    const pairs = findDuplicates([
      item('a', 'x', { digest: '1', contour, side: 'train' }),
      item('b', 'x', { digest: '1', contour, side: 'test' }),
      item('c', 'y', { digest: '2', contour, side: 'train' }),
      item('d', 'y', { digest: '3', contour: contourFingerprint(tune(3)), side: 'test' }),
    ]);
    expect(pairs).toEqual([
      { a: 'a', b: 'b', kind: 'same bytes', likeness: 1, labelsDiffer: false, acrossSides: true },
      { a: 'a', b: 'c', kind: 'same contour', likeness: 1, labelsDiffer: true, acrossSides: false },
      { a: 'b', b: 'c', kind: 'same contour', likeness: 1, labelsDiffer: true, acrossSides: true },
    ]);
  });
  it('hears the same sound within the stated distance', () => {
    const rows = [
      [0, 10],
      [0.001, 10],
      [5, 20],
      [-5, 0],
    ];
    const pairs = findDuplicates(rows.map((features, i) => item(String(i), 'x', { features })));
    expect(pairs.map(({ a, b, kind }) => [a, b, kind])).toEqual([['0', '1', 'same sound']]);
  });
  it('finds groups on two sides, constant and telling columns, and telling names', () => {
    const rng = createRng(4);
    const items = Array.from({ length: 30 }, (_, i) =>
      item(`set/${['polka', 'reel', 'jig'][i % 3]}-${i}.mid`, 'pqr'[i % 3]!, {
        group: String(i % 10),
        side: i === 10 ? 'test' : 'train',
        features: [7, (i % 3) + 0.1 * rng.uniform(), rng.uniform(), i % 2],
      }),
    );
    const report = findLeaks(items, {
      featureNames: ['same', 'label in disguise', 'noise', 'halves'],
      soundDistance: 0,
    });
    expect(report.dividedGroups).toEqual(['0']);
    expect(report.constantFeatures).toEqual(['same']);
    expect(report.tellingFeatures).toEqual(['label in disguise']);
    expect(report.tellingNames).toEqual([
      { word: 'polka', label: 'p', share: 1 },
      { word: 'reel', label: 'q', share: 1 },
      { word: 'jig', label: 'r', share: 1 },
    ]);
  });
  it('says nothing of a clean set, of one item and of none', () => {
    const clean = {
      duplicates: [],
      constantFeatures: [],
      tellingFeatures: [],
      tellingNames: [],
    };
    expect(findLeaks([])).toEqual({ items: 0, ...clean });
    const train = { side: 'train', group: 'g' };
    expect(findLeaks([item('a', 'x', train)])).toEqual({ items: 1, ...clean, dividedGroups: [] });
    expect(findLeaks([item('a', 'x', { features: [1] })], { featureNames: ['f'] })).toEqual({
      items: 1,
      ...clean,
    });
  });
});

describe('groups of duplicates', () => {
  it('join through chains and through the groups that are given', () => {
    const items = [
      item('a', 'x'),
      item('b', 'x', { group: 'g' }),
      item('c', 'x', { group: 'g' }),
      item('d', 'x'),
      item('e', 'x'),
    ];
    const groups = groupDuplicates(items, [
      { a: 'a', b: 'b' },
      { a: 'c', b: 'd' },
    ]);
    expect(new Set(groups.slice(0, 4)).size).toBe(1);
    expect(groups[4]).not.toBe(groups[0]);
  });
});
