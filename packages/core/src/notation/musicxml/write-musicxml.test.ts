import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { createScore } from '../../score/create-score.ts';
import type { Note, Score } from '../../score/score.ts';
import { quantiseScore } from '../../score/quantise.ts';
import { rescaleScore } from '../../score/transform.ts';
import { randomScore, scaleScore } from '../../testing/index.ts';
import { scoreArbitrary } from '../../testing/score-arbitrary.ts';
import { findGrid } from './find-grid.ts';
import { all, first, parseXml, readMusicXml } from './musicxml.test-helper.ts';
import { notateScore } from './notated-score.ts';
import { writeMusicXml } from './write-musicxml.ts';

/** Notes as `[start, duration, pitch]` in quarters. */
function scoreOf(rows: readonly (readonly number[])[], parts: Partial<Score> = {}): Score {
  const notes = rows.map(([start, duration, pitch]): Note => ({
    start: Math.round(start! * 480),
    duration: Math.round(duration! * 480),
    pitch: pitch!,
    velocity: 80,
  }));
  return createScore({ tracks: [{ notes, program: 73 }], ...parts });
}

/** Type, dots, tuplet and tie of every note or rest of the first part, e.g. `r half`, `C eighth. 3:2`, `Bb quarter~`. */
function written(score: Score, options: Parameters<typeof writeMusicXml>[1] = {}): string[] {
  const part = first(parseXml(writeMusicXml(score, options)), 'part');
  return all(part, 'measure').flatMap((measure) =>
    all(measure, 'note').map((node) => {
      const pitch = first(node, 'pitch', 'step');
      const name = pitch
        ? `${pitch.text}${'b'.repeat(-Math.min(0, alter(node)))}${'#'.repeat(Math.max(0, alter(node)))}`
        : 'r';
      const dots = '.'.repeat(all(node, 'dot').length);
      const tuplet = first(node, 'time-modification');
      const ratio = tuplet ? ` ${tuplet.children.map((child) => child.text).join(':')}` : '';
      const tie = all(node, 'tie').some((each) => each.attributes['type'] === 'start') ? '~' : '';
      return `${name} ${first(node, 'type')?.text ?? 'bar'}${dots}${ratio}${tie}`;
    }),
  );
}

function alter(node: ReturnType<typeof parseXml>): number {
  return Number(first(node, 'pitch', 'alter')?.text ?? 0);
}

describe('writeMusicXml', () => {
  it('writes what the notated score holds, in bars that every voice fills', () => {
    fc.assert(
      fc.property(
        scoreArbitrary(fc),
        fc.constantFrom('tidy' as const, 'exact' as const),
        (score, durations) => {
          sameNotes(score, { durations });
        },
      ),
      { numRuns: 30, seed: 11 },
    );
    for (let seed = 0; seed < 9; seed++) {
      const score = randomScore(createRng(seed));
      sameNotes(score, {
        stepsPerQuarter: [1, 3, 4, 5, 7, 12, 20, 48, 60][seed % 9]!,
        maxVoices: 1 + (seed % 4),
      });
    }
  });

  it('ties over bar lines and writes lengths that are no single value as two', () => {
    expect(
      written(
        scoreOf([
          [0, 2.5, 60],
          [2.5, 3.5, 62],
        ]),
      ),
    ).toEqual([...['C half~', 'C eighth', 'D quarter.~', 'D half'], 'r half']);
  });

  it('lets a syncopation stand inside half a bar, and shows the middle of the bar', () => {
    expect(
      written(
        scoreOf([
          [0, 0.5, 60],
          [0.5, 1, 62],
          [1.5, 1, 64],
          [2.5, 1.5, 65],
        ]),
      ),
    ).toEqual([...['C eighth', 'D quarter', 'E eighth~', 'E eighth', 'F quarter.']]);
  });

  it('writes triplets, quintuplets and sextuplets', () => {
    const even = (count: number, from: number, length: number): number[][] =>
      Array.from({ length: count }, (_, i) => [from + (i * length) / count, length / count, 60]);
    const rows = [...even(3, 0, 1), ...even(6, 1, 1), ...even(3, 2, 2)];
    expect(written(scoreOf(rows))).toEqual([
      ...Array<string>(3).fill('C eighth 3:2'),
      ...Array<string>(6).fill('C 16th 6:4'),
      ...Array<string>(3).fill('C quarter 3:2'),
    ]);
    expect(written(scoreOf([...even(5, 0, 1), [1, 3, 60]]))).toEqual([
      ...Array<string>(5).fill('C 16th 5:4'),
      'C half.',
    ]);
  });

  it('groups compound meters by their dotted beat', () => {
    const meters = [{ tick: 0, numerator: 6, denominator: 8 }];
    expect(
      written(
        scoreOf(
          [
            [0, 1, 60],
            [1, 1, 62],
            [2, 1, 64],
          ],
          { meters },
        ),
      ),
    ).toEqual([...['C quarter', 'D eighth~', 'D eighth', 'E quarter']]);
  });

  it('parts overlapping notes into voices, and ties them where voices run out', () => {
    const score = scoreOf([
      [0, 4, 48],
      [0, 2, 72],
      [2, 2, 74],
    ]);
    expect(written(score)).toEqual(['C half', 'D half', 'C whole']);
    expect(written(score, { maxVoices: 1 })).toEqual(['C half~', 'C half', 'C half', 'D half']);
  });

  it('spells by key: a harmonic minor scale and its major neighbour', () => {
    const notes = (pitches: readonly number[]): number[][] => pitches.map((pitch, i) => [i, 1, pitch]);
    const inKey = (fifths: number, mode: 'major' | 'minor', pitches: readonly number[]): string[] =>
      written(scoreOf(notes(pitches), { keys: [{ tick: 0, fifths, mode }] })).map(
        (each) => each.split(' ')[0]!,
      );
    expect(inKey(-3, 'minor', [60, 62, 63, 65, 67, 68, 71, 72])).toEqual([
      'C',
      'D',
      'Eb',
      'F',
      'G',
      'Ab',
      'B',
      'C',
    ]);
    expect(inKey(4, 'major', [64, 66, 68, 69, 71, 73, 75, 76])).toEqual([
      'E',
      'F#',
      'G#',
      'A',
      'B',
      'C#',
      'D#',
      'E',
    ]);
    expect(inKey(-6, 'major', [66, 68, 70, 71])).toEqual(['Gb', 'Ab', 'Bb', 'Cb']);
    for (let tonic = 0; tonic < 12; tonic++) {
      const letters = written(scaleScore(tonic, 'major'))
        .slice(0, 7)
        .map((each) => each[0]);
      expect(new Set(letters).size).toBe(7);
    }
  });

  it('begins with a pickup where the meter is stated again after it', () => {
    const meters = [0, 480].map((tick) => ({ tick, numerator: 3, denominator: 4 }));
    const part = first(
      parseXml(
        writeMusicXml(
          scoreOf(
            [
              [0, 1, 67],
              [1, 3, 72],
            ],
            { meters },
          ),
        ),
      ),
      'part',
    );
    const numbers = all(part, 'measure').map(({ attributes }) => [
      attributes['number'],
      attributes['implicit'],
    ]);
    expect(numbers).toEqual([
      ['0', 'yes'],
      ['1', undefined],
    ]);
  });

  it('gives a keyboard two staves, drums a percussion clef and instruments, texts their escapes', () => {
    const notes = [36, 43, 52, 64, 67, 72].map((pitch) => ({
      start: 0,
      duration: 480,
      pitch,
      velocity: 100,
    }));
    const score = createScore({
      title: 'Tom & <Jerry> "1"\u0000',
      tracks: [
        { name: 'Keys', program: 0, notes },
        { name: '', isDrum: true, notes: [{ start: 0, duration: 10, pitch: 42, velocity: 64 }] },
      ],
      texts: [
        { tick: 0, kind: 'marker', text: 'A' },
        { tick: 0, kind: 'lyric', text: 'La-' },
      ],
    });
    const xml = writeMusicXml(score);
    const root = parseXml(xml);
    expect(first(root, 'work', 'work-title')?.text).toBe('Tom & <Jerry> "1"\uFFFD');
    const [keys, drums] = all(root, 'part');
    expect(
      all(first(keys, 'measure', 'attributes'), 'clef').map((clef) => first(clef, 'sign')?.text),
    ).toEqual(['G', 'F']);
    expect(all(first(keys, 'measure'), 'note').map((note) => first(note, 'staff')?.text)).toEqual([
      '1',
      '1',
      '1',
      '1',
      '1',
      '2',
      '2',
      '2',
      '2',
      '2',
    ]);
    expect(first(keys, 'measure', 'note', 'lyric', 'text')?.text).toBe('La');
    expect(first(keys, 'measure', 'note')?.attributes['dynamics']).toBe('111.111111');
    expect(first(drums, 'measure', 'attributes', 'clef', 'sign')?.text).toBe('percussion');
    const [, drumPart] = all(first(root, 'part-list'), 'score-part');
    expect(first(drumPart, 'midi-instrument', 'midi-unpitched')?.text).toBe('43');
    expect(first(drumPart, 'midi-instrument', 'midi-channel')?.text).toBe('10');
    expect(first(drumPart, 'score-instrument', 'instrument-name')?.text).toBe('Closed hi-hat');
    expect(writeMusicXml(score)).toBe(xml);
  });

  it('writes a score without notes as one empty bar', () => {
    expect(written(createScore())).toEqual(['r bar']);
  });

  it('refuses options and lengths that it cannot write', () => {
    const refuses = (score: Score, options: Parameters<typeof writeMusicXml>[1], code: string): void =>
      expect(() => writeMusicXml(score, options)).toThrowError(expect.objectContaining({ code }));
    refuses(createScore(), { stepsPerQuarter: 0.5 }, 'argument/invalid');
    refuses(createScore(), { maxVoices: 5 }, 'argument/invalid');
    refuses(scoreOf([[1e6, 1, 60]]), {}, 'notation/limit');
  });
});

describe('notateScore', () => {
  it('is quantiseScore where nothing overlaps and durations are exact', () => {
    const score = scoreOf([
      [0.01, 0.47, 60],
      [0.52, 0.4, 62],
      [1.02, 0.98, 64],
    ]);
    const notated = notateScore(score, { stepsPerQuarter: 4, durations: 'exact' });
    expect(notated.tracks).toEqual(rescaleScore(quantiseScore(score, 4), 4).tracks);
  });

  it('closes the gap of an articulated note, not a written rest', () => {
    const score = scoreOf([
      [0, 0.95, 60],
      [1, 0.5, 62],
      [2, 1, 64],
    ]);
    const ends = notateScore(score, { stepsPerQuarter: 24 }).tracks[0]!.notes.map(
      (note) => (note.start + note.duration) / 24,
    );
    expect(ends).toEqual([1, 1.5, 3]);
  });
});

describe('findGrid', () => {
  it('finds the division that the starts lie on', () => {
    const grids = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24].map((grid) =>
      findGrid(scoreOf(Array.from({ length: grid }, (_, i) => [i / grid, 1 / grid, 60]))),
    );
    expect(grids).toEqual([1, 2, 3, 4, 5, 6, 8, 12, 16, 24]);
  });
});

/** Compares an export, read back by the test's own reader, with the notated score. */
function sameNotes(score: Score, options: Parameters<typeof writeMusicXml>[1]): void {
  const { divisions, notes, faults } = readMusicXml(writeMusicXml(score, options));
  expect(faults).toEqual([]);
  const notated = notateScore(score, options);
  expect(divisions).toBe(notated.ticksPerQuarter);
  const key = (note: { start: number; duration: number; pitch: number }): string =>
    `${note.start} ${note.duration} ${note.pitch}`;
  const expected = notated.tracks.flatMap((track) => track.notes.map(key));
  expect(notes.map(key).sort()).toEqual(expected.sort());
}
