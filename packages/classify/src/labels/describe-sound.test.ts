import { createRng } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { describe, expect, it } from 'vitest';
import type { AudioClassifier } from '../classify-audio.ts';
import { describeSound } from './describe-sound.ts';
import { keyOfSound, tempoOfSound } from './sound-key.ts';

const RATE = 22_050;

/** Tones with two overtones that fade, one after the other; pitches of MIDI, `cents` off. */
function tones(pitches: readonly number[], seconds: number, cents = 0): AudioClip {
  const each = Math.round(seconds * RATE);
  const samples = new Float32Array(each * pitches.length);
  pitches.forEach((pitch, i) => {
    const hertz = 440 * 2 ** ((pitch - 69 + cents / 100) / 12);
    for (let n = 0; n < each; n++) {
      const turn = (2 * Math.PI * hertz * n) / RATE;
      const wave = Math.sin(turn) + 0.5 * Math.sin(2 * turn) + 0.25 * Math.sin(3 * turn);
      samples[i * each + n] = 0.2 * wave * Math.exp((-4 * n) / each);
    }
  });
  return { sampleRate: RATE, channels: [samples] };
}
/** Scale up and down with cadence: I, then degrees; semitones above the tonic. */
const MAJOR = [0, 4, 7, 12, 0, 2, 4, 5, 7, 9, 11, 12, 5, 9, 0, 7, 11, 2, 0, 4, 7, 0];
const MINOR = [0, 3, 7, 12, 0, 2, 3, 5, 7, 8, 11, 12, 5, 8, 0, 7, 11, 2, 0, 3, 7, 0];
const noise = (): AudioClip => {
  const rng = createRng(4);
  return { sampleRate: RATE, channels: [Float32Array.from({ length: 5 * RATE }, () => 0.1 * rng.normal())] };
};

describe('the key of a sound', () => {
  it.each([0, 2, 5, 6, 9, 11])('is that of the scale and chords that are played, on %i', (tonic) => {
    for (const [mode, degrees] of [
      ['major', MAJOR],
      ['minor', MINOR],
    ] as const) {
      const key = keyOfSound(
        tones(
          degrees.map((degree) => 57 + ((tonic + 3) % 12) + degree),
          0.3,
        ),
      );
      expect(key).toMatchObject({ tonic, mode });
      expect(key!.confidence).toBeGreaterThan(0.3);
      expect(key!.confidence).toBeLessThan(1);
    }
  });
  it('does not hang on the tuning', () => {
    const played = MAJOR.map((degree) => 62 + degree);
    expect(keyOfSound(tones(played, 0.3, 40))).toMatchObject({ name: 'D major' });
    expect(keyOfSound(tones(played, 0.3, -35))).toMatchObject({ name: 'D major' });
  });
  it('is none of silence and of noise', () => {
    expect(keyOfSound({ sampleRate: RATE, channels: [new Float32Array(RATE)] })).toBeUndefined();
    expect(keyOfSound(noise())).toBeUndefined();
    expect(() => keyOfSound({ sampleRate: RATE, channels: [new Float32Array(0)] })).toThrow(/empty clip/);
  });
});

describe('the tempo of a sound', () => {
  it('is that of its clicks', () => {
    for (const bpm of [80, 100, 132]) {
      const period = Math.round((60 * RATE) / bpm);
      const samples = Float32Array.from({ length: 12 * RATE }, (_, n) =>
        n % period < 200 ? 0.8 * Math.sin(n) * Math.exp(-(n % period) / 40) : 0,
      );
      const tempo = tempoOfSound({ sampleRate: RATE, channels: [samples] });
      expect(tempo!.bpm).toBeGreaterThan(bpm * 0.98);
      expect(tempo!.bpm).toBeLessThan(bpm * 1.02);
      expect(tempo!.confidence).toBeGreaterThan(0.5);
    }
  });
  it('is none of silence', () => {
    expect(tempoOfSound({ sampleRate: RATE, channels: [new Float32Array(5 * RATE)] })).toBeUndefined();
  });
});

describe('a sound in words', () => {
  const probabilities = [
    { label: 'jazz-standard', probability: 0.5 },
    { label: 'pop', probability: 0.4 },
    { label: 'folk', probability: 0.1 },
  ];
  const style: AudioClassifier = {
    model: 'fixed',
    labels: probabilities.map(({ label }) => label),
    classifyAudio: () => ({
      label: null,
      confidence: 0.5,
      probabilities,
      model: 'fixed',
      unsure: 'low-confidence',
    }),
  };
  const found = describeSound(
    tones(
      MAJOR.map((degree) => 60 + degree),
      0.3,
    ),
    { style },
  );

  it('has the broad style where the fine one is unsure', () => {
    expect(found.style.label).toBeNull();
    expect(found.broadStyle!.label).toBe('popular music'); // jazz standards and pop stand below it
    expect(found.broadStyle!.probability).toBeCloseTo(0.9, 12);
  });
  it('has the moods and dimensions that sound tells, with what that is worth', () => {
    expect(Object.keys(found.mood).sort()).toEqual(['energy', 'tension']);
    for (const { quantile } of Object.values(found.mood)) {
      expect(quantile).toBeGreaterThanOrEqual(0);
      expect(quantile).toBeLessThanOrEqual(1);
    }
    const names = found.dimensions.map(({ name }) => name);
    expect(names).toContain('pitchMean');
    expect(names).not.toContain('tempo');
    for (const { value, r2 } of found.dimensions) {
      expect(Number.isFinite(value)).toBe(true);
      expect(r2).toBeGreaterThan(0.5);
    }
  });
  it('has the key that is played', () => {
    expect(found.key).toMatchObject({ name: 'C major' });
  });
});
