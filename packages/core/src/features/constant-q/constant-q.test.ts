import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { cqtChroma } from './constant-q-chroma.ts';
import { type ConstantQSpectrogram, createConstantQ, cqt } from './constant-q.ts';
import { estimateTuning } from './tuning.ts';

const RATE = 22_050;
const REFUSED = expect.objectContaining({ code: 'feature/invalid' }) as Error;

function tones(frequencies: readonly number[], seconds = 1, amplitude = 0.5): Float32Array {
  return Float32Array.from({ length: Math.round(RATE * seconds) }, (_, n) =>
    frequencies.reduce((sum, f, i) => sum + amplitude * Math.sin((2 * Math.PI * f * n) / RATE + i), 0),
  );
}

function hertzOf(pitch: number, tuning = 440): number {
  return tuning * 2 ** ((pitch - 69) / 12);
}

/** [bins]: magnitudes in the middle of the signal. */
function middleOf({ frames, bins, re, im }: ConstantQSpectrogram): number[] {
  const row = Math.floor(frames / 2) * bins;
  return Array.from({ length: bins }, (_, k) => Math.hypot(re[row + k]!, im[row + k]!));
}

function indexOfLargest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

describe('cqt', () => {
  const plan = createConstantQ({ sampleRate: RATE, hopSize: 4096 });

  it('puts a tone at each of the 84 semitones into its bin, with its amplitude', () => {
    for (let pitch = 24; pitch < 108; pitch++) {
      const magnitudes = middleOf(plan.analyse(tones([hertzOf(pitch)], 0.75)));
      expect(indexOfLargest(magnitudes)).toBe(pitch - 24);
      expect(magnitudes[pitch - 24]).toBeCloseTo(0.5, 2);
      // one bin off is one bin of the window's own transform off: half of it, by Hann's closed form
      if (pitch > 24) expect(magnitudes[pitch - 25]! / 0.5).toBeGreaterThan(0.4);
      expect(magnitudes[(pitch - 24 + 42) % 84]).toBeLessThan(0.002);
    }
  });

  it.each([24, 36])('tells quarter and sixth tones apart at %i bins an octave', (binsPerOctave) => {
    const fine = createConstantQ({
      sampleRate: RATE,
      binsPerOctave,
      lowestPitch: 48,
      octaves: 4,
      hopSize: 2048,
    });
    for (const k of [0, 1, 2, 3, 17, binsPerOctave + 5, 4 * binsPerOctave - 1]) {
      const magnitudes = middleOf(fine.analyse(tones([hertzOf(48) * 2 ** (k / binsPerOctave)])));
      expect(indexOfLargest(magnitudes)).toBe(k);
      expect(magnitudes[k]).toBeCloseTo(0.5, 2);
    }
  });

  it('equals the sum that defines it', () => {
    const rng = createRng(2);
    const noise = Float32Array.from({ length: 3000 }, () => rng.normal());
    const { frames, bins, frequencies, re, im } = cqt(noise, {
      sampleRate: RATE,
      lowestPitch: 60,
      octaves: 3,
      hopSize: 700,
    });
    expect([frames, bins]).toEqual([5, 36]);
    const q = 1 / (2 ** (1 / 12) - 1);
    for (const k of [0, 11, 35]) {
      const length = (q * RATE) / frequencies[k]!;
      let [real, imaginary, weight] = [0, 0, 0];
      for (let n = -Math.floor(length / 2); n <= length / 2; n++) {
        const w = 0.5 + 0.5 * Math.cos((2 * Math.PI * n) / length);
        const x = noise[2 * 700 + n] ?? 0;
        real += x * w * Math.cos((2 * Math.PI * frequencies[k]! * n) / RATE);
        imaginary -= x * w * Math.sin((2 * Math.PI * frequencies[k]! * n) / RATE);
        weight += w / 2;
      }
      // noise has energy in the lobes that are cut off: a thousandth of its spread is allowed
      expect(re[2 * bins + k]).toBeCloseTo(real / weight, 2);
      expect(im[2 * bins + k]).toBeCloseTo(imaginary / weight, 2);
      expect(
        Math.hypot(re[2 * bins + k]! - real / weight, im[2 * bins + k]! - imaginary / weight),
      ).toBeLessThan(0.002);
    }
  });

  it('is the same for each call of one plan, and 0 for silence', () => {
    const first = plan.analyse(tones([440]));
    plan.analyse(tones([100]));
    expect(plan.analyse(tones([440]))).toEqual(first);
    expect(plan.analyse(new Float32Array(100)).re.every((x) => x === 0)).toBe(true);
  });

  it.each([
    { binsPerOctave: 13 },
    { octaves: 9 },
    { octaves: 1.5 },
    { hopSize: 0 },
    { tuning: NaN },
    { lowestPitch: -1 },
    { sampleRate: 0 },
    { lowestPitch: 0, binsPerOctave: 36, sampleRate: 768_000 },
  ])('refuses %j', (settings) => {
    expect(() => createConstantQ({ sampleRate: RATE, ...settings })).toThrow(REFUSED);
  });

  it('refuses an empty signal', () => {
    expect(() => cqt(new Float32Array(0), { sampleRate: RATE })).toThrow(REFUSED);
  });
});

describe('cqtChroma', () => {
  it.each([12, 24, 36])(
    'finds the classes of a C major chord and of its lowest bins (%i bins)',
    (binsPerOctave) => {
      const plan = createConstantQ({
        sampleRate: RATE,
        binsPerOctave,
        lowestPitch: 36,
        octaves: 6,
        hopSize: 4096,
      });
      const spectrum = plan.analyse(
        tones(
          [60, 64, 67, 72].map((pitch) => hertzOf(pitch)),
          1,
          0.2,
        ),
      );
      const chroma = cqtChroma(spectrum);
      expect(chroma).toHaveLength(spectrum.frames * 12);
      const row = [...chroma.subarray(3 * 12, 4 * 12)];
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      const byShare = [...row.keys()].sort((a, b) => row[b]! - row[a]!);
      expect(byShare[0]).toBe(0); // C sounds twice
      expect(byShare.slice(1, 3).sort()).toEqual([4, 7]);
    },
  );

  it.each([-40, -20, 20, 40])(
    'keeps a tone in its class when detuned by %i cents, and finds more of it when told',
    (cents) => {
      const tuning = 440 * 2 ** (cents / 1200);
      const sound = tones([hertzOf(62, tuning)]);
      const share = (a4: number): number =>
        cqtChroma(
          cqt(sound, {
            sampleRate: RATE,
            binsPerOctave: 36,
            lowestPitch: 36,
            octaves: 6,
            hopSize: 4096,
            tuning: a4,
          }),
        )[3 * 12 + 2]!;
      expect(share(440)).toBeGreaterThan(0.45);
      expect(share(tuning)).toBeGreaterThan(share(440));
      expect(share(tuning)).toBeGreaterThan(0.9);
    },
  );

  it('is 0 in silence, and starts at the class of the lowest pitch', () => {
    const silent = cqtChroma(cqt(new Float32Array(3000), { sampleRate: RATE }));
    expect(silent.every((share) => share === 0)).toBe(true);
    const fromA = cqtChroma(cqt(tones([440]), { sampleRate: RATE, lowestPitch: 45, octaves: 5 }));
    expect(indexOfLargest([...fromA.subarray(20 * 12, 21 * 12)])).toBe(9);
  });
});

describe('estimateTuning', () => {
  it.each([-49, -35, -20, -3, 0, 8, 21, 44])('finds a chord detuned by %i cents within a cent', (cents) => {
    const tuning = 440 * 2 ** (cents / 1200);
    const found = estimateTuning(
      tones(
        [57, 60, 64, 69, 76].map((pitch) => hertzOf(pitch, tuning)),
        1,
        0.1,
      ),
      RATE,
    )!;
    expect(Math.abs(found.cents - cents)).toBeLessThan(1);
    expect(found.tuning / tuning).toBeCloseTo(1, 3);
  });

  it('has no answer in silence, nor at a rate without peaks', () => {
    expect(estimateTuning(new Float32Array(9000), RATE)).toBeUndefined();
    expect(estimateTuning(new Float32Array(0), RATE)).toBeUndefined();
    expect(() => estimateTuning(new Float32Array(9), 100)).toThrow(REFUSED);
  });
});
