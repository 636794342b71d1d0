import { createRng, createScore, isAttuneError, type Note } from '@attune/core';
import {
  ParameterStore,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
  type JsonObject,
  type TensorFlow,
  type TrainingState,
} from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { ARRANGED_STYLES } from '../arrangement/style-rules.ts';
import { BAND_PARTS } from '../performance/band-parts.ts';
import { CELLS, CHORD_VALUES, WINDOW_QUARTERS, WINDOW_STEPS } from './band-roll.ts';
import { GAN_KIND, parseGanConfig, resolveGanPlan, type GanConfig } from './config.ts';
import { factsOf } from './facts.ts';
import { createBandNetworks } from './forward.ts';
import { createGanSampler } from './gan-sampler.ts';
import { createGenerator, encode, generate } from './networks.ts';
import { formatChords, parseChords } from './progressions.ts';
import { trainGan, type BandWindow } from './train-gan.ts';

const SHAPE = { latent: 3, width: 6, judgeWidth: 4 };
const STYLES = [...ARRANGED_STYLES];

function windows(count: number): BandWindow[] {
  const rng = createRng(7);
  return Array.from({ length: count }, (_, i) => ({
    cells: Uint8Array.from({ length: WINDOW_STEPS * CELLS }, () => (rng.uniform() < 0.05 ? 1 : 0)),
    chords: Uint8Array.from({ length: WINDOW_QUARTERS * CHORD_VALUES }, () => (rng.uniform() < 0.2 ? 1 : 0)),
    style: i % STYLES.length,
  }));
}

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } }));
}, 120_000);

function checkpointOf(): Checkpoint {
  const store = new ParameterStore(tf, createRng(2));
  createGenerator(store, SHAPE, STYLES.length);
  const values = store.save();
  // an untrained network is nearly silent: raise it, so that the samples have notes
  values.get('generator/cells/bias')!.data.fill(0.05);
  store.dispose();
  const config: GanConfig = {
    version: 'test',
    shape: SHAPE,
    roll: { cells: CELLS, chordValues: CHORD_VALUES, steps: WINDOW_STEPS },
    styles: STYLES,
    progressions: [formatChords(windows(1)[0]!.chords)],
    training: {},
  };
  return { kind: GAN_KIND, config: config, parameters: values };
}

const PLAN = { ...resolveGanPlan({ shape: SHAPE, rows: 2, adversarialFrom: 1, checkpointEvery: 2 }) };

describe('gan networks', () => {
  it('compute without tensors what they compute with them', () => {
    const checkpoint = checkpointOf();
    const store = new ParameterStore(tf, createRng(0));
    createGenerator(store, SHAPE, STYLES.length);
    store.load(checkpoint.parameters);
    const networks = createBandNetworks({ shape: SHAPE, styles: STYLES }, checkpoint.parameters);
    const [window] = windows(1) as [BandWindow];
    const latent = Float32Array.of(0.5, -1, 2);
    const facts = factsOf([4], STYLES.length, [['melody']]);
    const cells = tf.tensor(Float32Array.from(window.cells), [1, WINDOW_STEPS, CELLS]);
    const chords = tf.tensor(Float32Array.from(window.chords), [1, WINDOW_QUARTERS, CHORD_VALUES]);
    const told = { chords, facts: tf.tensor(facts, [1, STYLES.length + BAND_PARTS.length]) };
    const scores = generate(tf, store, tf.tensor(latent, [1, 3]), cells, told).dataSync();
    const own = networks.generate(latent, window.cells, window.chords, facts);
    own.forEach((score, i) => expect(score).toBeCloseTo(scores[i]!, 4));
    const mean = encode(tf, store, cells, chords).mean.dataSync();
    networks
      .encode(window.cells, window.chords)
      .forEach((value, i) => expect(value).toBeCloseTo(mean[i]!, 4));
    store.dispose();
  });

  it('refuse a checkpoint with a parameter missing, of another shape, or not a number', () => {
    const { parameters } = checkpointOf();
    const without = new Map(parameters);
    without.delete('generator/enter/bias');
    const broken = new Map(parameters).set('generator/enter/bias', {
      shape: [6],
      data: Float32Array.of(0, NaN, 0, 0, 0, 0),
    });
    const config = { shape: SHAPE, styles: STYLES };
    expect(() => createBandNetworks(config, without)).toThrowError(/generator\/enter\/bias is missing/);
    expect(() => createBandNetworks(config, broken)).toThrowError(/not finite/);
    expect(() => createBandNetworks({ ...config, shape: { ...SHAPE, width: 7 } }, parameters)).toThrowError(
      /shape/,
    );
  });
});

describe('gan training', () => {
  it('stopped and gone on with gives the same weights as never stopped', async () => {
    const options = { tf, styles: STYLES.length, windows: windows(5), seed: 4 };
    const whole = await trainGan({ ...options, plan: PLAN, steps: 4 });
    let state: TrainingState | undefined;
    await trainGan({ ...options, plan: PLAN, steps: 2, saveState: (now) => (state = now) });
    const resumed = await trainGan({ ...options, plan: PLAN, steps: 4, resume: state! });
    expect(resumed.step).toBe(4);
    for (const [name, { data }] of whole.parameters)
      expect(resumed.parameters.get(name)!.data, name).toEqual(data);
  });

  it('lowers the nats of what it rebuilds', async () => {
    const losses: number[] = [];
    await trainGan({
      tf,
      styles: STYLES.length,
      windows: windows(3),
      seed: 4,
      steps: 24,
      plan: { ...PLAN, adversarialFrom: 100, generatorRate: 0.02 },
      onProgress: ({ reconstruction }) => losses.push(reconstruction),
    });
    const [first, last] = [losses.slice(0, 3), losses.slice(-3)].map((some) => Math.max(...some));
    expect(last!).toBeLessThan(0.9 * first!);
  });

  it('refuses no windows, windows of the wrong length and values that are neither 0 nor 1', async () => {
    const run = (set: readonly BandWindow[]): Promise<unknown> =>
      trainGan({ tf, styles: STYLES.length, windows: set, seed: 1, plan: PLAN, steps: 1 });
    const [window] = windows(1) as [BandWindow];
    await expect(run([])).rejects.toThrowError(/no window/);
    await expect(run([{ ...window, cells: new Uint8Array(5) }])).rejects.toThrowError(/Window 0 has 5 cells/);
    await expect(run([{ ...window, style: 6 }])).rejects.toThrowError(/style 6 of 6/);
    const wrong = { ...window, cells: window.cells.map((cell, i) => (i === 9 ? 3 : cell)) };
    await expect(run([wrong])).rejects.toThrowError(/neither 0 nor 1/);
  });
});

describe('gan sampler', () => {
  const melody: Note[] = Array.from({ length: 16 }, (_, i) => ({
    start: 480 * i,
    duration: 480,
    pitch: 60 + ((i * 5) % 12),
    velocity: 90,
  }));
  const score = createScore({ tracks: [{ name: 'Tune', program: 73, notes: melody }] });

  it('writes bands that differ beside a melody that stays as it is', async () => {
    const sampler = createGanSampler(checkpointOf());
    const request = { seed: 5, count: 8, inputs: [{ score }], settings: {} };
    const samples = await sampler.sample(request);
    expect(samples).toHaveLength(8);
    const written = samples.map((sample) =>
      JSON.stringify(sample.score!.tracks.slice(1).map(({ notes }) => notes)),
    );
    expect(new Set(written).size).toBe(8);
    for (const sample of samples) {
      expect(sample.score!.tracks[0]!.notes).toEqual(score.tracks[0]!.notes);
      expect(sample.score!.tracks.length).toBeGreaterThan(1);
      const end = 4 * 4 * 480;
      for (const track of sample.score!.tracks)
        for (const note of track.notes) expect(note.start).toBeLessThan(end);
    }
    expect(await sampler.sample(request)).toEqual(samples);
    const fewer = await sampler.sample({ ...request, count: 2 });
    expect(fewer).toEqual(samples.slice(0, 2));
  });

  it('plays alone for the bars asked for', async () => {
    const sampler = createGanSampler(checkpointOf());
    const [sample] = await sampler.sample({
      seed: 1,
      count: 1,
      inputs: [],
      settings: { bars: 4, style: 'funk' },
    });
    const starts = sample!.score!.tracks.flatMap((track) => track.notes.map((note) => note.start));
    expect(Math.max(...starts)).toBeLessThan(4 * 4 * 480);
    expect(Math.max(...starts)).toBeGreaterThan(2 * 4 * 480);
  });

  it('refuses music without a melody, in other meters, without notes, and unknown settings', async () => {
    const sampler = createGanSampler(checkpointOf());
    const sample = (input: Parameters<typeof createScore>[0], settings = {}): Promise<unknown> =>
      sampler.sample({ seed: 1, count: 1, inputs: [{ score: createScore(input) }], settings });
    const drums = { isDrum: true, notes: [{ start: 0, duration: 10, pitch: 36, velocity: 90 }] };
    await expect(sample({ tracks: [drums] })).rejects.toThrowError(/no melody/);
    await expect(sample({ tracks: [] })).rejects.toThrowError(/no notes/);
    await expect(
      sample({ tracks: [{ notes: melody }], meters: [{ tick: 0, numerator: 3, denominator: 4 }] }),
    ).rejects.toThrowError(/3\/4/);
    await expect(sample({ tracks: [{ notes: melody }] }, { keep: 'bass' })).rejects.toThrowError(/no bass/);
    await expect(sample({ tracks: [{ notes: melody }] }, { style: 'polka' })).rejects.toThrowError(
      /style is one of/,
    );
  });

  it('is cancelled by its signal', async () => {
    const stopped = AbortSignal.abort();
    const run = createGanSampler(checkpointOf()).sample(
      { seed: 1, count: 1, inputs: [{ score }], settings: {} },
      { signal: stopped },
    );
    await expect(run).rejects.toSatisfy((error) => isAttuneError(error, 'cancelled'));
  });

  it('refuses a checkpoint of another kind or layout', () => {
    const checkpoint = checkpointOf();
    const files = writeCheckpoint({ ...checkpoint, kind: 'transformer' });
    expect(() => readCheckpoint(files, { kind: GAN_KIND })).toThrowError(
      /is a transformer, and a gan is needed/,
    );
    const other = { ...(checkpoint.config as object), roll: { cells: 9, chordValues: 24, steps: 32 } };
    expect(() => parseGanConfig(other)).toThrowError(/roll.cells/);
    const styles = { ...(checkpoint.config as object), styles: ['polka'] } as unknown as JsonObject;
    expect(() => createGanSampler({ ...checkpoint, config: styles })).toThrowError(/plays polka/);
  });

  it('keeps progressions as text and back', () => {
    const [window] = windows(1) as [BandWindow];
    expect(parseChords(formatChords(window.chords))).toEqual(window.chords);
    expect(formatChords(window.chords)).toHaveLength(6 * WINDOW_QUARTERS);
  });
});
