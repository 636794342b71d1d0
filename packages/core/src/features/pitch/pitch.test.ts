import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { segmentNotes, trackPitch, transcribeMelody } from './index.ts';

const RATE = 16_000;

/** Five harmonics over a phase that follows `hertz` of time; `gain` of time. */
function voice(
  seconds: number,
  hertz: (t: number) => number,
  gain: (t: number) => number = () => 1,
  rate = RATE,
): Float32Array {
  let phase = 0;
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => {
    phase += (2 * Math.PI * hertz(i / rate)) / rate;
    let value = 0;
    for (let h = 1; h <= 5; h++) value += Math.sin(h * phase) / h ** 1.5;
    return 0.2 * gain(i / rate) * value;
  });
}
function cents(found: number, truth: number): number {
  return Math.abs(1200 * Math.log2(found / truth));
}
const clip = (samples: Float32Array, sampleRate = RATE) => ({ sampleRate, channels: [samples] });
const midiHertz = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** Notes of [pitch, seconds] joined by glides of 60 ms, with vibrato of `depth` semitones at 5.5 Hz and noise. */
function hum(
  notes: readonly (readonly [number, number])[],
  depth: number,
  noise: number,
  seed = 1,
): Float32Array {
  const rng = createRng(seed);
  const starts = notes.reduce<number[]>((all, [, d]) => [...all, all.at(-1)! + d], [0]);
  const pitchAt = (t: number): number => {
    const i = Math.max(
      0,
      starts.findLastIndex((start, at) => start <= t && at < notes.length),
    );
    const into = (t - starts[i]!) / 0.06;
    const from = notes[Math.max(0, i - 1)]![0];
    const glide = into < 1 ? from + (notes[i]![0] - from) * into : notes[i]![0];
    return glide + depth * Math.sin(2 * Math.PI * 5.5 * t);
  };
  const gainAt = (t: number): number => {
    const i = Math.max(
      0,
      starts.findLastIndex((start, at) => start <= t && at < notes.length),
    );
    return Math.min(1, 0.1 + (t - starts[i]!) / 0.05, 0.1 + (starts[i + 1]! - t) / 0.05);
  };
  return voice(starts.at(-1)!, (t) => midiHertz(pitchAt(t)), gainAt).map((x) => x + noise * rng.normal());
}

describe('trackPitch', () => {
  it.each([70, 110, 220.5, 440, 987])('hears %f Hz within 5 cents', (hertz) => {
    const { frequency } = trackPitch(
      voice(0.3, () => hertz),
      RATE,
    );
    const inside = [...frequency].slice(8, -8);
    for (const found of inside) expect(cents(found, hertz)).toBeLessThan(5);
  });

  it('hears a missing fundamental', () => {
    const samples = Float32Array.from({ length: 4000 }, (_, i) =>
      [2, 3, 4].reduce((sum, h) => sum + 0.2 * Math.sin((2 * Math.PI * h * 200 * i) / RATE), 0),
    );
    expect(cents(trackPitch(samples, RATE).frequency[12]!, 200)).toBeLessThan(5);
  });

  it('follows a glide of an octave a second within 20 cents', () => {
    const { frequency, hop } = trackPitch(
      voice(1, (t) => 200 * 2 ** t),
      RATE,
    );
    for (let i = 10; i < 90; i++) expect(cents(frequency[i]!, 200 * 2 ** (i * hop))).toBeLessThan(20);
  });

  it('hears no pitch in silence and hardly any in noise', () => {
    const rng = createRng(3);
    expect(trackPitch(new Float32Array(2000), RATE).frequency.every(Number.isNaN)).toBe(true);
    const noise = trackPitch(
      Float32Array.from({ length: RATE }, () => 0.1 * rng.normal()),
      RATE,
    ).frequency;
    expect(noise.filter((hertz) => !Number.isNaN(hertz)).length).toBeLessThan(5);
    expect(trackPitch(new Float32Array(0), RATE).frequency.length).toBe(0);
  });

  it('refuses what makes no sense', () => {
    const samples = new Float32Array(10);
    expect(() => trackPitch(Float32Array.of(0, NaN), RATE)).toThrowError(/Sample 1 is NaN/);
    expect(() => trackPitch(samples, 0)).toThrowError(/sample rate/);
    expect(() => trackPitch(samples, RATE, { lowest: 500, highest: 400 })).toThrowError(
      /lowest under highest/,
    );
    expect(() => trackPitch(samples, RATE, { hop: 0 })).toThrowError(/hop/);
    expect(() => trackPitch(samples, RATE, { threshold: NaN })).toThrowError(/threshold/);
  });
});

describe('transcribeMelody', () => {
  const tune = [
    [60, 0.4],
    [62, 0.3],
    [64, 0.3],
    [64, 0.3],
    [67, 0.5],
    [65, 0.2],
    [64, 0.25],
    [60, 0.6],
  ] as const;

  it.each([
    ['a plain hum', 0, 0, 0],
    ['vibrato of 0.4 semitones', 0.4, 0, 0],
    ['noise at 20 dB under it', 0, 0.012, 0],
    ['vibrato, noise and a voice 0.4 semitones high', 0.3, 0.012, 0.4],
  ])('finds the notes of %s', (_, depth, noise, detune) => {
    const notes = transcribeMelody(
      clip(
        hum(
          tune.map(([p, d]) => [p + detune, d] as const),
          depth,
          noise,
        ),
      ),
    );
    expect(notes.map(({ pitch }) => Math.round(pitch - detune))).toEqual(tune.map(([pitch]) => pitch));
    let start = 0;
    notes.forEach((note, i) => {
      expect(Math.abs(note.start - start)).toBeLessThan(0.1); // a glide takes 0.06 s
      start += tune[i]![1];
    });
  });

  it('hears the same at 44,100 Hz', () => {
    const notes = transcribeMelody(
      clip(
        voice(
          0.5,
          () => 440,
          () => 1,
          44_100,
        ),
        44_100,
      ),
    );
    expect(notes.map(({ pitch }) => Math.round(10 * pitch))).toEqual([690]);
  });

  it('hears nothing in silence, in noise and in nothing', () => {
    const rng = createRng(5);
    for (const samples of [
      new Float32Array(8000),
      Float32Array.from({ length: 8000 }, () => 0.1 * rng.normal()),
      new Float32Array(0),
    ]) {
      expect(segmentNotes(trackPitch(samples, RATE))).toEqual([]);
    }
  });
});
