import { countNotes, createScore, isAttuneError, type Note, type Score, type TrackParts } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GenerationTask } from '../../generator.ts';
import { createTinyCheckpoint, TINY_SHAPE } from '../test-checkpoint.ts';
import { createGenerator } from '../transformer-generator.ts';

const generator = createGenerator(createTinyCheckpoint(4, TINY_SHAPE, ['tasks', 'form']));
const plain = createGenerator(createTinyCheckpoint(4));

const QUARTER = 480;
const BAR = 4 * QUARTER;

/** `bars` bars of quarters on the scale of D, from an odd velocity so that re-encoding would show. */
function line(bars: number, program: number, octave = 0): TrackParts {
  const scale = [62, 64, 66, 67, 69, 71, 73, 74];
  const notes = Array.from({ length: bars * 4 }, (_, i): Note => ({
    ...{ start: i * QUARTER, duration: QUARTER - 7, pitch: scale[(i * 3) % 8]! + octave, velocity: 77 },
  }));
  return { program, notes, controls: [{ tick: 5, controller: 7, value: 99 }] };
}
function song(bars: number, ...tracks: TrackParts[]): Score {
  return createScore({
    tracks,
    tempos: [
      { tick: 0, bpm: 91 },
      { tick: bars * 960, bpm: 97 },
    ],
  });
}
const duo = song(8, line(8, 40), line(8, 42, -24));
const drums: TrackParts = {
  isDrum: true,
  notes: [0, 1, 2, 3].map((i) => ({ ...{ start: i * QUARTER, duration: 60, pitch: 38, velocity: 90 } })),
};

const make = async (task: GenerationTask, conditioning = {}, seed = 3): Promise<Score> =>
  (await generator.generate({ task, conditioning, seed })).score;
const notesOf = (score: Score, program: number): readonly Note[] =>
  score.tracks.filter((track) => !track.isDrum && track.program === program).flatMap(({ notes }) => notes);
const outside = (notes: readonly Note[], from: number, to: number): Note[] =>
  notes.filter(({ start }) => start < from * BAR || start >= to * BAR);

describe('infill', () => {
  it('writes the hole alone: what is given stays note for note, with tempos and controllers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 7 }),
        fc.nat(1e6),
        async (first, more, seed) => {
          const last = Math.min(8, first + more);
          fc.pre(last - first < 7);
          const score = await make({ kind: 'infill', score: duo, bars: [first, last] }, {}, seed);
          expect(score.tempos).toEqual(duo.tempos);
          for (const [i, program] of [40, 42].entries()) {
            const kept = outside(notesOf(score, program), first - 1, last);
            expect(kept).toEqual(outside(duo.tracks[i]!.notes, first - 1, last));
          }
          const written = score.tracks
            .flatMap(({ notes }) => notes)
            .filter(({ start }) => start >= (first - 1) * BAR && start < last * BAR);
          expect(written.some(({ start }) => start >= (last - 1) * BAR)).toBe(true); // up to its last bar
        },
      ),
      { numRuns: 15 },
    );
  });

  it('fills a hole in a piece much longer than the window', async () => {
    const long = song(120, line(120, 40));
    const score = await make({ kind: 'infill', score: long, bars: [60, 63] });
    expect(outside(notesOf(score, 40), 59, 63)).toEqual(outside(long.tracks[0]!.notes, 59, 63));
  });

  it('sounds in the key of the given music', async () => {
    const { conditioning } = await generator.generate({
      task: { kind: 'infill', score: duo, bars: [2, 3] },
      conditioning: {},
      seed: 1,
    });
    expect(conditioning).toMatchObject({ tonic: 2, mode: 'major', meter: { numerator: 4, denominator: 4 } });
    expect(conditioning.tempo).toBeCloseTo(91, 0);
  });

  it.each([
    [[0, 1], /Bars 0 to 1 cannot be filled: the music has bars 1 to 8/],
    [[3, 2], /Bars 3 to 2/],
    [[8, 9], /Bars 8 to 9/],
    [[1.5, 2], /Bars 1.5 to 2/],
    [[1, 10_000], /Bars 1 to 10000/],
    [[1, 8], /Nothing would be left/],
  ] as const)('refuses bars %o', async (bars, message) => {
    await expect(make({ kind: 'infill', score: duo, bars })).rejects.toThrow(message);
  });
});

describe('accompany', () => {
  it('adds the named instruments and changes nothing of what is given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(0, 32, 73, 128), { minLength: 1 }),
        fc.nat(1e6),
        async (instruments, seed) => {
          const score = await make({ kind: 'accompany', score: duo }, { instruments }, seed);
          expect(score.tracks.slice(0, 2)).toEqual(duo.tracks);
          const added = score.tracks.slice(2).map(({ isDrum, program }) => (isDrum ? 128 : program));
          expect(added.length).toBeGreaterThan(0);
          for (const instrument of added) expect(instruments).toContain(instrument);
          const lastStart = Math.max(...score.tracks.flatMap(({ notes }) => notes.map(({ start }) => start)));
          expect(lastStart).toBeLessThan(8 * BAR);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('needs instruments that do not play yet', async () => {
    const task = { kind: 'accompany', score: duo } as const;
    await expect(make(task)).rejects.toThrow(/Name the instruments/);
    await expect(make(task, { instruments: [0, 42] })).rejects.toThrow(
      /Instrument 42 plays in the given music already/,
    );
  });

  it('tells progress bar by bar, and stops when cancelled', async () => {
    const bars: number[] = [];
    const progress: number[] = [];
    const request = {
      task: { kind: 'accompany', score: duo },
      conditioning: { instruments: [0] },
      seed: 1,
    } as const;
    await generator.generate(request, {
      onBar: (bar, score) => {
        bars.push(bar);
        expect(countNotes(score())).toBeGreaterThanOrEqual(64);
      },
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(bars).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(progress.at(-1)).toBe(1);
    const controller = new AbortController();
    const work = generator.generate(
      { ...request, task: { kind: 'accompany', score: song(100, line(100, 40)) } },
      { signal: controller.signal, onBar: () => controller.abort() },
    );
    await expect(work).rejects.toSatisfy((error) => isAttuneError(error, 'cancelled'));
  });

  it('refuses more bars than it writes in one go', async () => {
    const endless = createScore({
      tracks: [
        {
          notes: Array.from({ length: 1500 }, (_, i) => ({
            start: i * BAR * 7,
            duration: 480,
            pitch: 60,
            velocity: 80,
          })),
        },
      ],
    });
    await expect(make({ kind: 'accompany', score: endless }, { instruments: [40] })).rejects.toThrow(
      /10494 bars are to be written; at most 1024/,
    );
  });
});

describe('reorchestrate', () => {
  it('sets the music for other instruments, and keeps drums where they are named', async () => {
    const band = song(8, line(8, 0), drums);
    const score = await make({ kind: 'reorchestrate', score: band }, { instruments: [40, 42, 128] });
    expect(new Set(score.tracks.filter(({ isDrum }) => !isDrum).map(({ program }) => program)).has(0)).toBe(
      false,
    );
    expect(score.tracks.find(({ isDrum }) => isDrum)!.notes).toEqual(drums.notes);
    const without = await make({ kind: 'reorchestrate', score: band }, { instruments: [40] });
    expect(without.tracks.map(({ isDrum, program }) => [isDrum, program])).toEqual([[false, 40]]);
  });

  it('refuses what cannot be', async () => {
    const task = { kind: 'reorchestrate', score: duo } as const;
    await expect(make(task, { instruments: [128] })).rejects.toThrow(/Drums cannot play/);
    await expect(make(task, { instruments: [40, 128] })).rejects.toThrow(/no drums to keep/);
    await expect(make({ ...task, score: song(1, drums) }, { instruments: [40] })).rejects.toThrow(
      /drums alone/,
    );
  });
});

describe('vary', () => {
  const single = song(10, line(10, 40));
  it.each([0.2, 0.5, 0.9])('keeps %f of the bars exactly', async (keep) => {
    const score = await make({ kind: 'vary', score: single, keep });
    const bars = Array.from({ length: 10 }, (_, bar) => {
      const inBar = (one: Score): Note[] =>
        notesOf(one, 40).filter(({ start }) => Math.floor(start / BAR) === bar);
      return JSON.stringify(inBar(score)) === JSON.stringify(inBar(single));
    });
    expect(bars.filter(Boolean)).toHaveLength(Math.round(10 * keep));
  });

  it('keeps the share of notes, and writes none of them twice', async () => {
    const score = await make({ kind: 'vary', score: single, keep: 0.5, unit: 'notes' });
    const originals = new Set(single.tracks[0]!.notes.map((note) => JSON.stringify(note)));
    const names = notesOf(score, 40).map((note) => JSON.stringify(note));
    expect(names.filter((name) => originals.has(name))).toHaveLength(20);
    const places = notesOf(score, 40).map(({ start, pitch }) => `${start} ${pitch}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it.each([0, 1, 1.5, Number.NaN])('refuses to keep %f', async (keep) => {
    await expect(make({ kind: 'vary', score: single, keep })).rejects.toThrow(/keep is/);
  });
});

describe('every task', () => {
  const tasks: GenerationTask[] = [
    { kind: 'infill', score: duo, bars: [3, 4] },
    { kind: 'accompany', score: duo },
    { kind: 'reorchestrate', score: duo },
    { kind: 'vary', score: duo, keep: 0.5 },
    { kind: 'vary', score: duo, keep: 0.5, unit: 'notes' },
  ];
  const wishOf = ({ kind }: GenerationTask) =>
    kind === 'accompany' || kind === 'reorchestrate' ? { instruments: [0, 73] } : {};

  it.each(tasks)(
    'gives the same for the same seed, another for another, also with guidance ($kind)',
    async (task) => {
      const request = { task, conditioning: wishOf(task), seed: 5, guidance: 2 };
      const first = await generator.generate(request);
      expect((await generator.generate(request)).score).toEqual(first.score);
      expect((await generator.generate({ ...request, seed: 6 })).score).not.toEqual(first.score);
      const resolved = { ...request, conditioning: first.conditioning };
      expect((await generator.generate(resolved)).score).toEqual(first.score);
      expect(first.bars).toBe(8);
      expect(first.nats).toBeGreaterThan(0);
    },
  );

  it.each(tasks)('says what a model without it can do ($kind)', async (task) => {
    const words = `transformer-tiny cannot ${task.kind}; it can compose and continue.`;
    await expect(plain.generate({ task, conditioning: wishOf(task), seed: 5 })).rejects.toThrow(words);
  });

  it('refuses silence, another meter, bars beside given music, and a key for drums alone', async () => {
    const infill = (score: Score): GenerationTask => ({ kind: 'infill', score, bars: [1, 1] });
    await expect(make(infill(createScore()))).rejects.toThrow(/Nothing is given/);
    await expect(make(infill(duo), { meter: { numerator: 3, denominator: 4 } })).rejects.toThrow(
      /is in 4\/4; it cannot be written on in 3\/4/,
    );
    await expect(
      generator.generate({ task: infill(duo), conditioning: {}, bars: 4, seed: 1 }),
    ).rejects.toThrow(/The bars of infill/);
    const beat = song(2, {
      ...drums,
      notes: [...drums.notes!, { start: BAR, duration: 60, pitch: 36, velocity: 90 }],
    });
    await expect(make(infill(beat), { tonic: 0, mode: 'major' })).rejects.toThrow(/Drums alone have no key/);
    await expect(make(infill(duo), { tempo: 140 })).rejects.toThrow(/is played at 91\.0 quarters a minute/);
    await expect(make(infill(duo), { style: 'polka' })).rejects.toThrow(/style is polka/);
    await expect(
      generator.generate({ task: { kind: 'compose' }, conditioning: {}, bars: 0, seed: 1 }),
    ).rejects.toThrow(/bars is 0/);
  });

  it('puts music whose bars had to be moved back on the grid', async () => {
    const pickup = createScore({
      meters: [
        { tick: 0, numerator: 1, denominator: 4 },
        { tick: QUARTER, numerator: 3, denominator: 4 },
      ],
      tracks: [
        {
          program: 40,
          notes: Array.from({ length: 13 }, (_, i) => ({
            start: i * QUARTER,
            duration: QUARTER,
            pitch: 60 + (i % 5),
            velocity: 72,
          })),
        },
      ],
    });
    const score = await make({ kind: 'infill', score: pickup, bars: [3, 3] });
    expect(score.meters).toEqual([{ tick: 0, numerator: 3, denominator: 4 }]);
    expect(notesOf(score, 40)[0]!.start).toBe(2 * QUARTER); // the pickup ends the first bar
  });

  it('continues as a prompt does, and composes as without a task', async () => {
    const conditioning = { instruments: [40] };
    const [task, prompt] = await Promise.all([
      generator.generate({ task: { kind: 'continue', score: duo }, conditioning, bars: 2, seed: 1 }),
      generator.generate({ prompt: duo, conditioning, bars: 2, seed: 1 }),
    ]);
    expect(task).toEqual(prompt);
  });
});

describe('form', () => {
  it('changes the piece where it is wished for, and is refused by models that do not know it', async () => {
    const request = {
      conditioning: { instruments: [0], style: 'folk', tempo: 100 },
      bars: 8,
      seed: 2,
    } as const;
    const open = await generator.generate(request);
    const asked = await generator.generate({
      ...request,
      conditioning: { ...request.conditioning, form: 'AABA' },
    });
    expect(asked.score).not.toEqual(open.score);
    expect(asked.conditioning.form).toBe('AABA');
    await expect(plain.generate({ ...request, conditioning: { form: 'AB' } })).rejects.toThrow(
      /does not know sections/,
    );
    await expect(generator.generate({ ...request, conditioning: { form: 'A2' } })).rejects.toThrow(
      /form is A2/,
    );
    await expect(generator.generate({ ...request, bars: 2, conditioning: { form: 'ABAB' } })).rejects.toThrow(
      /4 sections needs as many bars/,
    );
  });
});
