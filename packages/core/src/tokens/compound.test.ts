import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import type { Score } from '../score/score.ts';
import { createCompoundGrammar } from './compound-grammar.ts';
import { DURATION, END, FIELD_COUNT, FIELD_SIZES, decodeCompound, encodeCompound } from './compound.ts';
import { compoundTokenizer } from './compound-tokenizer.ts';
import { DURATIONS } from './grid.ts';
import { randomScore, scoreOfTracks as score, trackOfRows as track } from '../testing/random-score.ts';
import type { NoteRow } from '../testing/random-score.ts';

const anyScore = fc.nat().map((seed) => randomScore(createRng(seed)));

function rows(steps: Int16Array): number[][] {
  return Array.from({ length: steps.length / FIELD_COUNT }, (_, i) => [
    ...steps.slice(i * FIELD_COUNT, (i + 1) * FIELD_COUNT),
  ]);
}

const indexOf = (steps: number): number => DURATIONS.indexOf(steps);

describe('encodeCompound', () => {
  it('encodes a hand-made bar and a half', () => {
    const piece = score(
      [
        // C4 quarter, E4 dotted eighth on beat 2, G4 triplet eighth in bar 3 (one empty bar between)
        track(0, [
          [0, 480, 60, 64],
          [480, 360, 64, 127],
          [3840, 160, 67, 1],
        ]),
        track(32, [[0, 1920, 36, 40]]),
        track(0, [[240, 60, 35, 100]], true),
      ],
      [{ tick: 0, numerator: 4, denominator: 4 }],
    );
    const { steps, barOf, bars, meter, shift, loss } = encodeCompound(piece);
    expect(rows(steps)).toEqual([
      [0, 0, 0, 60, indexOf(24), 4],
      [0, 0, 32, 36, indexOf(96), 2],
      [0, 12, 128, 128 + 35, 0, 6],
      [0, 24, 0, 64, indexOf(18), 7],
      [2, 0, 0, 67, indexOf(8), 0],
      [END, 0, 0, 0, 0, 0],
    ]);
    expect([...barOf]).toEqual([0, 0, 0, 0, 2, 2]);
    expect({ bars, meter, shift }).toEqual({ bars: 3, meter: { numerator: 4, denominator: 4 }, shift: 0 });
    // velocities 64, 127, 1 and 100 become 72, 120, 8 and 104; the 40 stays
    const { quantisedVelocities, maxVelocityChange, ...rest } = loss;
    expect([quantisedVelocities, maxVelocityChange]).toEqual([4, 8]);
    expect(Object.values(rest).every((value) => value === 0)).toBe(true);
  });

  it('transposes melodic notes only, folding what leaves the MIDI range by octaves', () => {
    const piece = score([
      track(0, [
        [0, 480, 125, 64],
        [480, 480, 60, 64],
      ]),
      track(0, [[0, 1, 42, 64]], true),
    ]);
    const { steps, loss } = encodeCompound(piece, { shift: 5 });
    expect(rows(steps).map((row) => row[3])).toEqual([118, 170, 65, 0]);
    expect(loss.foldedPitches).toBe(1);
    const back = decodeCompound(encodeCompound(piece, { shift: 5 }));
    expect(back.tracks.map((t) => t.notes.map((n) => n.pitch))).toEqual([[113, 60], [42]]);
  });

  it('merges duplicates, keeping the longest and loudest, and cuts notes struck again', () => {
    const piece = score([
      track(40, [
        [0, 480, 60, 100],
        [0, 960, 60, 20],
      ]),
      track(40, [[720, 480, 60, 64]]),
    ]);
    const { steps, loss } = encodeCompound(piece);
    expect(rows(steps).slice(0, 2)).toEqual([
      [0, 0, 40, 60, indexOf(36), 6],
      [0, 36, 40, 60, indexOf(24), 4],
    ]);
    expect(loss).toMatchObject({ mergedDuplicates: 1, cutOverlaps: 1, mergedTracks: 1 });
  });

  it('states off-grid onsets, shortened silences, flattened tempos and dropped controls', () => {
    const piece: Score = {
      ...score([
        {
          ...track(0, [
            [7, 480, 60, 64],
            [1920 * 12, 480, 60, 64],
          ]),
          bends: [{ tick: 0, value: 5 }],
        },
      ]),
      tempos: [
        { tick: 0, bpm: 90 },
        { tick: 480, bpm: 60 },
      ],
    };
    const { steps, loss } = encodeCompound(piece);
    expect(rows(steps)[1]).toEqual([8, 0, 0, 60, indexOf(24), 4]);
    expect(loss).toMatchObject({
      quantisedOnsets: 1,
      shortenedGaps: 1,
      droppedBars: 4,
      flattenedTempos: 1,
      droppedControls: 1,
    });
    expect(loss.maxOnsetShift).toBeCloseTo(7 / 480, 12);
  });

  it('puts a pickup at the end of the first bar, and realigns the bars after a section in another meter', () => {
    const piece = score(
      [
        track(
          0,
          [0, 480, 960, 2400, 2880, 3360, 4800].map((start): NoteRow => [start, 240, 60, 64]),
        ),
      ],
      [
        { tick: 0, numerator: 1, denominator: 4 },
        { tick: 480, numerator: 4, denominator: 4 },
        { tick: 2400, numerator: 2, denominator: 4 },
        { tick: 3360, numerator: 4, denominator: 4 },
      ],
    );
    const { steps, barOf, meter, loss } = encodeCompound(piece);
    expect(meter).toEqual({ numerator: 4, denominator: 4 });
    // pickup on beat 4; two notes in bar 2; the 2/4 bar; then a fresh bar
    expect(
      rows(steps)
        .slice(0, 7)
        .map((row, i) => [barOf[i], row[1]]),
    ).toEqual([
      [0, 72],
      [1, 0],
      [1, 24],
      [2, 0],
      [2, 24],
      [3, 0],
      [3, 72],
    ]);
    expect(loss).toMatchObject({ flattenedMeters: 3, addedSilence: 3 + 2 });
  });

  it('splits bars of more than eight quarters into equal pseudo-bars', () => {
    const piece = score([track(0, [[480 * 7, 480, 60, 64]])], [{ tick: 0, numerator: 9, denominator: 2 }]);
    const { steps } = encodeCompound(piece);
    expect(rows(steps)[0]!.slice(0, 2)).toEqual([1, 24]); // 18 quarters = 3 × 6; quarter 7 is the second of bar 1
  });

  it('moves the hi-hat edge of electronic kits to the keys that sound, also when decoding', () => {
    const { steps, loss } = encodeCompound(
      score([
        track(
          0,
          [
            [0, 10, 22, 80],
            [480, 10, 26, 80],
          ],
          true,
        ),
      ]),
    );
    expect(rows(steps).map((row) => row[3])).toEqual([128 + 42, 128 + 46, 0]);
    expect(loss.movedDrums).toBe(2);
    const raw = {
      steps: Int16Array.from([0, 0, 128, 128 + 22, 0, 5]),
      meter: { numerator: 4, denominator: 4 },
      shift: 0,
    };
    expect(decodeCompound(raw).tracks[0]!.notes[0]!.pitch).toBe(42);
  });

  it('encodes silence as the closing step alone', () => {
    expect(rows(encodeCompound(score([])).steps)).toEqual([[END, 0, 0, 0, 0, 0]]);
  });

  it('encode, decode, encode is a fixed point, and the second time nothing is lost', () => {
    fc.assert(
      fc.property(anyScore, fc.integer({ min: -6, max: 5 }), (piece, shift) => {
        const first = encodeCompound(piece, { shift });
        const second = encodeCompound(decodeCompound(first), { shift });
        expect(second.steps).toEqual(first.steps);
        expect(second.barOf).toEqual(first.barOf);
        expect({ bars: second.bars, meter: second.meter }).toEqual({ bars: first.bars, meter: first.meter });
        const { foldedPitches: _, ...rest } = second.loss;
        expect(Object.values(rest).every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('moves no note by more than half a step when nothing else is flattened', () => {
    fc.assert(
      fc.property(anyScore, (piece) => {
        const { loss, steps } = encodeCompound({ ...piece, meters: [] });
        expect(loss.maxOnsetShift).toBeLessThanOrEqual(0.5 / 24);
        const total = piece.tracks.reduce((sum, t) => sum + t.notes.length, 0);
        expect(steps.length / FIELD_COUNT - 1 + loss.mergedDuplicates).toBe(total);
      }),
    );
  });
});

describe('decodeCompound', () => {
  const meter = { numerator: 3, denominator: 4 };
  const decode = (...steps: number[]): Score =>
    decodeCompound({ steps: Int16Array.from(steps), meter, shift: 0 });

  it('places notes by bar length, resolution, tempo and meter', () => {
    const sequence = {
      steps: Int16Array.from([1, 24, 128, 163, 0, 4, 0, 24, 40, 60, 0, 0].slice(0, 6)),
      meter,
      shift: 0,
    };
    const piece = decodeCompound(sequence, {
      ticksPerQuarter: 96,
      tempo: 90,
      title: 'T',
      trackNames: { 128: 'Kit' },
    });
    expect(piece).toMatchObject({ ticksPerQuarter: 96, title: 'T', tempos: [{ tick: 0, bpm: 90 }] });
    expect(piece.tracks).toEqual([{ ...track(0, [[4 * 96, 4, 35, 72]], true), name: 'Kit' }]);
  });

  it.each([
    ['a position outside the bar', [0, 72, 0, 60, 0, 0], /position 72/],
    ['a drum key on a piano', [0, 0, 0, 160, 0, 0], /pitch 160/],
    ['a melodic pitch on drums', [0, 0, 128, 60, 0, 0], /pitch 60/],
    ['a negative field', [0, 0, 0, -1, 0, 0], /pitch -1/],
    ['an unknown duration', [0, 0, 0, 60, 99, 0], /duration 99/],
    ['a step after the end', [END, 0, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0], /bar 9/],
    ['half a step', [0, 0, 0], /3 values/],
  ])('refuses %s', (_, steps, message) => {
    expect(() => decode(...steps)).toThrowError(expect.objectContaining({ code: 'token/invalid' }));
    expect(() => decode(...steps)).toThrow(message);
  });
});

describe('compound grammar', () => {
  it('accepts every encoded sequence', () => {
    fc.assert(
      fc.property(anyScore, (piece) => {
        const sequence = encodeCompound(piece);
        const grammar = createCompoundGrammar({
          meter: sequence.meter,
          maxBars: sequence.bars,
          minBars: sequence.bars,
        });
        let state = grammar.start();
        for (const row of rows(sequence.steps)) state = grammar.accept(state, row);
        expect(state.ended).toBe(true);
        expect(state.bar).toBe(sequence.barOf.at(-1));
      }),
      { numRuns: 300 },
    );
  });

  it('random walks never meet an empty mask, keep to the options, decode, and encode to themselves', () => {
    const options = fc.record({
      meter: fc.record({
        numerator: fc.integer({ min: 1, max: 17 }),
        denominator: fc.constantFrom(2, 4, 8, 16, 64),
      }),
      instruments: fc.uniqueArray(fc.constantFrom(0, 24, 40, 127, 128), { minLength: 1 }),
      maxBars: fc.integer({ min: 1, max: 12 }),
      range: fc.integer({ min: 0, max: 3 }),
      seed: fc.nat(),
      // How often to take the first or the last legal value: walks along the edges of the grammar.
      edge: fc.constantFrom(0, 0.5, 0.95),
    });
    fc.assert(
      fc.property(options, ({ meter, instruments, maxBars, range, seed, edge }) => {
        const grammar = createCompoundGrammar({
          meter,
          instruments,
          maxBars,
          minBars: maxBars,
          pitchRange: (instrument) => (instrument === 128 ? [255 - range, 255] : [127 - range, 127]),
        });
        const rng = createRng(seed);
        const mask = new Uint8Array(256);
        const steps: number[] = [];
        let state = grammar.start();
        while (!state.ended && steps.length < 400 * FIELD_COUNT) {
          const step: number[] = [];
          for (let field = 0; field < FIELD_COUNT; field++) {
            const legal = grammar.mask(field, state, step, mask);
            const values = [...mask.subarray(0, FIELD_SIZES[field])].flatMap((on, value) =>
              on ? [value] : [],
            );
            expect(values.length).toBe(legal);
            expect(legal).toBeGreaterThan(0);
            const pick = rng.uniform() < edge ? (rng.uniform() < 0.5 ? 0 : legal - 1) : rng.integer(legal);
            step.push(values[pick]!);
          }
          steps.push(...step);
          state = grammar.accept(state, step);
        }
        const sequence = { steps: Int16Array.from(steps), meter, shift: 0 };
        const piece = decodeCompound(sequence);
        const played = piece.tracks.map((t) => (t.isDrum ? 128 : t.program));
        expect(instruments).toEqual(expect.arrayContaining(played));
        expect(state.bar).toBeLessThan(maxBars);
        // Only cut durations of notes struck again may differ.
        const again = encodeCompound(piece);
        const comparable = (all: Int16Array): number[][] =>
          rows(all)
            .filter((row) => row[0] !== END)
            .map((row) => row.filter((_, field) => field !== DURATION));
        expect(comparable(again.steps)).toEqual(comparable(sequence.steps));
      }),
      { numRuns: 150 },
    );
  });

  it('orders notes: position, then instrument, then pitch', () => {
    const grammar = createCompoundGrammar({
      meter: { numerator: 4, denominator: 4 },
      instruments: [0, 40, 128],
    });
    const state = grammar.accept(grammar.start(), [0, 12, 40, 60, 3, 4]);
    expect(() => grammar.accept(state, [0, 11, 128, 160, 0, 0])).toThrow(/position 11/);
    expect(() => grammar.accept(state, [0, 12, 0, 70, 0, 0])).toThrow(/instrument 0/);
    expect(() => grammar.accept(state, [0, 12, 40, 60, 0, 0])).toThrow(/pitch 60/);
    expect(() => grammar.accept(state, [0, 12, 24, 60, 0, 0])).toThrow(/instrument 24/);
    expect(() => grammar.accept(state, [0, 12, 128, 160, 3, 0])).toThrow(/duration 3/);
    expect(grammar.accept(state, [0, 12, 40, 61, 3, 4]).pitch).toBe(61);
    expect(grammar.accept(state, [1, 0, 0, 3, 3, 4]).bar).toBe(1);
  });

  it('forbids the end before minBars and forces it after the last possible note', () => {
    const grammar = createCompoundGrammar({
      meter: { numerator: 1, denominator: 4 },
      instruments: [0],
      maxBars: 1,
      minBars: 1,
    });
    const mask = new Uint8Array(256);
    grammar.mask(0, grammar.start(), [], mask);
    expect([...mask.subarray(0, END + 1)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const state = grammar.accept(grammar.start(), [0, 23, 0, 127, 0, 0]);
    expect(grammar.mask(0, state, [], mask)).toBe(1);
    expect(mask[END]).toBe(1);
  });

  it('refuses an empty choice of instruments', () => {
    expect(() =>
      createCompoundGrammar({ meter: { numerator: 4, denominator: 4 }, instruments: [] }),
    ).toThrowError(expect.objectContaining({ code: 'argument/invalid' }));
  });
});

describe('compoundTokenizer', () => {
  it('counts notes without the closing step', () => {
    const piece = score([
      track(0, [
        [0, 480, 60, 64],
        [480, 480, 62, 64],
      ]),
    ]);
    const { sequence } = compoundTokenizer.encode(piece);
    expect(compoundTokenizer.noteCount(sequence)).toBe(2);
    expect(compoundTokenizer.vocabulary.map((block) => block.size)).toEqual([
      10,
      192,
      129,
      256,
      DURATIONS.length,
      8,
    ]);
  });
});
