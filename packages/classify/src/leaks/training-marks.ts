import { fingerprintLikeness } from './contour-fingerprint.ts';
import type { LeakItem } from './find-leaks.ts';

/** Hexadecimal digits that are kept of a digest: two of a million files agree in them with probability 3e-8. */
const DIGEST_DIGITS = 16;
/** Hashes that are kept of a contour: of two pieces that share a share p of theirs, those that both have are p ± 0.125 at p = 0.5. */
const CONTOUR_HASHES = 16;
const HASH_DIGITS = 8;
/** Likeness from which on a piece counts as trained on, as `findDuplicates` has it. */
const CONTOUR_LIKENESS = 0.5;
/** Larger trainings keep marks of so many files, spread evenly: 150 kB of a checkpoint. */
const MOST_MARKED = 1000;

/** Marks by which files that a model learned from are known again, kept in its checkpoint; no music can be made from them. */
export interface TrainingMarks {
  /** Files that it learned from; those with marks are fewer where there were more than 1000. */
  readonly files: number;
  /** [marked files] of the bytes: the first 16 digits of their SHA-256. */
  readonly digests: readonly string[];
  /** [marked files] of a score: the 16 smallest hashes of its contour, 8 digits each; empty of sound and of fewer than 9 onsets. */
  readonly contours: readonly string[];
}

/** A file that is among those that a model learned from. */
export interface TrainedOn {
  readonly file: string;
  readonly kind: 'same bytes' | 'same contour';
}

/** The marks of the files of a training, which have digests, and contours where they are scores. */
export function markTrainingFiles(files: readonly Pick<LeakItem, 'digest' | 'contour'>[]): TrainingMarks {
  const count = Math.min(files.length, MOST_MARKED);
  const marked = Array.from({ length: count }, (_, i) => files[Math.floor((i * files.length) / count)]!);
  return {
    files: files.length,
    digests: marked.map(({ digest = '' }) => digest.slice(0, DIGEST_DIGITS)),
    contours: marked.map(({ contour }) => textOf(contour)),
  };
}

/** Those of `items` that have a mark: the same bytes, or a tune that shares half of its contour, in whatever key and tempo. */
export function findTrainedOn(
  items: readonly Pick<LeakItem, 'id' | 'digest' | 'contour'>[],
  marks: TrainingMarks,
): TrainedOn[] {
  const digests = new Set(marks.digests);
  const contours = marks.contours.map(hashesOf).filter((hashes) => hashes.length > 0);
  return items.flatMap(({ id, digest, contour }): TrainedOn[] => {
    if (digest && digests.has(digest.slice(0, DIGEST_DIGITS))) return [{ file: id, kind: 'same bytes' }];
    const own = contour?.subarray(0, CONTOUR_HASHES);
    const known = own && contours.some((other) => fingerprintLikeness(own, other) >= CONTOUR_LIKENESS);
    return known ? [{ file: id, kind: 'same contour' }] : [];
  });
}

/** What is to be said of an evaluation on such files, in a sentence or two; undefined where there are none. */
export function trainedOnWarning(found: readonly TrainedOn[], items: number): string | undefined {
  if (found.length === 0) return undefined;
  return `${found.length} of ${items} files are among those that the model learned from, or nearly so: what it says of them is no test.`;
}

function textOf(contour: Uint32Array | undefined): string {
  return Array.from(contour?.subarray(0, CONTOUR_HASHES) ?? [], (hash) =>
    hash.toString(16).padStart(HASH_DIGITS, '0'),
  ).join('');
}

function hashesOf(text: string): Uint32Array {
  const count = Math.floor(text.length / HASH_DIGITS);
  return Uint32Array.from({ length: count }, (_, i) =>
    parseInt(text.slice(HASH_DIGITS * i, HASH_DIGITS * (i + 1)), 16),
  );
}
