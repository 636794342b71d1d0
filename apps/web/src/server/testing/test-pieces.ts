import type { Score } from '@attune/core';
import { createRng, createScore } from '@attune/core';
import { STYLES } from '@attune/core/style';

const SCALES = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10] } as const;
const PROGRAMS = [0, 24, 40, 48, 56, 71, 73, 6] as const;
const TICKS = 480;

export interface TestPiece {
  readonly key: string;
  readonly score: Score;
  readonly style: (typeof STYLES)[number];
  readonly seed: number;
}

/** Plain melodies over broken chords, to have something to rate and play in tests; no music anyone should hear. */
export function createTestPieces(count: number): TestPiece[] {
  return Array.from({ length: count }, (_, seed) => {
    const style = STYLES[seed % STYLES.length]!;
    return { key: `test-${seed}`, score: createTestScore(seed), style, seed };
  });
}

export function createTestScore(seed: number, bars = 8): Score {
  const rng = createRng(seed).fork('test piece');
  const mode = rng.integer(2) === 0 ? 'major' : 'minor';
  const tonic = rng.integer(12);
  const pitch = (degree: number, octave: number): number =>
    12 * octave + tonic + SCALES[mode][((degree % 7) + 7) % 7]! + 12 * Math.floor(degree / 7);
  const melody = [];
  const bass = [];
  let degree = 0;
  for (let beat = 0; beat < bars * 4; beat++) {
    degree = Math.max(-3, Math.min(9, degree + rng.integer(5) - 2));
    const start = beat * TICKS;
    melody.push({ start, duration: TICKS - 20, pitch: pitch(degree, 5), velocity: 70 + rng.integer(30) });
    const root = [0, 3, 4, 0][Math.floor(beat / 4) % 4]!;
    bass.push({ start, duration: TICKS - 20, pitch: pitch(root + 2 * (beat % 3), 3), velocity: 60 });
  }
  return createScore({
    title: `Test ${seed}`,
    ticksPerQuarter: TICKS,
    tempos: [{ tick: 0, bpm: 60 + rng.integer(100) }],
    meters: [{ tick: 0, numerator: 4, denominator: 4 }],
    tracks: [
      { name: 'Melody', program: PROGRAMS[rng.integer(PROGRAMS.length)]!, notes: melody },
      { name: 'Chords', program: PROGRAMS[rng.integer(PROGRAMS.length)]!, notes: bass },
    ],
  });
}
