import { createRng, createScore, type Note, type Score } from '@attune/core';
import { writeMidi } from '@attune/core/midi';
import { type DataSet, splitOf } from '@attune/core/node';
import { describe, expect, it } from 'vitest';
import { excerptOf, JUDGED_BARS, styleOfItem, symbolicExamples, varied } from './symbolic-data.ts';

const BAR = 4 * 480;

/** `bars` bars of 4/4, four quarters each; the pitch counts the bars. */
function piece(bars: number): Score {
  const notes = Array.from({ length: 4 * bars }, (_, i): Note => ({
    start: i * 480,
    duration: 480,
    pitch: 40 + Math.floor(i / 4),
    velocity: 90,
  }));
  const kick = Array.from({ length: bars }, (_, i): Note => ({
    start: i * BAR,
    duration: 10,
    pitch: 36,
    velocity: 90,
  }));
  return createScore({
    tracks: [
      { program: 5, notes },
      { isDrum: true, notes: kick },
    ],
    tempos: [{ tick: 0, bpm: 100 }],
  });
}

/** A set of one piece a group, named so that styles and splits are known. */
function folkSet(count: number): DataSet {
  const items = Array.from({ length: count }, (_, i) => ({
    id: `t${i}`,
    set: 'folk-tunes',
    row: { style: 'folk' },
    group: `g${i}`,
    bytes: () => writeMidi(piece(20)),
  }));
  return { name: 'folk-tunes', items };
}

describe('excerpts', () => {
  it('are whole bars from somewhere in the piece', () => {
    const starts = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const part = excerptOf(piece(20), 16, createRng(seed))!;
      expect(part.tracks[0]!.notes).toHaveLength(64);
      expect(part.tracks[0]!.notes[0]!.start).toBe(0);
      starts.add(part.tracks[0]!.notes[0]!.pitch - 40);
    }
    expect([...starts].sort()).toEqual([0, 1, 2, 3, 4]); // every bar that leaves 16
  });
  it('are not taken of a piece that is no longer', () => {
    expect(excerptOf(piece(16), 16, createRng(1))).toBeUndefined();
  });
});

describe('the style of a piece', () => {
  it('is translated from the labels of our own sets, and taken as it stands from others', () => {
    expect(styleOfItem({ set: 'mutopia', row: { style: 'jazz' } })).toBe('ragtime');
    expect(styleOfItem({ set: 'groove', row: { style: 'pop' } })).toBeUndefined(); // a drum take is no pop piece
    expect(styleOfItem({ set: 'arranged', row: { style: 'pop' } })).toBe('pop');
    expect(styleOfItem({ set: 'arranged', row: { style: 'polka' } })).toBeUndefined();
    expect(styleOfItem({ set: 'arranged', row: {} })).toBeUndefined();
  });
});

describe('variations', () => {
  it('keep the rhythm, the drums and the intervals', () => {
    for (let seed = 0; seed < 20; seed++) {
      const [melody, drums] = varied(piece(8), createRng(seed)).tracks;
      const shift = melody!.notes[0]!.pitch - 40;
      expect(Math.abs(shift)).toBeLessThanOrEqual(4);
      expect(melody!.notes.map(({ start, pitch }) => [start, pitch - shift])).toEqual(
        piece(8).tracks[0]!.notes.map(({ start, pitch }) => [start, pitch]),
      );
      expect(
        drums!.notes.every(({ pitch, velocity }) => pitch === 36 && velocity >= 1 && velocity <= 127),
      ).toBe(true);
    }
  });
  it('move the tempo by at most a fifth', () => {
    const factors = Array.from(
      { length: 50 },
      (_, seed) => varied(piece(2), createRng(seed)).tempos[0]!.bpm / 100,
    );
    expect(Math.min(...factors)).toBeGreaterThan(0.83);
    expect(Math.max(...factors)).toBeLessThan(1.21);
    expect(new Set(factors).size).toBeGreaterThan(10);
  });
});

describe('examples', () => {
  const set = folkSet(30);
  it('follow the split of the group, with varied excerpts for training and plain ones for judging', () => {
    const examples = symbolicExamples([set], { excerpts: 2, seed: 1 });
    for (const { id } of set.items) {
      const split = splitOf(`g${id.slice(1)}`);
      const own = examples.filter((e) => e.id === id);
      expect(own.every((e) => e.split === split && e.label === 'folk')).toBe(true);
      expect(own.filter((e) => !e.excerpt)).toHaveLength(1);
      expect(own.filter((e) => e.excerpt)).toHaveLength(split === 'train' ? 2 : 1);
    }
    expect(JUDGED_BARS).toBe(16);
  });
  it('are the same for the same seed', () => {
    const options = { excerpts: 1, seed: 3 };
    expect(symbolicExamples([folkSet(5)], options)).toEqual(symbolicExamples([folkSet(5)], options));
  });
  it('leave out what cannot be read, and say so', () => {
    const broken: DataSet = {
      name: 'folk-tunes',
      items: [{ ...set.items[0]!, bytes: () => new Uint8Array([1, 2, 3]) }],
    };
    const skipped: string[] = [];
    expect(
      symbolicExamples([broken], {
        excerpts: 1,
        seed: 1,
        onSkip: (item, reason) => skipped.push(`${item.id}: ${reason}`),
      }),
    ).toEqual([]);
    expect(skipped).toHaveLength(1);
  });
  it('are all for testing where the set is given for that', () => {
    expect(
      symbolicExamples([folkSet(12)], { excerpts: 1, seed: 1, allTest: true }).every(
        (e) => e.split === 'test',
      ),
    ).toBe(true);
  });
});
