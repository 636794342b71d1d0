import { countNotes, createMeterMap, createScore, isAttuneError, type Score } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GeneratedPiece } from '../generator.ts';
import { createTinyCheckpoint, TINY_SHAPE } from './test-checkpoint.ts';
import { fifthsOf } from './sampling.ts';
import { createGenerator } from './transformer-generator.ts';

const generator = createGenerator(createTinyCheckpoint(4));

/** Bars up to the last onset. */
function barsOf(score: Score): number {
  const map = createMeterMap(score);
  return (
    1 + Math.max(...score.tracks.flatMap((track) => track.notes.map((note) => map.barAt(note.start).bar)))
  );
}
function instrumentsOf(score: Score): number[] {
  return score.tracks.map((track) => (track.isDrum ? 128 : track.program));
}

describe('createGenerator', () => {
  it('gives what was asked for exactly: bars, tempo, meter, instruments, key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom([4, 4], [3, 4], [6, 8], [5, 4]),
        fc.uniqueArray(fc.constantFrom(0, 40, 42, 128), { minLength: 1 }),
        fc.integer({ min: 30, max: 240 }),
        fc.nat(1e6),
        async (bars, [numerator, denominator], instruments, tempo, seed) => {
          const meter = { numerator: numerator, denominator: denominator };
          const hasKey = instruments.some((instrument) => instrument !== 128); // drums alone have none
          const key = { tonic: 7, mode: 'major' as const };
          const conditioning = { meter, instruments, tempo, ...(hasKey && key) };
          const { score, conditioning: made } = await generator.generate({ conditioning, bars, seed });
          expect(score.tempos).toEqual([{ tick: 0, bpm: tempo }]);
          expect(score.meters).toEqual([{ tick: 0, ...meter }]);
          expect(barsOf(score)).toBe(bars);
          for (const instrument of instrumentsOf(score)) expect(instruments).toContain(instrument);
          expect(score.keys).toEqual(hasKey ? [{ tick: 0, fifths: 1, mode: 'major' }] : []);
          expect(made).toMatchObject({ tempo, meter, ...(hasKey && key) });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps to a wished range in every key, drums apart', async () => {
    const low = fc.integer({ min: 36, max: 76 });
    const check = async (range: readonly [number, number], tonic: number, seed: number): Promise<void> => {
      const conditioning = { style: 'folk', instruments: [0, 128], range, tonic, mode: 'major' } as const;
      const { score, conditioning: made } = await generator.generate({ conditioning, bars: 2, seed });
      expect(made.range).toEqual(range);
      for (const { pitch } of score.tracks.filter(({ isDrum }) => !isDrum).flatMap(({ notes }) => notes)) {
        expect(pitch).toBeGreaterThanOrEqual(range[0]);
        expect(pitch).toBeLessThanOrEqual(range[1]);
      }
    };
    await fc.assert(
      fc.asyncProperty(
        low,
        fc.integer({ min: 12, max: 30 }),
        fc.nat(11),
        fc.nat(1e6),
        (from, span, tonic, seed) => check([from, from + span], tonic, seed),
      ),
      { numRuns: 20 },
    );
  });

  it.each([
    [{ range: [60, 70] }, /range is 60 to 70; it can be two pitches from 0 to 127, an octave or more apart/],
    [{ range: [-1, 70] }, /range is -1 to 70/],
    [
      { range: [24, 40], instruments: [40] },
      /Instrument 40 plays from 55 to 105: too little of the range 24 to 40/,
    ],
    [{ range: [48, 84], instruments: [128] }, /Drums alone have no range/],
    [{ range: [48, 84], style: 'drums-rock' }, /No band of this style plays from 48 to 84/],
  ] as const)('refuses %j', async (conditioning, message) => {
    await expect(generator.generate({ conditioning, bars: 2, seed: 1 })).rejects.toThrow(message);
  });

  it('gives the same piece for the same seed and for the resolved wishes, and another for another seed', async () => {
    const first = await generator.generate({ conditioning: {}, bars: 4, seed: 11 });
    const again = await generator.generate({ conditioning: {}, bars: 4, seed: 11 });
    const resolved = await generator.generate({ conditioning: first.conditioning, bars: 4, seed: 11 });
    const other = await generator.generate({ conditioning: {}, bars: 4, seed: 12 });
    expect(again.score).toEqual(first.score);
    expect(resolved.score).toEqual(first.score);
    expect(other.score).not.toEqual(first.score);
    expect(first.modelVersion).toBe('transformer-tiny');
    expect(first.nats).toBeGreaterThan(0);
  });

  it('transposes only: the same seed in another key has the same intervals', async () => {
    const make = (tonic: number): Promise<GeneratedPiece> =>
      generator.generate({
        conditioning: {
          style: 'folk',
          tonic,
          mode: 'major',
          instruments: [0],
          tempo: 100,
          meter: { numerator: 4, denominator: 4 },
        },
        bars: 4,
        seed: 3,
      });
    // The piano of the tiny model keeps well inside its range in both keys.
    const [c, d] = [(await make(0)).score, (await make(2)).score];
    const pitches = (score: Score): number[] =>
      score.tracks.flatMap((track) => track.notes.map((note) => note.pitch));
    expect(pitches(d)).toEqual(pitches(c).map((pitch) => pitch + 2));
  });

  it('goes on beyond its window', async () => {
    const { score } = await generator.generate({ conditioning: { instruments: [0] }, bars: 200, seed: 5 });
    expect(countNotes(score)).toBeGreaterThan(32); // the tiny window
    expect(barsOf(score)).toBe(200);
  });

  it('continues a prompt: its notes stay, the new ones follow', async () => {
    const quarter = 480;
    const prompt = createScore({
      ticksPerQuarter: quarter,
      tempos: [{ tick: 0, bpm: 90 }],
      meters: [{ tick: 0, numerator: 3, denominator: 4 }],
      tracks: [
        {
          program: 40,
          notes: [67, 71, 74, 79, 74, 71].map((pitch, i) => ({
            start: i * quarter,
            duration: quarter,
            pitch,
            velocity: 88,
          })),
        },
      ],
    });
    const { score, bars, promptBars, conditioning } = await generator.generate({
      conditioning: {},
      bars: 3,
      seed: 2,
      prompt,
    });
    expect([promptBars, bars, barsOf(score)]).toEqual([2, 5, 5]);
    expect(conditioning).toMatchObject({
      tempo: 90,
      meter: { numerator: 3, denominator: 4 },
      instruments: [40],
    });
    const kept = score.tracks[0]!.notes.filter((note) => note.start < 6 * quarter).map((note) => [
      note.start,
      note.pitch,
    ]);
    for (const note of prompt.tracks[0]!.notes) expect(kept).toContainEqual([note.start, note.pitch]);
  });

  it('tells progress bar by bar', async () => {
    const bars: number[] = [];
    const progress: number[] = [];
    await generator.generate(
      { conditioning: {}, bars: 5, seed: 1 },
      {
        onBar: (bar, score) => {
          bars.push(bar);
          expect(score().meters).toHaveLength(1);
        },
        onProgress: ({ done, total }) => {
          progress.push(done);
          expect(total).toBe(5);
        },
      },
    );
    expect(bars).toEqual([1, 2, 3, 4, 5]);
    expect(progress).toEqual([1, 2, 3, 4, 5]);
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const work = generator.generate(
      { conditioning: {}, bars: 200, seed: 1 },
      { signal: controller.signal, onBar: () => controller.abort() },
    );
    await expect(work).rejects.toSatisfy((error) => isAttuneError(error, 'cancelled'));
  });

  it('composes after a cancelled piece as if nothing had been', async () => {
    const fresh = createGenerator(createTinyCheckpoint(4));
    const request = { conditioning: {}, bars: 8, seed: 21 };
    const expected = await fresh.generate(request);
    const controller = new AbortController();
    const stopped = fresh.generate(
      { ...request, seed: 22, guidance: 2 },
      { signal: controller.signal, onBar: (bar) => bar === 3 && controller.abort() },
    );
    await expect(stopped).rejects.toSatisfy((error) => isAttuneError(error, 'cancelled'));
    expect(await fresh.generate(request)).toEqual(expected);
  });

  it.each([
    [{ bars: 0 }, /bars is 0/],
    [{ bars: 2.5 }, /bars is 2.5/],
    [{ bars: 10_000 }, /bars is 10000; it can be a whole number from 1 to 256/],
    [{ conditioning: { style: 'polka' as 'folk' } }, /style is polka/],
    [{ conditioning: { instruments: [128], tonic: 0, mode: 'major' as const } }, /Drums alone have no key/],
    [{ temperature: 0 }, /temperature is 0/],
    [{ topP: 1.5 }, /topP is 1.5/],
    [{ seed: -1 }, /seed/],
    [{ conditioning: { tempo: 5 } }, /tempo is 5/],
    [{ conditioning: { tonic: 12 } }, /tonic is 12/],
    [{ conditioning: { instruments: [] } }, /instruments is empty/],
    [{ conditioning: { meter: { numerator: 40, denominator: 4 } } }, /meter is 40\/4/],
    [{ conditioning: { energy: Number.NaN } }, /energy is NaN/],
  ])('refuses %o', async (change, message) => {
    await expect(generator.generate({ conditioning: {}, bars: 4, seed: 1, ...change })).rejects.toThrow(
      message,
    );
  });

  it('refuses files of another kind or without weights', () => {
    const files = createTinyCheckpoint(1);
    expect(() =>
      createGenerator({
        ...files,
        'config.json': new TextEncoder().encode('{"kind":"vae","formatVersion":1,"config":{}}'),
      }),
    ).toThrow(/vae/);
    expect(() => createGenerator({ 'config.json': files['config.json']! })).toThrow(/weights\.safetensors/);
  });

  it('refuses damaged weights, and weights of another size than the configuration says', () => {
    const files = createTinyCheckpoint(1);
    const weights = files['weights.safetensors']!;
    const refused = (change: Record<string, Uint8Array>, code: string): void => {
      expect(() => createGenerator({ ...files, ...change })).toThrowError(expect.objectContaining({ code }));
    };
    refused({ 'weights.safetensors': weights.subarray(0, weights.length >> 1) }, 'checkpoint/malformed');
    refused({ 'weights.safetensors': new Uint8Array(40).fill(7) }, 'checkpoint/malformed');
    refused({ 'config.json': new TextEncoder().encode('{') }, 'checkpoint/malformed');
    const other = createTinyCheckpoint(1, { ...TINY_SHAPE, width: 32 });
    refused({ 'weights.safetensors': other['weights.safetensors']! }, 'checkpoint/mismatch');
  });

  it('draws as the checkpoint says where the request does not', async () => {
    const files = createTinyCheckpoint(4);
    const stored = JSON.parse(new TextDecoder().decode(files['config.json'])) as { config: object };
    const config = { ...stored, config: { ...stored.config, sampling: { guidance: 2, temperature: 0.8 } } };
    const own = createGenerator({
      ...files,
      'config.json': new TextEncoder().encode(JSON.stringify(config)),
    });
    const request = { conditioning: { style: 'folk' as const }, bars: 3, seed: 5 };
    const said = await generator.generate({ ...request, guidance: 2, temperature: 0.8 });
    expect((await own.generate(request)).score).toEqual(said.score);
    const plain = await generator.generate(request);
    expect((await own.generate({ ...request, guidance: 1, temperature: 1 })).score).toEqual(plain.score);
    expect(said.evidence).toBeTypeOf('number');
    expect(plain.evidence).toBeUndefined();
  });
});

describe('fifthsOf', () => {
  it.each([
    [0, 'major', 0],
    [7, 'major', 1],
    [5, 'major', -1],
    [9, 'minor', 0],
    [10, 'minor', -5],
    [6, 'major', 6],
    [1, 'major', -5],
  ] as const)('tonic %i %s has %i', (tonic, mode, fifths) => {
    expect(fifthsOf(tonic, mode)).toBe(fifths);
  });
});

describe('guidance', () => {
  it('of 1 changes nothing, of 0 forgets the style, and more is another piece', async () => {
    const make = async (style: 'folk' | 'drums-rock', guidance?: number): Promise<Score> => {
      const conditioning = {
        style,
        instruments: [0],
        tempo: 100,
        meter: { numerator: 4, denominator: 4 },
        tonic: 0,
        mode: 'major' as const,
      };
      const options = guidance === undefined ? {} : { guidance };
      return (await generator.generate({ conditioning, bars: 3, seed: 5, ...options })).score;
    };
    expect(await make('folk', 1)).toEqual(await make('folk'));
    expect(await make('folk', 3)).not.toEqual(await make('folk'));
    expect(await make('folk')).not.toEqual(await make('drums-rock'));
  });
});
