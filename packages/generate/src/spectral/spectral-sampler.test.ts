import { createScore, isAttuneError } from '@attune/core';
import { clipDuration, decodeAudio, measureLoudness, writeWav } from '@attune/core/audio';
import { writeCheckpoint } from '@attune/core/nn';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FamilyInput, SampleRequest } from '../family/model-family.ts';
import { availableTestBackends } from './node/test-backends.ts';
import { createSpectralSampler } from './spectral-sampler.ts';
import { sineClip, TINY_SPECTRAL, tinyParameters, tinySpectralFiles } from './test-network.ts';

const backends = await availableTestBackends();
const sampler = createSpectralSampler(tinySpectralFiles());
const A: FamilyInput = { clip: sineClip([220, 440, 660], 0.6) };
const B: FamilyInput = { clip: sineClip([330, 1200], 0.8, 16_000) };
const SCORE = createScore({
  tracks: [{ notes: [48, 60, 64, 67].map((pitch) => ({ start: 0, duration: 480, pitch, velocity: 80 })) }],
});
const request = (parts: Partial<SampleRequest> = {}): SampleRequest => ({
  seed: 1,
  count: 1,
  inputs: [],
  settings: {},
  ...parts,
});
const digest = (samples: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest('hex');

describe('the spectral sampler', () => {
  it('makes textures of its own, textures as long as an input, and blends as long as the first', async () => {
    const cases: [Partial<SampleRequest>, number, string][] = [
      [{ settings: { seconds: 1 } }, 1, 'texture 1'],
      [{ inputs: [{ score: SCORE }] }, 0.5 + 1.5, 'texture 1'],
      [{ inputs: [A] }, 0.6, 'texture 1'],
      [{ inputs: [A, B], settings: { blend: 0.25 } }, 0.6, 'morph 25 %'],
      [{ inputs: [B, A], settings: { seconds: 1 } }, 1, 'morph 50 %'],
    ];
    for (const [parts, seconds, name] of cases) {
      const [sample, ...others] = await sampler.sample(request(parts));
      expect(others).toEqual([]);
      expect(sample!.name).toBe(name);
      const clip = await decodeAudio(writeWav(sample!.clip!));
      expect(Math.abs(clipDuration(clip) - seconds)).toBeLessThan(0.05);
      const { integratedLufs, truePeakDb } = measureLoudness(clip);
      expect(truePeakDb).toBeLessThanOrEqual(-0.99); // rounded to 16 bits
      expect(integratedLufs).toBeGreaterThan(-26);
      expect(integratedLufs).toBeLessThan(-19);
    }
  });

  it('spreads several blends from one input to the other', async () => {
    const samples = await sampler.sample(request({ inputs: [A, B], count: 3, settings: { seconds: 0.4 } }));
    expect(samples.map(({ name }) => name)).toEqual(['morph 0 %', 'morph 50 %', 'morph 100 %']);
    expect(new Set(samples.map(({ clip }) => digest(clip!.channels[0]!))).size).toBe(3);
  });

  it('gives the same samples for a seed, whatever tensor backend is at work', async () => {
    const asked = [
      request({ settings: { seconds: 0.4 }, count: 2 }),
      request({ inputs: [A, B], settings: { seconds: 1 } }),
    ];
    const digests: string[] = [];
    for (const backend of backends) {
      await backend.activate();
      const fresh = createSpectralSampler(tinySpectralFiles());
      const samples = (await Promise.all(asked.map((each) => fresh.sample(each)))).flat();
      digests.push(samples.map(({ clip }) => digest(clip!.channels[0]!)).join());
    }
    expect(digests.length).toBeGreaterThan(1);
    expect(new Set(digests).size).toBe(1);
    const [other] = await sampler.sample(request({ seed: 2, settings: { seconds: 0.4 } }));
    expect(digests[0]).not.toContain(digest(other!.clip!.channels[0]!));
  });

  it('falls back on a harmony of its own under drums', async () => {
    const drums = createScore({
      tracks: [{ isDrum: true, notes: [{ start: 0, duration: 960, pitch: 36, velocity: 90 }] }],
    });
    const [sample] = await sampler.sample(request({ inputs: [{ score: drums }] }));
    expect(sample!.clip!.channels[0]!.some((value) => Math.abs(value) > 0.01)).toBe(true);
  });

  it('refuses what it cannot work with, and stops when told', async () => {
    const refused: [Partial<SampleRequest>, RegExp][] = [
      [{ inputs: [A, B, A] }, /takes 0 to 2 inputs, not 3/],
      [{ settings: { blend: 2 } }, /blend is from 0 to 1/],
      [{ settings: { network: 'other' } }, /network is one of dense, convolution/],
      [{ settings: { loud: 1 } }, /no setting "loud"/],
      [
        { inputs: [A, { clip: { sampleRate: 8000, channels: [new Float32Array(8000)] } }] },
        /Input 2 is silent/,
      ],
      [{ inputs: [{ clip: { sampleRate: 8000, channels: [new Float32Array(8000)] } }] }, /Input 1 is silent/],
      [{ inputs: [A, { score: SCORE }] }, /Input 2 is a score, and there is no SoundFont/],
      [
        { inputs: [{ clip: { sampleRate: 8000, channels: [new Float32Array(8000).fill(NaN)] } }, A] },
        /Input 1 has a sample that is no number/,
      ],
    ];
    for (const [parts, message] of refused) {
      const problem: unknown = await sampler.sample(request(parts)).catch((error: unknown) => error);
      expect(isAttuneError(problem, 'argument/invalid') && problem.message).toMatch(message);
    }
    const long = { clip: { sampleRate: 100, channels: [new Float32Array(100 * 301).fill(0.1)] } };
    await expect(sampler.sample(request({ inputs: [long] }))).rejects.toMatchObject({ code: 'audio/limit' });
    await expect(sampler.sample(request(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('refuses a checkpoint of another kind, another form, or with parameters missing', () => {
    const kind = writeCheckpoint({ kind: 'vae', config: {}, parameters: new Map() });
    expect(() => createSpectralSampler(kind)).toThrow(
      expect.objectContaining({ code: 'checkpoint/mismatch' }) as Error,
    );
    const form = writeCheckpoint({ kind: 'spectral', config: { version: 'x' }, parameters: new Map() });
    expect(() => createSpectralSampler(form)).toThrow(
      expect.objectContaining({ code: 'checkpoint/malformed' }) as Error,
    );
    const parameters = tinyParameters();
    parameters.delete('dense/encode/weight');
    const part = writeCheckpoint({ kind: 'spectral', config: { ...TINY_SPECTRAL }, parameters } as never);
    expect(() => createSpectralSampler(part)).toThrow(/dense\/encode\/weight is not there/);
  });
});
