import { createRng, isAttuneError } from '@attune/core';
import { availableTestBackends } from './node/test-backends.ts';
import { describe, expect, it } from 'vitest';
import { createSpectralStore, decodeFrames, encodeFrames } from './autoencoder.ts';
import { SPECTRAL_NETWORKS } from './config.ts';
import { BINS } from './frames.ts';
import { createSpectralNetwork } from './network.ts';
import { TINY_SPECTRAL, tinyParameters } from './test-network.ts';

const backends = await availableTestBackends();

/** Some bins silent, as in real frames. */
function drawFrames(count: number): Float32Array {
  const rng = createRng(5);
  return Float32Array.from({ length: count * BINS }, () => Math.max(0, rng.uniform() * 1.5 - 0.5));
}

describe.each(backends)('the plain network beside tensors on $name', (backend) => {
  it.each(SPECTRAL_NETWORKS)('%s: codes and frames are the same to rounding', async (name) => {
    await backend.activate();
    const { tf } = backend;
    const parameters = tinyParameters();
    const store = createSpectralStore(tf, TINY_SPECTRAL.shape, createRng(1));
    store.load(new Map([...parameters].filter(([path]) => store.has(path))));
    const network = createSpectralNetwork(TINY_SPECTRAL, parameters, name);
    const frames = drawFrames(3);
    const [codes, decoded] = tf.tidy(() => {
      const z = encodeFrames(tf, TINY_SPECTRAL.shape, store, name, tf.tensor2d(frames, [3, BINS]));
      const x = decodeFrames(tf, TINY_SPECTRAL.shape, store, name, z);
      return [z.dataSync<'float32'>(), tf.clipByValue(x, 0, 1).dataSync<'float32'>()];
    });
    const own = network.encode(frames);
    expect(own).toHaveLength(9);
    own.forEach((value, i) => expect(value).toBeCloseTo(codes[i]!, 4));
    const rebuilt = network.decode(own);
    expect(rebuilt).toHaveLength(3 * BINS);
    let apart = 0;
    rebuilt.forEach((value, i) => (apart = Math.max(apart, Math.abs(value - decoded[i]!))));
    expect(apart).toBeLessThan(1e-5);
    expect(new Set(rebuilt).size).toBeGreaterThan(100); // it says something
    store.dispose();
  });
});

describe('the plain network', () => {
  it('gives each frame the same code, alone or among others', () => {
    const network = createSpectralNetwork(TINY_SPECTRAL, tinyParameters(), 'convolution');
    const frames = drawFrames(4);
    const all = network.encode(frames);
    expect(network.encode(frames.subarray(2 * BINS, 3 * BINS))).toEqual(all.slice(6, 9));
  });

  it('refuses rows of another length and values that are no numbers, saying which', () => {
    const network = createSpectralNetwork(TINY_SPECTRAL, tinyParameters());
    expect(() => network.encode(new Float32Array(BINS + 1))).toThrow(/no rows of 1024/);
    const codes = new Float32Array(6);
    codes[4] = NaN;
    expect(() => network.decode(codes)).toThrow(
      expect.objectContaining({ code: 'argument/invalid', place: { row: 1, column: 1 } }) as Error,
    );
  });

  it('refuses parameters that are missing or of another shape, naming them', () => {
    const missing = tinyParameters();
    missing.delete('dense/encoder1/bias');
    const wrong = tinyParameters();
    wrong.set('convolution/pitch/mean', { shape: [3, 3], data: new Float32Array(9) });
    for (const [parameters, name] of [
      [missing, 'dense/encoder1/bias'],
      [wrong, 'convolution/pitch/mean'],
    ] as const) {
      try {
        createSpectralNetwork(TINY_SPECTRAL, parameters);
        expect.unreachable();
      } catch (error) {
        expect(isAttuneError(error, 'checkpoint/mismatch') && error.place['parameter']).toBe(name);
      }
    }
  });
});
