import { createRng, isAttuneError } from '@attune/core';
import { selectNodeBackend } from '@attune/core/node';
import { describe, expect, it } from 'vitest';
import { MEL_BANDS, type MelWindow } from './mel-window.ts';
import {
  bandsAfter,
  netLogits,
  readSoundNet,
  soundNetArrays,
  type ConvolutionShape,
  type SoundNet,
} from './sound-net.ts';
import { trainSoundNet, type LabelledMel } from './train-sound-net.ts';

const { tf } = await selectNodeBackend();
const SHAPE: readonly ConvolutionShape[] = [
  { taps: [3, 3], strides: [2, 2], channels: 4 },
  { taps: [5, 1], strides: [2, 1], channels: 6 },
];
const QUICK = { convolutions: SHAPE, steps: 60, batch: 12, frames: [20, 24] as const, learningRate: 0.01 };

/** Noise with one loud region: bands 4–11, bands 24–31, or all bands in every eighth frame. */
function window(label: number, seed: number, frames = 30): MelWindow {
  const rng = createRng(seed);
  const loud = (t: number, band: number): boolean =>
    label === 2 ? t % 8 === 0 : band >> 3 === (label === 0 ? 1 : 3) && band % 8 >= 0;
  return {
    frames,
    power: Float32Array.from(
      { length: frames * MEL_BANDS },
      (_, i) => (loud(Math.floor(i / MEL_BANDS), i % MEL_BANDS) ? 1 : 0.01) * (0.5 + rng.uniform()),
    ),
  };
}
const windows = (count: number, seed: number): LabelledMel[] =>
  Array.from({ length: count }, (_, i) => ({ label: i % 3, mel: window(i % 3, seed + i) }));
const options = { classes: 3, noises: [window(1, 99)], seed: 1, settings: QUICK };
const net = await trainSoundNet(tf, windows(30, 1), options);
const best = (logits: Float64Array): number => logits.indexOf(Math.max(...logits));

/** A net of one convolution whose kernel passes the middle of the window on, and a linear layer that reads one mean. */
function byHand(taps: readonly [number, number], strides: readonly [number, number]): SoundNet {
  const kernel = new Float32Array(taps[0] * taps[1]);
  kernel[Math.floor(taps[0] / 2) * taps[1] + Math.floor(taps[1] / 2)] = 2;
  const convolutions = [{ taps, strides, channels: 1 }];
  const pooled = 2 * bandsAfter(convolutions);
  return {
    convolutions,
    classes: 2,
    mean: new Float32Array(MEL_BANDS),
    deviation: new Float32Array(MEL_BANDS).fill(1),
    kernels: [kernel],
    biases: [Float32Array.of(0.5)],
    out: Float32Array.from({ length: pooled * 2 }, (_, i) => (i === 0 ? 1 : 0)),
    outBias: Float32Array.of(0.25, -1),
  };
}

describe('a net on plain arrays', () => {
  it('gives what is computed by hand', () => {
    const power = new Float32Array(3 * MEL_BANDS).fill(1);
    [Math.E, Math.E ** 2, 1 / Math.E].forEach((value, t) => (power[t * MEL_BANDS] = value)); // ln: 1, 2, −1 in the first band
    const [first, second] = netLogits(byHand([3, 3], [1, 1]), { frames: 3, power });
    expect(first).toBeCloseTo((2.5 + 4.5 + 0) / 3 + 0.25, 5); // max(0, 2 x + 0.5), its mean, and the bias
    expect(second).toBeCloseTo(-1, 9);
  });
  it('gives what tensors give, for odd sizes and strides', () => {
    const { frames, power } = window(0, 5, 27);
    const input = power.map(
      (value, i) => (Math.log(value + 1e-9) - net.mean[i % MEL_BANDS]!) / net.deviation[i % MEL_BANDS]!,
    );
    const logits = tf.tidy(() => {
      let x = tf.tensor4d(input, [1, frames, MEL_BANDS, 1]);
      SHAPE.forEach(({ taps, strides, channels }, i) => {
        const kernel = tf.tensor4d(net.kernels[i]!, [
          taps[0],
          taps[1],
          i === 0 ? 1 : SHAPE[i - 1]!.channels,
          channels,
        ]);
        x = tf.relu(tf.add(tf.conv2d(x, kernel, [...strides], 'same'), tf.tensor1d(net.biases[i]!)));
      });
      const { mean, variance } = tf.moments(x, 1);
      const pooled = tf.concat(
        [tf.reshape(mean, [1, -1]), tf.reshape(tf.sqrt(tf.add(variance, 1e-4)), [1, -1])],
        1,
      );
      return tf
        .add(tf.matMul(pooled, tf.tensor2d(net.out, [net.out.length / 3, 3])), tf.tensor1d(net.outBias))
        .dataSync();
    });
    netLogits(net, { frames, power }).forEach((value, k) => expect(value).toBeCloseTo(logits[k]!, 3));
  });
  it('hears one frame, and many', () => {
    for (const frames of [1, 2, 301])
      expect(netLogits(net, window(1, 6, frames)).every(Number.isFinite)).toBe(true);
  });
});

describe('training a net', () => {
  it('learns to tell what is plain, in windows that it did not see', () => {
    const right = windows(30, 1000).filter(({ mel, label }) => best(netLogits(net, mel)) === label);
    expect(right.length).toBeGreaterThanOrEqual(28);
  });
  it('gives the same net for the same seed, and another for another', async () => {
    const short = { ...options, settings: { ...QUICK, steps: 4 } };
    const [a, b, c] = [
      await trainSoundNet(tf, windows(9, 1), short),
      await trainSoundNet(tf, windows(9, 1), short),
      await trainSoundNet(tf, windows(9, 1), { ...short, seed: 2 }),
    ];
    expect(b).toEqual(a);
    expect(c.out).not.toEqual(a.out);
  });
  it('leaves no tensors behind, and tells how far it is', async () => {
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    await trainSoundNet(tf, windows(9, 1), {
      ...options,
      settings: { ...QUICK, steps: 3 },
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(seen).toEqual([1 / 3, 2 / 3, 1]);
    expect(tf.memory().numTensors).toBe(before);
  });
  it('refuses a class without windows and windows that are none, and stops when told to', async () => {
    await expect(trainSoundNet(tf, windows(2, 1), options)).rejects.toThrow('Class 2 of 3 has no window');
    const broken: LabelledMel[] = [
      ...windows(3, 1),
      { label: 0, mel: { frames: 2, power: new Float32Array(MEL_BANDS) } },
    ];
    await expect(trainSoundNet(tf, broken, options)).rejects.toThrow(/Window 3 is not of 40 finite bands/);
    const silent: LabelledMel[] = [
      ...windows(3, 1),
      { label: 0, mel: { frames: 1, power: new Float32Array(MEL_BANDS).fill(NaN) } },
    ];
    await expect(trainSoundNet(tf, silent, options)).rejects.toThrow(/Window 3/);
    const controller = new AbortController();
    const training = trainSoundNet(tf, windows(9, 1), {
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a net of a checkpoint', () => {
  it('is the net that was written', () => {
    expect(readSoundNet(SHAPE, 3, soundNetArrays(net))).toEqual(net);
  });
  it('is refused where an array is missing or of another size, by name', () => {
    const arrays = soundNetArrays(net);
    for (const [name, change] of [
      ['kernel1', undefined],
      ['out', { shape: [1], data: new Float32Array(1) }],
    ] as const) {
      const broken = new Map(arrays);
      if (change) broken.set(name, { ...change, shape: [...change.shape] });
      else broken.delete(name);
      try {
        readSoundNet(SHAPE, 3, broken);
        expect.unreachable();
      } catch (error) {
        expect(isAttuneError(error) && error.code).toBe('checkpoint/mismatch');
        expect(String(error)).toContain(name);
      }
    }
  });
});
