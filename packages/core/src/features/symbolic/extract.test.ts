import { describe, expect, it } from 'vitest';
import { createScore, type ScoreParts } from '../../score/create-score.ts';
import type { Note } from '../../score/score.ts';
import { extractSymbolicFeatures, SYMBOLIC_FEATURES } from './extract.ts';

const TPQ = 480;

/** Quarters in, ticks out. */
function note(start: number, duration: number, pitch: number, velocity = 80): Note {
  return { start: start * TPQ, duration: duration * TPQ, pitch, velocity };
}
function featuresOf(parts: ScoreParts): Record<string, number> {
  const values = extractSymbolicFeatures(createScore(parts));
  return Object.fromEntries(SYMBOLIC_FEATURES.map(({ name }, i) => [name, values[i]!]));
}
const melody = (pitches: number[], length = 1): ScoreParts => ({
  tracks: [{ notes: pitches.map((pitch, i) => note(i * length, length, pitch)) }],
});

describe('the table of symbolic features', () => {
  it('has at least 60 entries with unique names, a unit, a description and a source each', () => {
    expect(SYMBOLIC_FEATURES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(SYMBOLIC_FEATURES.map(({ name }) => name)).size).toBe(SYMBOLIC_FEATURES.length);
    for (const { name, unit, description, source } of SYMBOLIC_FEATURES) {
      expect(name).toMatch(/^[a-zA-Z][\w-]*$/);
      for (const text of [unit, description, source]) expect(text.trim()).not.toBe('');
    }
  });
});

describe('pitch', () => {
  it('measures a C major triad in quarters by hand', () => {
    const f = featuresOf(melody([60, 64, 67]));
    expect(f.pitchMean).toBeCloseTo(191 / 3, 12);
    expect(f.pitchDeviation).toBeCloseTo(Math.sqrt((60 ** 2 + 64 ** 2 + 67 ** 2) / 3 - (191 / 3) ** 2), 9);
    expect(f.pitchRange).toBe(7);
    expect(f.pitchClassCount).toBe(3);
    expect(f.pitchClassEntropy).toBeCloseTo(Math.log2(3), 12);
    expect(f.commonPitchClassShare).toBeCloseTo(1 / 3, 12);
    expect(f.scaleConsistency).toBe(1);
    expect([f.lowShare, f.middleShare, f.highShare]).toEqual([0, 1, 0]);
  });
  it('finds the share of a scale that a chromatic scale fills: 7 of 12', () => {
    expect(featuresOf(melody(Array.from({ length: 12 }, (_, i) => 60 + i))).scaleConsistency).toBeCloseTo(
      7 / 12,
      12,
    );
  });
  it('turns the degrees to the tonic: transposing changes no degree', () => {
    const scale = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60];
    const low = featuresOf(melody(scale));
    const high = featuresOf(melody(scale.map((p) => p + 5)));
    for (let d = 0; d < 12; d++) expect(high[`degree${d}`]).toBeCloseTo(low[`degree${d}`]!, 12);
    expect(low.degree0).toBeCloseTo(3 / 11, 12); // C, C', C of 11 quarters
  });
});

describe('intervals', () => {
  it('are counted along the line by size', () => {
    const f = featuresOf(melody([60, 60, 61, 63, 67, 55, 69])); // 0 +1 +2 +4 −12 +14
    expect(f.repeatedShare).toBeCloseTo(1 / 6, 12);
    expect(f.semitoneShare).toBeCloseTo(1 / 6, 12);
    expect(f.toneShare).toBeCloseTo(1 / 6, 12);
    expect(f.thirdShare).toBeCloseTo(1 / 6, 12);
    expect(f.octaveShare).toBeCloseTo(1 / 6, 12);
    expect(f.wideShare).toBeCloseTo(1 / 6, 12);
    expect(f.intervalMean).toBeCloseTo(33 / 6, 12);
    expect(f.risingShare).toBeCloseTo(4 / 5, 12);
    expect(f.turnShare).toBeCloseTo(2 / 4, 12); // + + + − +
    expect(f.arcSize).toBeCloseTo((7 + 12 + 14) / 3, 12);
  });
  it('follow the highest note of chords', () => {
    const f = featuresOf({
      tracks: [{ notes: [note(0, 1, 48), note(0, 1, 60), note(1, 1, 50), note(1, 1, 62)] }],
    });
    expect(f.toneShare).toBe(1);
  });
});

describe('rhythm', () => {
  it('places eighths on beats and half beats', () => {
    const f = featuresOf(melody([60, 62, 64, 65, 67, 65, 64, 62], 0.5));
    expect(f.onBeatShare).toBe(0.5);
    expect(f.halfGridShare).toBe(0.5);
    expect(f.quarterGridShare).toBe(0);
    expect(f.downbeatShare).toBe(1 / 8); // one bar of 4/4
    expect(f.gapDeviation).toBeCloseTo(0, 12);
    expect(f.evenGapShare).toBe(1);
    expect(f.onsetRate).toBeCloseTo(1, 12); // two onsets a beat
    expect(f.swing).toBe(0.5);
    expect(f.looseness).toBeCloseTo(0, 12);
  });
  it('tells triplets and swing', () => {
    const notes = [0, 2 / 3, 1, 5 / 3, 2, 8 / 3].map((start) => note(start, 1 / 6, 60));
    const f = featuresOf({ tracks: [{ notes }] });
    expect(f.thirdGridShare).toBe(0.5);
    expect(f.swing).toBeCloseTo(2 / 3, 12);
  });
  it('uses dotted beats in 6/8', () => {
    const notes = [0, 0.5, 1, 1.5, 2, 2.5].map((start) => note(start, 0.5, 60));
    const f = featuresOf({ tracks: [{ notes }], meters: [{ tick: 0, numerator: 6, denominator: 8 }] });
    expect([f.tripleMeter, f.compoundMeter, f.twoBeatBars]).toEqual([1, 1, 1]);
    expect(f.onBeatShare).toBeCloseTo(2 / 6, 12);
    expect(f.thirdGridShare).toBeCloseTo(4 / 6, 12);
  });
  it('counts a note as syncopated when it starts off the beat and sounds past the next', () => {
    const f = featuresOf({
      tracks: [{ notes: [note(0, 0.5, 60), note(0.5, 1, 62), note(1.5, 0.5, 64), note(2, 2, 65)] }],
    });
    expect(f.syncopation).toBe(1 / 4);
  });
  it('measures tempo, staccato and silence', () => {
    const notes = [note(0, 0.25, 60), note(1, 0.75, 62), note(2, 1, 64)];
    const f = featuresOf({ tracks: [{ notes }], tempos: [{ tick: 0, bpm: 64 }] });
    expect(f.tempo).toBe(6);
    expect(f.staccato).toBe(1 / 2); // the last note has nothing after it
    expect(f.silence).toBeCloseTo((0.75 + 0.25) / 3, 12);
  });
  it('gives equal bars a groove consistency of 1, and 1 − 4/16 where 4 of 16 places differ', () => {
    const bar = (at: number): Note[] => [0, 1, 2, 3].map((beat) => note(at + beat, 0.5, 60));
    expect(featuresOf({ tracks: [{ notes: [...bar(0), ...bar(4)] }] }).grooveConsistency).toBe(1);
    const other = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5].map((beat) => note(4 + beat, 0.5, 60));
    expect(featuresOf({ tracks: [{ notes: [...bar(0), ...other] }] }).grooveConsistency).toBe(1 - 4 / 16);
  });
});

describe('texture and harmony', () => {
  const chords = (list: number[][]): ScoreParts => ({
    tracks: [{ notes: list.flatMap((chord, i) => chord.map((pitch) => note(i, 1, pitch))) }],
  });

  it('names chords in any inversion', () => {
    const f = featuresOf(
      chords([
        [60, 64, 67],
        [64, 67, 72],
        [57, 60, 64],
        [59, 62, 65, 67],
        [60, 61, 62],
      ]),
    );
    expect(f.majorTriadShare).toBe(2 / 5);
    expect(f.minorTriadShare).toBe(1 / 5);
    expect(f.dominantSeventhShare).toBe(1 / 5); // B D F G
    expect(f.otherChordShare).toBe(1 / 5);
    expect(f.harmonicRhythm).toBe(3 / 4);
    expect(f.polyphony).toBe(16 / 5);
  });
  it('counts vertical interval classes', () => {
    const f = featuresOf(chords([[60, 67, 72]])); // fifth, fourth, octave
    expect([f.verticalFourth, f.verticalUnison, f.verticalTritone]).toEqual([2 / 3, 1 / 3, 0]);
  });
  it('tells the motions of the outer voices', () => {
    const f = featuresOf(
      chords([
        [48, 60],
        [50, 62],
        [48, 64],
        [48, 65],
        [50, 69],
      ]),
    ); // parallel, contrary, oblique, similar
    expect([f.parallelMotion, f.contraryMotion, f.similarMotion]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(f.obliqueMotion).toBe(1 / 4);
    expect(f.soundingSpan).toBe((12 + 12 + 16 + 17 + 19) / 5);
  });
});

describe('instruments, dynamics, drums and structure', () => {
  it('share out the notes by family', () => {
    const f = featuresOf({
      tracks: [
        { program: 40, notes: [note(0, 1, 60)] },
        { program: 0, notes: [note(0, 1, 60), note(1, 1, 62)] },
        { isDrum: true, notes: [note(0, 0, 36)] },
      ],
    });
    expect([f.stringsShare, f.pianoShare, f.drumShare, f.instrumentCount, f.trackCount]).toEqual([
      0.25, 0.5, 0.25, 3, 3,
    ]);
  });
  it('measure velocity', () => {
    const f = featuresOf({ tracks: [{ notes: [note(0, 1, 60, 40), note(1, 1, 60, 100)] }] });
    expect([f.velocityMean, f.velocityDeviation, f.velocityChange, f.softShare, f.loudShare]).toEqual([
      70, 30, 60, 0.5, 0.5,
    ]);
  });
  it('place a rock beat in sixteen steps', () => {
    const beat = (at: number): Note[] => [
      note(at, 0, 36),
      note(at + 2, 0, 36),
      note(at + 1, 0, 38),
      note(at + 3, 0, 38),
    ];
    const f = featuresOf({ tracks: [{ isDrum: true, notes: [...beat(0), ...beat(4)] }] });
    expect([f['drum-kick'], f['drum-snare'], f['drum-hat']]).toEqual([0.5, 0.5, 0]);
    expect([f['drum-kick-0'], f['drum-kick-8'], f['drum-snare-4'], f['drum-snare-12']]).toEqual([
      0.5, 0.5, 0.5, 0.5,
    ]);
    expect(f.barRepetition).toBe(1);
  });
  it('hear a transposed bar as a repetition', () => {
    const f = featuresOf(melody([60, 62, 64, 60, 65, 67, 69, 65, 60, 60, 60, 60]));
    expect(f.barRepetition).toBe(1 / 2);
    expect(f.rhythmRepetition).toBe(1);
  });
});

describe('edge cases', () => {
  const cases: Record<string, ScoreParts> = {
    'no track': {},
    'one note': { tracks: [{ notes: [note(0, 1, 60)] }] },
    'one note of no length': { tracks: [{ notes: [note(3, 0, 127, 1)] }] },
    'drums only': { tracks: [{ isDrum: true, notes: [note(0, 0, 36), note(1, 0, 38)] }] },
    'all twelve pitch classes': melody(Array.from({ length: 12 }, (_, i) => 60 + i)),
    'a cluster of 128 notes': {
      tracks: [{ notes: Array.from({ length: 128 }, (_, pitch) => note(0, 1, pitch)) }],
    },
  };
  it.each(Object.entries(cases))('%s gives finite values', (_, parts) => {
    for (const [name, value] of Object.entries(featuresOf(parts)))
      expect(Number.isFinite(value), name).toBe(true);
  });
  it('shares are shares', () => {
    for (const parts of Object.values(cases)) {
      const values = extractSymbolicFeatures(createScore(parts));
      SYMBOLIC_FEATURES.forEach(({ name, unit }, i) => {
        if (unit === 'share')
          expect(values[i]! >= 0 && values[i]! <= 1 + 1e-12, `${name} ${values[i]}`).toBe(true);
      });
    }
  });
});
