import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng } from '../foundation/rng.ts';
import type { FeatureSettings } from './audio-features.ts';
import { createFeaturePlan } from './feature-plan.ts';
import { createFeatureStream, type FrameChunk } from './feature-stream.ts';
import { FRAME_FEATURE_NAMES, type FrameFeature } from './frame-features.ts';

const rng = createRng(5);
const SIGNAL = Float32Array.from(
  { length: 9000 },
  (_, i) => Math.sin(0.02 * i) * Math.exp(-(i % 1500) / 400) + 0.01 * rng.normal(),
);
const SETTINGS: Partial<FeatureSettings>[] = [
  { frameSize: 512, hopSize: 128 },
  { frameSize: 512, hopSize: 128, centred: false },
  { frameSize: 512, hopSize: 100 },
  { frameSize: 512, hopSize: 700 },
  { frameSize: 512, hopSize: 1600, centred: false },
];

/** The chunks one after the other. */
function joined<F extends FrameFeature>(chunks: readonly FrameChunk<F>[], name: F): number[] {
  return chunks.flatMap((chunk) => [...chunk[name]]);
}

describe.each(['f64', 'f32'] as const)('a stream in %s', (precision) => {
  it.each(SETTINGS)('gives the frames of the whole, bit for bit, however it is cut: %o', (settings) => {
    const options = {
      sampleRate: 22_050,
      melBands: 20,
      mfccs: 8,
      precision,
      ...settings,
      features: FRAME_FEATURE_NAMES.filter((name) => name !== 'contrast'),
    };
    const plan = createFeaturePlan(options);
    const stream = createFeatureStream(options);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: SIGNAL.length }),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3000 })), {
          maxLength: 20,
        }),
        (length, cuts) => {
          const signal = SIGNAL.subarray(0, length);
          const chunks = [];
          let from = 0;
          for (const size of [...cuts, length]) {
            chunks.push(stream.push(signal.subarray(from, Math.min(length, from + size))));
            from = Math.min(length, from + size);
          }
          chunks.push(stream.flush());
          const whole = plan.extract(signal);
          expect(chunks.reduce((sum, { frames }) => sum + frames, 0)).toBe(whole.frames);
          let first = 0;
          for (const chunk of chunks) {
            expect(chunk.first).toBe(first);
            first += chunk.frames;
          }
          for (const name of stream.features) expect(joined(chunks, name)).toEqual([...whole[name]]);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('gives frames as soon as their samples are there', () => {
    const stream = createFeatureStream({ sampleRate: 22_050, precision, features: ['rms'] });
    expect(stream.push(new Float32Array(1023)).frames).toBe(0);
    expect(stream.push(new Float32Array(1)).frames).toBe(1); // centred on 0: half a frame
    expect(stream.push(new Float32Array(512)).frames).toBe(1);
    expect(stream.flush().frames).toBe(2); // 1536 samples: 1 + 1536 / 512 in all
  });

  it('refuses a sample that is not finite with its place in the signal, takes none of that chunk, and goes on', () => {
    const stream = createFeatureStream({ sampleRate: 22_050, precision, features: ['rms'] });
    stream.push(new Float32Array(3000));
    let fault: unknown;
    try {
      stream.push(Float32Array.of(0, NaN));
    } catch (error) {
      fault = error;
    }
    expect(isAttuneError(fault, 'feature/invalid') && fault.place.index).toBe(3001);
    stream.push(new Float32Array(1096));
    const { first, frames } = stream.flush();
    expect(first + frames).toBe(1 + 4096 / 512);
  });

  it('has no frames of a signal without samples', () => {
    const stream = createFeatureStream({ sampleRate: 22_050, precision, features: ['rms'] });
    stream.push(new Float32Array(0));
    expect(stream.flush().frames).toBe(0);
  });
});

it('refuses features of whole clips', () => {
  expect(() => createFeatureStream({ sampleRate: 22_050, features: ['tempo' as 'rms'] })).toThrowError(
    expect.objectContaining({ code: 'feature/invalid' }),
  );
});
