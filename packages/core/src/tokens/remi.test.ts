import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { randomScore, scoreOfTracks, trackOfRows } from '../testing/random-score.ts';
import { decodeCompound, encodeCompound } from './compound.ts';
import { DURATIONS } from './grid.ts';
import { createRemiGrammar } from './remi-grammar.ts';
import { REMI_BLOCKS, REMI_OFFSETS, REMI_VOCABULARY_SIZE, remiToken } from './remi-vocabulary.ts';
import { decodeRemi, encodeRemi, remiTokenizer } from './remi.ts';

const anyScore = fc.nat().map((seed) => randomScore(createRng(seed)));
const words = (tokens: Int16Array): string[] =>
  [...tokens].map((token) => {
    const { block, value } = remiToken(token);
    return `${block} ${value}`;
  });

describe('REMI vocabulary', () => {
  it('numbers the blocks one after the other', () => {
    expect(REMI_OFFSETS).toEqual({
      end: 0,
      bar: 1,
      position: 2,
      program: 194,
      pitch: 323,
      duration: 579,
      velocity: 579 + DURATIONS.length,
    });
    expect(REMI_VOCABULARY_SIZE).toBe(587 + DURATIONS.length);
    for (let token = 0; token < REMI_VOCABULARY_SIZE; token++) {
      const { block, value } = remiToken(token);
      expect(REMI_OFFSETS[block] + value).toBe(token);
    }
    expect(REMI_BLOCKS.map(({ name }) => name)).toEqual(Object.keys(REMI_OFFSETS));
  });

  it('refuses tokens outside it', () => {
    for (const token of [-1, REMI_VOCABULARY_SIZE, 0.5]) {
      expect(() => remiToken(token)).toThrowError(expect.objectContaining({ code: 'token/invalid' }));
    }
  });
});

describe('REMI encoding', () => {
  it('encodes two bars by hand', () => {
    const piece = scoreOfTracks([
      trackOfRows(0, [
        [0, 480, 60, 64],
        [0, 480, 64, 64],
        [3840, 480, 67, 64],
      ]),
      trackOfRows(40, [[0, 240, 76, 100]]),
      trackOfRows(0, [[480, 10, 38, 127]], true),
    ]);
    const quarter = DURATIONS.indexOf(24);
    expect(words(encodeRemi(piece).tokens)).toEqual([
      'bar 0',
      ...['position 0', 'program 0', 'pitch 60', `duration ${quarter}`, 'velocity 4'],
      ...['pitch 64', `duration ${quarter}`, 'velocity 4'],
      ...['program 40', 'pitch 76', `duration ${DURATIONS.indexOf(12)}`, 'velocity 6'],
      ...['position 24', 'program 128', 'pitch 166', 'duration 0', 'velocity 7'],
      ...['bar 0', 'bar 0', 'position 0', 'program 0', 'pitch 67', `duration ${quarter}`, 'velocity 4'],
      'end 0',
    ]);
  });

  it('holds exactly the notes of the compound encoding, and is a fixed point', () => {
    fc.assert(
      fc.property(anyScore, fc.integer({ min: -6, max: 5 }), (piece, shift) => {
        const { sequence, loss } = remiTokenizer.encode(piece, { shift });
        const compound = encodeCompound(piece, { shift });
        const back = decodeRemi(sequence);
        expect(back).toEqual(decodeCompound(compound));
        expect(loss).toEqual(compound.loss);
        expect(encodeRemi(back, { shift }).tokens).toEqual(sequence.tokens);
        expect(remiTokenizer.noteCount(sequence)).toBe(compound.barOf.length - 1);
      }),
      { numRuns: 200 },
    );
  });

  it('names the place of an illegal token', () => {
    const tokens = Int16Array.from([REMI_OFFSETS.bar, REMI_OFFSETS.position + 96]);
    const meter = { numerator: 4, denominator: 4 };
    expect(() => decodeRemi({ tokens, meter, shift: 0 })).toThrow(
      'Token 1: The grammar does not allow position 96',
    );
  });
});

describe('REMI grammar', () => {
  it('random walks never meet an empty mask, keep to the options, and encode to themselves', () => {
    const options = fc.record({
      meter: fc.record({
        numerator: fc.integer({ min: 1, max: 17 }),
        denominator: fc.constantFrom(2, 4, 8, 16, 64),
      }),
      instruments: fc.uniqueArray(fc.constantFrom(0, 24, 40, 127, 128), { minLength: 1 }),
      maxBars: fc.integer({ min: 1, max: 12 }),
      seed: fc.nat(),
      edge: fc.constantFrom(0, 0.5, 0.95),
    });
    fc.assert(
      fc.property(options, ({ meter, instruments, maxBars, seed, edge }) => {
        const pitchRange = (instrument: number): [number, number] =>
          instrument === 128 ? [253, 255] : [126, 127];
        const grammar = createRemiGrammar({ meter, instruments, maxBars, minBars: maxBars, pitchRange });
        const rng = createRng(seed);
        const mask = new Uint8Array(REMI_VOCABULARY_SIZE);
        const tokens: number[] = [];
        let state = grammar.start();
        while (state.block !== 'end' && (tokens.length < 2000 || state.block !== 'velocity')) {
          const legal = grammar.mask(state, mask);
          const values = [...mask].flatMap((on, value) => (on ? [value] : []));
          expect(values.length).toBe(legal);
          expect(legal).toBeGreaterThan(0);
          const pick = rng.uniform() < edge ? (rng.uniform() < 0.5 ? 0 : legal - 1) : rng.integer(legal);
          tokens.push(values[pick]!);
          state = grammar.accept(state, values[pick]!);
        }
        const sequence = { tokens: Int16Array.from(tokens), meter, shift: 0 };
        const piece = decodeRemi(sequence);
        expect(instruments).toEqual(
          expect.arrayContaining(piece.tracks.map((t) => (t.isDrum ? 128 : t.program))),
        );
        expect(state.bar).toBeLessThan(maxBars);
        const withoutDurations = (all: Int16Array): string[] =>
          words(all).filter((word) => !/^(duration|end)/.test(word));
        expect(withoutDurations(encodeRemi(piece).tokens)).toEqual(withoutDurations(sequence.tokens));
      }),
      { numRuns: 100 },
    );
  });

  it('lets at most eight bars pass between notes', () => {
    const grammar = createRemiGrammar({ meter: { numerator: 4, denominator: 4 } });
    const bar = REMI_OFFSETS.bar;
    let state = grammar.start();
    for (let i = 0; i < 9; i++) state = grammar.accept(state, bar); // bar 0, then eight more
    expect(() => grammar.accept(state, bar)).toThrowError(expect.objectContaining({ code: 'token/invalid' }));
  });
});
