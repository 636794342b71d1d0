import { createScore } from '@attune/core';
import { describe, expect, it } from 'vitest';
import type { SampleRequest } from '../family/model-family.ts';
import { readVae } from './network.ts';
import { tinyVaeFiles } from './tiny-vae.ts';
import { createVaeSampler } from './vae-sampler.ts';
import { windowOf } from './voice-grid.ts';
import { readVoices, scoreOfVoices } from './voice-lines.ts';
import { DRUMS, MELODY, TRIO } from './voice-sets.ts';

const network = readVae(tinyVaeFiles(), MELODY);
const sampler = createVaeSampler(network);
const tune = (pitch: number, bpm: number, steps = 32) =>
  scoreOfVoices(
    {
      grid: Uint16Array.from({ length: steps }, (_, t) => (t % 4 ? 128 : pitch + (t % 12))),
      bpm,
      programs: [40],
    },
    MELODY.voices,
  );
const request = (given: Partial<SampleRequest> = {}): SampleRequest => ({
  seed: 1,
  count: 3,
  inputs: [],
  settings: { bars: 2 },
  ...given,
});

describe('the sampler of the melody VAE', () => {
  it('gives the same for the same request, and something else for another seed', async () => {
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => sampler.sample(request({ seed }))));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(a!.map(({ name }) => name)).toEqual(['melody 1', 'melody 2', 'melody 3']);
  });

  it('a sample does not depend on how many are made beside it', async () => {
    const [one] = await sampler.sample(request({ count: 1 }));
    const three = await sampler.sample(request());
    expect(three[0]).toEqual(one);
  });

  it('writes as many bars as asked, however the levels are cut', async () => {
    for (const bars of [2, 4, 6]) {
      const [sample] = await sampler.sample(request({ count: 1, settings: { bars } }));
      const last = Math.max(...sample!.score!.tracks[0]!.notes.map(({ start }) => start));
      expect(last).toBeLessThan(bars * 4 * sample!.score!.ticksPerQuarter);
    }
  });

  it('a variation with no change is the piece through the model', async () => {
    const inputs = [{ score: tune(60, 90) }];
    const [sample] = await sampler.sample(request({ count: 1, inputs, settings: { bars: 2, change: 0 } }));
    const grid = windowOf(readVoices(inputs[0]!.score, MELODY.voices).grid, MELODY.voices, 0, 32);
    const through = network.decodeSong(network.encodeSong(grid).mean);
    expect(sample!.score!.tracks[0]!.notes).toEqual(
      scoreOfVoices({ grid: through, bpm: 90, programs: [40] }, MELODY.voices).tracks[0]!.notes,
    );
    expect(sample!.score!.tracks[0]!.program).toBe(40);
  });

  it('morphs through tempos too, on a scale of ratios', async () => {
    const inputs = [{ score: tune(60, 80) }, { score: tune(70, 160) }];
    const [sample] = await sampler.sample(request({ count: 1, inputs }));
    expect(sample!.name).toBe('morph 50 %');
    expect(sample!.score!.tempos[0]!.bpm).toBeCloseTo(80 * Math.SQRT2, 6);
  });

  it('refuses what it does not know', async () => {
    const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
    await expect(sampler.sample(request({ settings: { bars: 1 } }))).rejects.toThrow(refused);
    await expect(sampler.sample(request({ settings: { louder: 1 } }))).rejects.toThrow(refused);
    const drums = createScore({
      tracks: [{ isDrum: true, notes: [{ start: 0, duration: 1, pitch: 38, velocity: 1 }] }],
    });
    await expect(sampler.sample(request({ inputs: [{ score: drums }] }))).rejects.toThrow(refused);
    await expect(sampler.sample(request(), { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ code: 'cancelled' }) as Error,
    );
  });
});

describe.each([DRUMS, TRIO])('the sampler of $name', (set) => {
  const own = createVaeSampler(readVae(tinyVaeFiles(set), set));
  const drum = (start: number, pitch: number) => ({ start, duration: 10, pitch, velocity: 64 });
  const note = (start: number, pitch: number) => ({ start, duration: 200, pitch, velocity: 64 });
  const drums = { isDrum: true, notes: [drum(0, 36), drum(120, 42), drum(240, 38)] };
  const bass = { program: 34, notes: [note(0, 40), note(480, 43)] };
  const lead = { program: 66, notes: [note(0, 70), note(480, 72)] };
  const band = createScore({ tracks: [lead, bass, drums] });

  it('writes a track for each voice, by the players of the piece', async () => {
    const [made] = await own.sample(request({ count: 1, inputs: [{ score: band }] }));
    const players = made!.score!.tracks.map(({ isDrum, program }) => (isDrum ? 'drums' : program));
    expect(players).toEqual(set === DRUMS ? ['drums'] : [66, 34, 'drums']);
    const again = await own.sample(request({ count: 1, inputs: [{ score: band }] }));
    expect(again[0]).toEqual(made);
  });

  it('says which voice a piece does not have', async () => {
    const sample = (tracks: Parameters<typeof createScore>[0]) =>
      own.sample(request({ inputs: [{ score: createScore(tracks) }] }));
    await expect(sample({ tracks: [lead, bass] })).rejects.toMatchObject({
      code: 'argument/invalid',
      place: { missing: 'drums' },
    });
    if (set === TRIO) {
      await expect(sample({ tracks: [lead] })).rejects.toMatchObject({ place: { missing: 'drums, bass' } });
    }
  });

  it('has a slider for each of its attributes', () => {
    const names = own.settings.map(({ name }) => name);
    for (const { slider } of set.attributes) expect(names).toContain(slider[0]);
  });
});
