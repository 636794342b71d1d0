import { createRng, createScore, type Note } from '@attune/core';
import { STYLES } from '@attune/core/style';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  loadDrumClassifier,
  loadShippedClassifiers,
  SHIPPED_AUDIO,
  SHIPPED_DRUMS,
  SHIPPED_SYMBOLIC,
  shippedFolder,
  readModelFolder,
} from './shipped.ts';

const { classifyScore, classifyAudio, scoreLabels, audioLabels } = await loadShippedClassifiers();
const TPQ = 480;

/** An eight-bar jig in D: one line of eighths in 6/8, as the printed collections have them. */
function jig(): ReturnType<typeof createScore> {
  const tune = [
    74, 69, 66, 69, 66, 62, 64, 66, 67, 69, 71, 73, 74, 69, 66, 69, 66, 62, 64, 66, 64, 64, 66, 69,
  ];
  const pitches = [...tune, ...tune];
  const notes = pitches.map((pitch, i): Note => ({
    start: (i * TPQ) / 2,
    duration: TPQ / 2,
    pitch,
    velocity: 80,
  }));
  return createScore({
    tracks: [{ program: 0, notes }],
    meters: [{ tick: 0, numerator: 6, denominator: 8 }],
    tempos: [{ tick: 0, bpm: 180 }],
  });
}

/** Kick on one and three, snare on two and four, closed hats in eighths. */
function rockBeat(): ReturnType<typeof createScore> {
  const rng = createRng(1);
  const notes = Array.from({ length: 64 }, (_, i): Note[] => {
    const start = (i * TPQ) / 2 + rng.integer(12);
    const hit = (pitch: number, velocity: number): Note => ({
      start,
      duration: 48,
      pitch,
      velocity: velocity - rng.integer(15),
    });
    return [hit(42, 70), ...(i % 4 === 0 ? [hit(36, 90)] : []), ...(i % 4 === 2 ? [hit(38, 115)] : [])];
  }).flat();
  return createScore({ tracks: [{ isDrum: true, notes }], tempos: [{ tick: 0, bpm: 115 }] });
}

function clip(length: number, wave: (n: number) => number): { sampleRate: number; channels: Float32Array[] } {
  return {
    sampleRate: 22_050,
    channels: [Float32Array.from({ length: Math.round(22_050 * length) }, (_, n) => wave(n))],
  };
}

describe('the shipped classifier of scores', () => {
  it('knows the styles that Attune composes in', () => {
    expect(scoreLabels).toEqual(STYLES);
  });
  it('knows a jig and a rock beat', () => {
    expect(classifyScore(jig()).probabilities[0]!.label).toBe('folk');
    expect(classifyScore(rockBeat()).probabilities[0]!.label).toBe('drums-rock');
  });
  it('gives the same answer each time, with probabilities that sum to 1', () => {
    const answer = classifyScore(jig());
    expect(classifyScore(jig())).toEqual(answer);
    expect(answer.probabilities.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
  });
  it('refuses a score without notes', () => {
    expect(() => classifyScore(createScore())).toThrow(/without notes/);
  });
  it('is unsure of notes thrown at random', () => {
    const rng = createRng(5);
    const notes = Array.from({ length: 400 }, (): Note => ({
      start: rng.integer(40 * TPQ),
      duration: 1 + rng.integer(3 * TPQ),
      pitch: rng.integer(128),
      velocity: 1 + rng.integer(127),
    }));
    expect(classifyScore(createScore({ tracks: [{ program: 90, notes }] })).label).toBeNull();
  });
});

describe('the shipped classifier of audio', () => {
  const rng = createRng(2);
  const strange: Record<string, ReturnType<typeof clip>> = {
    silence: clip(10, () => 0),
    'a sine of 440 Hz': clip(10, (n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / 22_050)),
    'white noise': clip(10, () => 0.2 * rng.normal()),
    'noise in bursts of four a second, as of speech': clip(
      10,
      (n) => 0.2 * rng.normal() * Math.max(0, Math.sin((2 * Math.PI * 4 * n) / 22_050)),
    ),
    'one click': clip(1, (n) => (n === 5000 ? 1 : 0)),
  };
  it.each(Object.entries(strange))('is unsure of %s', (_, sound) => {
    expect(classifyAudio(sound).label).toBeNull();
  });
  it('gives probabilities of its labels for any length', () => {
    for (const seconds of [0.05, 3, 40]) {
      const { probabilities } = classifyAudio(clip(seconds, () => 0.1 * rng.normal()));
      expect(probabilities.map(({ label }) => label).sort()).toEqual([...audioLabels].sort());
    }
  });
});

describe('the shipped classifier of drum styles', () => {
  const drums = loadDrumClassifier();
  /** Ride in swung eighths with the hat foot on two and four, feathered kick; as drum methods have it. */
  const swing = (): ReturnType<typeof createScore> => {
    const rng = createRng(3);
    const notes = Array.from({ length: 64 }, (_, beat): Note[] => {
      const hit = (quarter: number, pitch: number, velocity: number): Note => ({
        start: Math.round((beat + quarter) * TPQ),
        duration: 40,
        pitch,
        velocity: velocity - rng.integer(12),
      });
      const offbeat = beat % 2 === 1 ? [hit(0, 44, 60), hit(2 / 3, 51, 62)] : [];
      return [hit(0, 51, 80), hit(0, 36, 30), ...offbeat, ...(beat % 8 === 5 ? [hit(2 / 3, 38, 35)] : [])];
    }).flat();
    return createScore({ tracks: [{ isDrum: true, notes }], tempos: [{ tick: 0, bpm: 160 }] });
  };

  it('knows a rock beat and a swung ride, whatever else plays', () => {
    expect(drums.labels).toHaveLength(18);
    expect(drums.classifyScore(rockBeat()).probabilities[0]!.label).toBe('rock');
    const jazz = drums.classifyScore(swing());
    expect(jazz.probabilities[0]!.label).toBe('jazz');
    const band = createScore({ ...swing(), tracks: [...swing().tracks, ...jig().tracks] });
    expect(drums.classifyScore(band)).toEqual(jazz);
  });
  it('is unsure of all drums at once, and refuses a score without drums', () => {
    const notes = Array.from({ length: 47 * 16 }, (_, i): Note => ({
      start: Math.floor(i / 47) * TPQ,
      duration: 20,
      pitch: 35 + (i % 47),
      velocity: 100,
    }));
    expect(drums.classifyScore(createScore({ tracks: [{ isDrum: true, notes }] })).label).toBeNull();
    expect(() => drums.classifyScore(jig())).toThrow(/no drum style/);
  });
  it('is no larger than a megabyte and a half', () => {
    const folder = shippedFolder(SHIPPED_DRUMS);
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(`${folder}/${name}`).size, 0);
    expect(bytes).toBeLessThan(1.5e6);
  });
});

describe('the shipped folders', () => {
  it.each([SHIPPED_SYMBOLIC, SHIPPED_AUDIO, SHIPPED_DRUMS])(
    '%s has a model card and reads as a model of its name',
    (name) => {
      expect(readModelFolder(shippedFolder(name)).name).toBe(name);
      expect(existsSync(`${shippedFolder(name)}/MODEL_CARD.md`)).toBe(true);
    },
  );
});
