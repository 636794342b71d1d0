import { describe, expect, it } from 'vitest';
import { createScore, type ScoreParts } from '../../score/create-score.ts';
import type { Note } from '../../score/score.ts';
import { extractSymbolicFeatures, SYMBOLIC_FEATURES } from './extract.ts';

// Every symbolic feature on a piece so small that its value follows by hand from the feature's description. The last
// test holds the table complete. Without a word on it, pieces are in 4/4 at 120 bpm and one beat is a quarter.

const TPQ = 480;

interface Case {
  readonly piece: string;
  readonly parts: ScoreParts;
  readonly values: Readonly<Record<string, number>>;
}

/** Quarters in, ticks out. */
function note(start: number, duration: number, pitch: number, velocity = 80): Note {
  return { start: Math.round(start * TPQ), duration: Math.round(duration * TPQ), pitch, velocity };
}
/** One note a beat. */
function line(...pitches: number[]): ScoreParts {
  return { tracks: [{ notes: pitches.map((pitch, i) => note(i, 1, pitch)) }] };
}
/** One chord a beat. */
function chords(...list: number[][]): ScoreParts {
  return { tracks: [{ notes: list.flatMap((chord, i) => chord.map((pitch) => note(i, 1, pitch))) }] };
}
/** Notes of C4 at [start, duration] in quarters. */
function rhythm(...places: [number, number][]): ScoreParts {
  return { tracks: [{ notes: places.map(([start, duration]) => note(start, duration, 60)) }] };
}
function mean(...values: number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
function deviation(...values: number[]): number {
  return Math.sqrt(mean(...values.map((value) => (value - mean(...values)) ** 2)));
}

/** Krumhansl & Kessler 1982, C major, in hundredths. */
const MAJOR_PROFILE = [635, 223, 348, 233, 438, 409, 252, 519, 239, 366, 229, 288]; // adds up to 4179

const PITCH: Case[] = [
  {
    piece: 'C3, C4, C4, G5',
    parts: line(48, 60, 60, 79),
    values: {
      pitchMean: 247 / 4,
      pitchDeviation: Math.sqrt(492.75 / 4), // −13.75, −1.75, −1.75, 17.25
      pitchRange: 31,
      pitchRange90: 76.15 - 49.8, // 60 + 0.85 × 19, 48 + 0.15 × 12
      pitchSkewness: 2522.625 / 4 / (492.75 / 4) ** 1.5,
      pitchEntropy: 1.5, // 1, 2, 1 of 4
      lowShare: 1 / 4,
      middleShare: 2 / 4,
      highShare: 1 / 4,
      pitchClassCount: 2,
      pitchClassEntropy: 2 - (3 / 4) * Math.log2(3), // 3, 1 of 4
      commonPitchClassShare: 3 / 4,
    },
  },
  {
    piece: 'all twelve pitch classes',
    parts: line(...Array.from({ length: 12 }, (_, i) => 60 + i)),
    values: { scaleConsistency: 7 / 12 },
  },
  {
    piece: 'each pitch class as long as its rating in C major',
    parts: {
      tracks: [
        {
          notes: MAJOR_PROFILE.map((ticks, i) => ({
            start: i * 700,
            duration: ticks,
            pitch: 60 + i,
            velocity: 80,
          })),
        },
      ],
    },
    values: {
      keyClarity: 1,
      majorness: 1 - 0.6496481389559895, // the best minor key is A minor: correlation of the two profiles by numpy
      chromaticShare: (223 + 233 + 252 + 239 + 229) / 4179,
      ...Object.fromEntries(MAJOR_PROFILE.map((ticks, degree) => [`degree${degree}`, ticks / 4179])),
    },
  },
];

const INTERVALS: Case[] = [
  {
    piece: 'moves of 0 1 2 3 5 6 7 8 12 up and 14 down',
    parts: line(60, 60, 61, 63, 66, 71, 77, 84, 92, 104, 90),
    values: {
      intervalMean: 58 / 10,
      repeatedShare: 1 / 10,
      semitoneShare: 1 / 10,
      toneShare: 1 / 10,
      thirdShare: 1 / 10,
      fourthShare: 1 / 10,
      tritoneShare: 1 / 10,
      fifthShare: 1 / 10,
      sixthSeventhShare: 1 / 10,
      octaveShare: 1 / 10,
      wideShare: 1 / 10,
      intervalEntropy: Math.log2(10),
      risingShare: 8 / 9,
      turnShare: 1 / 8,
      arcSize: (44 + 14) / 2,
      topStepShare: 2 / 10,
      topRange: 98 - 60, // between 92 and 104; between the two C4
      bigramEntropy: Math.log2(9),
    },
  },
];

const RHYTHM: Case[] = [
  {
    piece: 'onsets at beats 0, 1, 1.5, 2, 2.25 and 4 of six beats (3 s)',
    parts: rhythm([0, 1], [1, 0.5], [1.5, 0.5], [2, 0.25], [2.25, 1.75], [4, 2]),
    values: {
      tempo: Math.log2(120),
      noteRate: Math.log2(0.25 + 6 / 3),
      onsetRate: -Math.log2(4 / 5),
      gapMean: mean(-1, -2, -2, -3, Math.log2(0.875)),
      gapDeviation: deviation(0, -1, -1, -2, Math.log2(1.75)),
      gapEntropy: 0.6 * Math.log2(5) + 0.4 * Math.log2(2.5), // classes 0, −2, −2, −4, 2
      evenGapShare: 1 / 4,
      lengthMean: mean(0, -1, -1, -2, Math.log2(1.75), 1),
      lengthDeviation: deviation(0, -1, -1, -2, Math.log2(1.75), 1),
      shortShare: 1 / 6,
      halfBeatShare: 2 / 6,
      longShare: 2 / 6,
      downbeatShare: 2 / 6,
      onBeatShare: 4 / 6,
      halfGridShare: 1 / 6,
      thirdGridShare: 1 / 6, // 2.25 lies within 1/12 of a third: the tolerance takes sixteenths for thirds
      syncopation: 1 / 6, // only the note from 2.25 sounds past the next beat
      silence: 0,
    },
  },
  {
    piece: 'an onset a fifth into the beat',
    parts: rhythm([0, 0.1], [0.2, 0.1]),
    values: { quarterGridShare: 1 / 2 },
  },
  {
    piece: 'an onset halfway between two places of the grid of twelve',
    parts: rhythm([0, 1], [1 + 1 / 24, 1]),
    values: { looseness: 1 / 48 },
  },
  {
    piece: 'off-beats at 0.6 and 0.7',
    parts: rhythm([0, 0.5], [0.6, 0.4], [1, 1], [2, 0.5], [2.7, 0.3]),
    values: { swing: 0.65 },
  },
  {
    piece: 'a quarter, three quarters and the whole of a beat, each on a beat',
    parts: rhythm([0, 0.25], [1, 0.75], [2, 1]),
    values: { staccato: 1 / 2, silence: (0.75 + 0.25) / 3 }, // nothing follows the last
  },
  {
    piece: 'a bar of 3/4 and one of 4/4',
    parts: {
      ...rhythm([0, 3], [3, 4]),
      meters: [
        { tick: 0, numerator: 3, denominator: 4 },
        { tick: 3 * TPQ, numerator: 4, denominator: 4 },
      ],
    },
    values: { tripleMeter: 3 / 7, compoundMeter: 0, twoBeatBars: 0 },
  },
  {
    piece: 'a bar of 6/8 and one of 2/4',
    parts: {
      ...rhythm([0, 3], [3, 2]),
      meters: [
        { tick: 0, numerator: 6, denominator: 8 },
        { tick: 3 * TPQ, numerator: 2, denominator: 4 },
      ],
    },
    values: { tripleMeter: 3 / 5, compoundMeter: 3 / 5, twoBeatBars: 1 },
  },
  {
    piece: 'a bar of quarters and one of eighths, which differ in 4 of 16 places',
    parts: rhythm(
      ...[0, 1, 2, 3].map((beat): [number, number] => [beat, 0.5]),
      ...[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5].map((beat): [number, number] => [4 + beat, 0.5]),
    ),
    values: { grooveConsistency: 1 - 4 / 16 },
  },
];

const TEXTURE: Case[] = [
  {
    piece: 'sonorities of 1, 2, 3, 4 and 6 notes',
    parts: chords([60], [60, 64], [60, 64, 67], [60, 64, 67, 70], [48, 55, 60, 64, 67, 70]),
    values: {
      polyphony: 16 / 5,
      polyphonyDeviation: Math.sqrt(14.8 / 5),
      monophonyShare: 1 / 5,
      twoNoteShare: 1 / 5,
      threeNoteShare: 1 / 5,
      fourNoteShare: 1 / 5,
      manyNoteShare: 1 / 5,
      attackSize: 16 / 5,
      soundingSpan: (4 + 7 + 10 + 22) / 4,
      bassGap: (4 + 4 + 4 + 7) / 4,
    },
  },
  {
    piece: 'outer voices in parallel, contrary, oblique and similar motion',
    parts: chords([48, 60], [50, 62], [48, 64], [48, 65], [50, 69]),
    values: { parallelMotion: 1 / 3, contraryMotion: 1 / 3, similarMotion: 1 / 3, obliqueMotion: 1 / 4 },
  },
  {
    piece: 'a track of one note and one of three',
    parts: {
      tracks: [{ notes: [note(0, 1, 60)] }, { notes: [note(0, 1, 64), note(1, 1, 64), note(2, 1, 64)] }],
    },
    values: { trackCount: 2, trackEntropy: 2 - (3 / 4) * Math.log2(3) },
  },
];

const HARMONY: Case[] = [
  {
    piece: 'C4 with each note from C♯4 to F♯4, and with C5',
    parts: chords([60, 72], ...[1, 2, 3, 4, 5, 6].map((step) => [60, 60 + step])),
    values: {
      verticalUnison: 1 / 7,
      verticalSemitone: 1 / 7,
      verticalTone: 1 / 7,
      verticalMinorThird: 1 / 7,
      verticalMajorThird: 1 / 7,
      verticalFourth: 1 / 7,
      verticalTritone: 1 / 7,
    },
  },
  {
    piece: 'every chord there is a name for, and a cluster',
    parts: chords(
      ...[
        [64, 67, 72], // C major over E
        [60, 63, 67],
        [60, 63, 66],
        [60, 64, 68],
        [60, 64, 67, 70],
        [60, 64, 67, 71],
        [60, 63, 67, 70],
        [60, 63, 66, 69],
        [60, 63, 66, 70],
        [60, 61, 62],
      ],
    ),
    values: {
      majorTriadShare: 1 / 10,
      minorTriadShare: 1 / 10,
      diminishedTriadShare: 1 / 10,
      augmentedTriadShare: 1 / 10,
      dominantSeventhShare: 1 / 10,
      majorSeventhShare: 1 / 10,
      minorSeventhShare: 1 / 10,
      diminishedSeventhShare: 1 / 10,
      halfDiminishedShare: 1 / 10,
      otherChordShare: 1 / 10,
    },
  },
  {
    piece: 'a chord, the same again higher, and another',
    parts: chords([60, 64, 67], [72, 76, 79], [62, 65, 69]),
    values: { harmonicRhythm: 1 / 2 },
  },
  {
    piece: 'a bass that moves by 2, 5, 1, 0, 7 and 12',
    parts: line(48, 50, 55, 54, 54, 47, 59),
    values: { bassStepShare: 2 / 5, bassFifthShare: 2 / 5, bassMoveMean: 27 / 5 },
  },
];

const INSTRUMENTS: Case[] = [
  {
    piece: 'two notes of a piano, one of each other family and of the kit',
    parts: {
      tracks: [
        { program: 0, notes: [note(0, 1, 60), note(1, 1, 60)] },
        ...[25, 33, 40, 73, 56, 52, 10].map((program) => ({ program, notes: [note(0, 1, 60)] })),
        { isDrum: true, notes: [note(0, 0, 36)] },
      ],
    },
    values: {
      instrumentCount: 9,
      drumShare: 1 / 10,
      pianoShare: 2 / 10,
      guitarShare: 1 / 10,
      bassShare: 1 / 10,
      stringsShare: 1 / 10,
      windsShare: 1 / 10,
      brassShare: 1 / 10,
      voicesShare: 1 / 10,
      otherShare: 1 / 10, // a music box
    },
  },
  {
    piece: 'velocities 40, 100, 60',
    parts: { tracks: [{ notes: [note(0, 1, 60, 40), note(1, 1, 60, 100), note(2, 1, 60, 60)] }] },
    values: {
      velocityMean: 200 / 3,
      velocityDeviation: Math.sqrt((1600 + 10_000 + 3600) / 3 - (200 / 3) ** 2),
      velocityChange: (60 + 40) / 2,
      softShare: 1 / 3,
      loudShare: 1 / 3,
    },
  },
];

const KEYS = { kick: 36, snare: 38, hat: 42, ride: 51 } as const;

const DRUMS: Case[] = [
  {
    piece: 'nine keys of the kit once each, one snare softly',
    parts: {
      tracks: [
        {
          isDrum: true,
          notes: [36, 37, 38, 40, 42, 51, 49, 45, 70].map((key, i) =>
            note(i, 0.1, key, key === 38 ? 40 : 80),
          ),
        },
      ],
    },
    values: {
      'drum-kick': 1 / 9,
      'drum-snare': 3 / 9, // with the side stick
      'drum-hat': 1 / 9,
      'drum-ride': 1 / 9,
      'drum-crash': 1 / 9,
      'drum-tom': 1 / 9,
      'drum-other': 1 / 9,
      'drum-sideStick': 1 / 9,
      'drum-ghostSnare': 1 / 3,
      'drum-keyEntropy': Math.log2(9),
    },
  },
  ...Object.entries(KEYS).flatMap(([part, key]) =>
    Array.from({ length: 16 }, (_, step): Case => {
      const [after, next] = [(step + 3) % 16, (step + 1) % 16];
      return {
        piece: `a ${part} on steps ${step} and ${after} of 16, one to a bar`,
        parts: {
          tracks: [{ isDrum: true, notes: [note(step / 4, 0.1, key), note(4 + after / 4, 0.1, key)] }],
        },
        values: {
          [`drum-${part}-${step}`]: 1 / 2,
          [`drum-${part}-${after}`]: 1 / 2,
          [`drum-${part}-${next}`]: 0,
        },
      };
    }),
  ),
];

const STRUCTURE: Case[] = [
  {
    piece: 'a bar, the same a fourth higher, and one of other notes in the same rhythm',
    parts: line(60, 62, 64, 60, 65, 67, 69, 65, 60, 60, 60, 60),
    values: { barRepetition: 1 / 2, rhythmRepetition: 2 / 2 },
  },
];

const CASES = [PITCH, INTERVALS, RHYTHM, TEXTURE, HARMONY, INSTRUMENTS, DRUMS, STRUCTURE].flat();

describe('symbolic features by hand', () => {
  it.each(CASES)('$piece', ({ parts, values }) => {
    const found = extractSymbolicFeatures(createScore(parts));
    for (const [name, value] of Object.entries(values)) {
      const index = SYMBOLIC_FEATURES.findIndex((feature) => feature.name === name);
      expect(found[index], name).toBeCloseTo(value, name === 'majorness' ? 6 : 10);
    }
  });

  it('leave out no feature', () => {
    const worked = new Set(CASES.flatMap(({ values }) => Object.keys(values)));
    expect(SYMBOLIC_FEATURES.map(({ name }) => name).filter((name) => !worked.has(name))).toEqual([]);
    expect(worked.size).toBe(SYMBOLIC_FEATURES.length);
  });
});
