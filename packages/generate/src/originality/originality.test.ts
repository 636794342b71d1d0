import { createRng, transposeScore } from '@attune/core';
import type { Note, Rng, Score } from '@attune/core';
import { toGrid } from '@attune/core/tokens';
import { describe, expect, it } from 'vitest';
import { createBloomFilter, openBloomFilter } from './bloom-filter.ts';
import { buildOriginalityIndex, openOriginalityIndex, originality, withFloor } from './originality.ts';

/** A random melody of `count` notes: eighths, quarters and halves over two octaves. */
function melody(rng: Rng, count: number): Note[] {
  let start = 0;
  return Array.from({ length: count }, () => {
    const duration = 240 * 2 ** rng.integer(3);
    const note = { start, duration, pitch: 55 + rng.integer(25), velocity: 80 };
    start += duration;
    return note;
  });
}

function scoreOf(notes: readonly Note[], isDrum = false): Score {
  const track = { name: '', program: 0, isDrum, notes, controls: [], bends: [] };
  return { ticksPerQuarter: 480, title: '', tracks: [track], tempos: [], meters: [], keys: [], texts: [] };
}

/** `first` followed by `second`. */
function joined(first: readonly Note[], second: readonly Note[]): Note[] {
  const last = first.at(-1)!;
  return [...first, ...second.map((note) => ({ ...note, start: note.start + last.start + last.duration }))];
}

const pieces = Array.from({ length: 30 }, (_, i) => melody(createRng(i), 200));
const index = buildOriginalityIndex(
  pieces.map((notes) => toGrid(scoreOf(notes))),
  { sampling: 1, bitsPerRun: 16 },
);

describe('originality', () => {
  it('finds a transposed copy whole, and nothing in new melodies', () => {
    const copy = originality(transposeScore(scoreOf(pieces[3]!), 5), index);
    expect(copy).toMatchObject({ score: 0, sharedShare: 1, longestRun: 200 });
    const fresh = originality(scoreOf(melody(createRng(999), 400)), index);
    expect(fresh.judgedRuns).toBe(2 * (399 - 7)); // top and bass of one voice
    expect(fresh.sharedShare).toBeLessThan(0.01);
    expect(fresh.longestRun).toBeLessThan(12);
  });

  it('measures the length of a quotation in notes', () => {
    const quoted = pieces[7]!
      .slice(50, 80)
      .map((note, _, all) => ({ ...note, start: note.start - all[0]!.start }));
    // Other melodies lie two octaves higher: no interval into or out of the quotation occurs in the pieces.
    const own = (seed: number): Note[] =>
      melody(createRng(seed), 40).map((n) => ({ ...n, pitch: n.pitch + 48 }));
    const piece = joined(joined(own(500), quoted), own(501));
    expect(originality(scoreOf(piece), index).longestRun).toBe(30);
  });

  it('does not count repeated notes, scales and trills', () => {
    const even = (pitchOf: (i: number) => number): Note[] =>
      Array.from({ length: 60 }, (_, i) => ({
        start: i * 240,
        duration: 240,
        pitch: pitchOf(i),
        velocity: 80,
      }));
    const common = [even(() => 60), even((i) => 40 + i), even((i) => 60 + (i % 2))];
    const own = buildOriginalityIndex(
      common.map((notes) => toGrid(scoreOf(notes))),
      { sampling: 1 },
    );
    expect(own.config.runs).toBe(0);
    for (const notes of common)
      expect(originality(scoreOf(notes), own)).toMatchObject({ score: 1, judgedRuns: 0 });
  });

  it('judges no drums', () => {
    expect(originality(scoreOf(pieces[3]!, true), index)).toMatchObject({
      score: 1,
      judgedRuns: 0,
      longestRun: 0,
    });
  });

  it('stores the 99th percentile of held-out pieces, and says when a piece exceeds it', () => {
    expect(originality(scoreOf(pieces[0]!), index).exceedsFloor).toBeUndefined();
    const heldOut = Array.from({ length: 20 }, (_, i) => toGrid(scoreOf(melody(createRng(2000 + i), 100))));
    const withIt = withFloor(index, [...heldOut, toGrid(scoreOf(pieces[1]!))]);
    expect(withIt.config.floor).toMatchObject({ duplicates: 1 }); // the copy
    expect(withIt.config.floor!.longestRun).toBeLessThan(12);
    expect(originality(scoreOf(pieces[0]!), withIt).exceedsFloor).toBe(true);
    expect(originality(scoreOf(melody(createRng(3000), 100)), withIt).exceedsFloor).toBe(false);
    expect(() => withFloor(index, [])).toThrowError(expect.objectContaining({ code: 'argument/invalid' }));
  });

  it('judges arranged styles by the floor of arrangements, where there is one', () => {
    const strict = withFloor(
      index,
      Array.from({ length: 20 }, (_, i) => toGrid(scoreOf(melody(createRng(2000 + i), 100)))),
    );
    // Arrangements that quote a training tune for a while.
    const loan = (i: number) => joined(pieces[0]!.slice(0, 24), melody(createRng(4000 + i), 100));
    const both = withFloor(
      strict,
      [0, 1, 2].map((i) => toGrid(scoreOf(loan(i)))),
      'arrangedFloor',
    );
    const piece = scoreOf(loan(9));
    expect(originality(piece, both).exceedsFloor).toBe(true);
    expect(originality(piece, both, { style: 'folk' }).exceedsFloor).toBe(true);
    expect(originality(piece, both, { style: 'rock' }).exceedsFloor).toBe(false);
    expect(originality(piece, strict, { style: 'rock' }).exceedsFloor).toBe(true);
    expect(openOriginalityIndex(both.config, both.filter.bytes).config).toEqual(both.config);
  });

  it('is the same after storing, and refuses what does not fit', () => {
    const { config, filter } = index;
    const stored = openOriginalityIndex(JSON.parse(JSON.stringify(config)), Uint8Array.from(filter.bytes));
    const piece = scoreOf(joined(pieces[2]!.slice(0, 40), melody(createRng(77), 40)));
    expect(originality(piece, stored)).toEqual(originality(piece, index));
    expect(() => openOriginalityIndex(config, new Uint8Array(3))).toThrow(/3 bytes/);
    expect(() => openOriginalityIndex({ kind: 'vae' }, filter.bytes)).toThrowError(
      expect.objectContaining({ code: 'checkpoint/mismatch' }),
    );
    expect(() => openOriginalityIndex({ ...config, sampling: 0 }, filter.bytes)).toThrow(/sampling/);
  });
});

describe('Bloom filter', () => {
  it('never denies a member and errs about as often as theory says', () => {
    const filter = createBloomFilter(10_000 * 9, 6);
    const rng = createRng(1);
    const members = Array.from({ length: 10_000 }, () => [rng.uint32(), rng.integer(2 ** 20)] as const);
    for (const [high, low] of members) filter.add(high, low);
    const opened = openBloomFilter(filter.bytes, 6);
    expect(members.every(([high, low]) => opened.has(high, low))).toBe(true);
    let wrong = 0;
    for (let i = 0; i < 50_000; i++) if (opened.has(rng.uint32(), rng.integer(2 ** 20))) wrong++;
    const expected = (1 - Math.exp(-6 / 9)) ** 6; // 0.0133
    expect(wrong / 50_000).toBeGreaterThan(expected * 0.8);
    expect(wrong / 50_000).toBeLessThan(expected * 1.3);
  });
});
