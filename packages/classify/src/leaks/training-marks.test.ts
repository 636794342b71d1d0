import { createRng } from '@attune/core';
import { expect, it } from 'vitest';
import { findTrainedOn, markTrainingFiles, trainedOnWarning } from './training-marks.ts';

const digest = (n: number): string => n.toString(16).padStart(64, '0').split('').reverse().join('');
/** 60 hashes, ascending. */
function contour(seed: number): Uint32Array {
  const rng = createRng(seed);
  return Uint32Array.from({ length: 60 }, () => rng.integer(2 ** 32)).sort();
}

it('knows bytes and contours again through JSON, and nothing else', () => {
  const files = [1, 2, 3].map((n) => ({ digest: digest(n), contour: contour(n) }));
  const marks = JSON.parse(
    JSON.stringify(markTrainingFiles([...files, { digest: digest(4) }])),
  ) as ReturnType<typeof markTrainingFiles>;
  // Of the 16 smallest hashes of the union of a and a with its 2 smallest gone, 14 stand in both sketches.
  const near = contour(2).slice(2);
  const found = findTrainedOn(
    [
      { id: 'copy', digest: digest(1), contour: contour(1) },
      { id: 'near', digest: digest(9), contour: near },
      { id: 'sound', digest: digest(4) },
      { id: 'other', digest: digest(8), contour: contour(8) },
      { id: 'short', digest: digest(7), contour: new Uint32Array() },
      { id: 'unknown' },
    ],
    marks,
  );
  expect(found).toEqual([
    { file: 'copy', kind: 'same bytes' },
    { file: 'near', kind: 'same contour' },
    { file: 'sound', kind: 'same bytes' },
  ]);
  expect(trainedOnWarning(found, 6)).toMatch(/^3 of 6 files/);
  expect(trainedOnWarning([], 6)).toBeUndefined();
});

it('stays small: at most 1000 files, spread evenly, in 160 kB', () => {
  const marks = markTrainingFiles(Array.from({ length: 2500 }, (_, n) => ({ digest: digest(n), contour: contour(n % 50) }))); // prettier-ignore
  expect([marks.files, marks.digests.length, marks.contours.length]).toEqual([2500, 1000, 1000]);
  expect(marks.digests[500]).toBe(digest(1250).slice(0, 16));
  expect(JSON.stringify(marks).length).toBeLessThan(160_000);
});
