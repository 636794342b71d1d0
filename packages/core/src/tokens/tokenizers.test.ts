import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng } from '../foundation/rng.ts';
import { createScore } from '../score/create-score.ts';
import { countNotes } from '../score/extent.ts';
import type { Note, Score } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import { randomScore } from '../testing/random-score.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import type { TokenHeader } from './tokenizer.ts';
import { TOKENIZERS, tokenizerFromJson, tokenizerToJson } from './tokenizers.ts';
import { verifyLoss } from './verify-loss.test-helper.ts';

/** Both generators: one makes odd grids, overlaps and meters, the other also tempos, controllers, keys and texts. */
const anyScore = fc.oneof(
  fc.nat().map((seed) => randomScore(createRng(seed))),
  scoreArbitrary(fc, { separable: false }),
);
const note = (start: number, duration: number, pitch = 60, velocity = 64): Note => ({
  start,
  duration,
  pitch,
  velocity,
});
const BAR = 1920;

/** Scores at the edges; each must encode without an error. */
const EDGES: readonly (readonly [name: string, score: Score])[] = [
  ['no tracks', createScore()],
  ['a track without notes', createScore({ tracks: [{}] })],
  ['one note', createScore({ tracks: [{ notes: [note(0, 480)] }] })],
  ['one note of no length', createScore({ tracks: [{ notes: [note(77, 0, 127, 1)] }] })],
  [
    'drums only',
    createScore({
      tracks: [{ isDrum: true, notes: [0, 22, 26, 127].map((key, i) => note(i * 100, i * 90, key)) }],
    }),
  ],
  [
    '10,000 bars',
    createScore({
      tracks: [{ notes: Array.from({ length: 10_000 }, (_, i) => note(i * BAR, 480, 40 + (i % 50))) }],
    }),
  ],
  ['a silence of 10,000 bars', createScore({ tracks: [{ notes: [note(0, 480), note(10_000 * BAR, 480)] }] })],
  [
    'the slowest and fastest tempos of a MIDI file',
    createScore({
      tracks: [{ notes: Array.from({ length: 40 }, (_, i) => note(i * 120, 100, 60 + (i % 5))) }],
      tempos: [
        { tick: 0, bpm: 3.58 },
        { tick: 960, bpm: 60_000_000 },
        { tick: 2000, bpm: 4 },
      ],
    }),
  ],
  [
    'the shortest and longest meters, changing',
    createScore({
      tracks: [{ notes: Array.from({ length: 60 }, (_, i) => note(i * 240, 200)) }],
      meters: [
        { tick: 0, numerator: 1, denominator: 128 },
        { tick: 480, numerator: 255, denominator: 1 },
        { tick: 4000, numerator: 251, denominator: 64 },
        { tick: 9000, numerator: 7, denominator: 8 },
      ],
    }),
  ],
  [
    'one tick a quarter',
    createScore({ ticksPerQuarter: 1, tracks: [{ notes: [note(0, 1), note(3, 2), note(3, 9)] }] }),
  ],
  [
    'every pitch of every instrument at once',
    createScore({
      tracks: Array.from({ length: 12 }, (_, i) => ({
        program: i * 11,
        isDrum: i === 11,
        notes: Array.from({ length: 128 }, (_, pitch) => note(480, 480, pitch, 1 + (pitch % 127))),
      })),
    }),
  ],
];

describe.each(TOKENIZERS.map((tokenizer) => [tokenizer.name, tokenizer] as const))(
  'tokenizer %s',
  (_, tokenizer) => {
    const { vocabularySize } = tokenizer;
    const mask = new Uint8Array(vocabularySize);

    it('numbers its blocks one after the other, and is found again from JSON', () => {
      let offset = 0;
      tokenizer.vocabulary.forEach(({ size }, i) => {
        expect(tokenizer.offsets[i]).toBe(offset);
        offset += size;
      });
      expect(vocabularySize).toBe(offset);
      const json = tokenizerToJson(tokenizer);
      expect(tokenizerFromJson(JSON.parse(JSON.stringify(json)))).toBe(tokenizer);
      for (const wrong of [
        { ...json, vocabulary: json.vocabulary.slice(1) },
        { ...json, settings: { ...json.settings, velocities: [1] } },
        { ...json, name: 'other-1' },
        undefined,
      ]) {
        expect(() => tokenizerFromJson(wrong)).toThrowError(
          expect.objectContaining({ code: 'checkpoint/mismatch' }),
        );
      }
    });

    /** Same tokens, same header. */
    const isSame = (a: TokenHeader, b: TokenHeader): boolean =>
      JSON.stringify([a.meter, a.shift]) === JSON.stringify([b.meter, b.shift]) &&
      Buffer.from(tokenizer.tokensOf(a).buffer).equals(Buffer.from(tokenizer.tokensOf(b).buffer));

    /** All that holds for any score. */
    const check = (score: Score, shift = 0): void => {
      const { sequence, loss } = tokenizer.encode(score, { shift });
      const tokens = tokenizer.tokensOf(sequence);
      const second = tokenizer.encode(score, { shift }); // determinism
      expect(second.loss).toEqual(loss);
      expect(isSame(second.sequence, sequence)).toBe(true);
      expect(tokenizer.noteCount(sequence)).toBe(countNotes(score) - loss.mergedDuplicates);

      const back = tokenizer.decode(sequence);
      const again = tokenizer.encode(back, { shift });
      expect(isSame(again.sequence, sequence)).toBe(true);
      const { foldedPitches: folded, ...rest } = again.loss; // folded pitches may fold again, to the same place
      expect(folded === 0 || shift !== 0).toBe(true);
      expect(Object.entries(rest).filter(([, value]) => value !== 0)).toEqual([]);

      expect(isSame(tokenizer.sequenceOf(tokens, sequence), sequence)).toBe(true);
      expect(tokens.every((token) => token >= 0 && token < vocabularySize)).toBe(true);
      verifyLoss(score, back, loss, shift, tokenizer.name);
    };

    it.each(EDGES)('keeps the contract for %s', (_, score) => {
      check(score);
    });

    it('keeps the contract for any score and shift', () => {
      fc.assert(
        fc.property(anyScore, fc.constantFrom(0, 0, -6, 5, 100), (score, shift) => check(score, shift)),
        { numRuns: 60 },
      );
    });

    it('masks in what encoding writes, and ends with it', () => {
      fc.assert(
        fc.property(anyScore, (score) => {
          const { sequence } = tokenizer.encode(score);
          const grammar = tokenizer.grammar({ meter: sequence.meter });
          let state = grammar.start();
          for (const token of tokenizer.tokensOf(sequence)) {
            expect(grammar.ended(state)).toBe(false);
            const legal = grammar.mask(state, mask);
            expect(mask[token]).toBe(1);
            expect(legal).toBe(mask.reduce((sum, on) => sum + on, 0));
            state = grammar.accept(state, token);
          }
          expect(grammar.ended(state)).toBe(true);
          expect(grammar.mask(state, mask)).toBe(0);
        }),
        { numRuns: 8 },
      );
    });

    it('any walk under the mask decodes, and encodes to itself but for the lengths of notes struck again', () => {
      const options = fc.record({
        instruments: fc.uniqueArray(fc.constantFrom(0, 24, 127, 128), { minLength: 1 }),
        range: fc.integer({ min: 0, max: 3 }),
        seed: fc.nat(),
        edge: fc.constantFrom(0, 0.5, 0.95), // how often to take the first or the last legal token
      });
      fc.assert(
        fc.property(options, ({ instruments, range, seed, edge }) => {
          const pitchRange = (instrument: number): [number, number] =>
            instrument === 128 ? [254 - range, 254] : [100 - range, 100];
          const grammar = tokenizer.grammar({ instruments, pitchRange });
          const rng = createRng(seed);
          const tokens: number[] = [];
          let state = grammar.start();
          while (!grammar.ended(state) && tokens.length < 240) {
            const legal = grammar.mask(state, mask);
            expect(legal).toBeGreaterThan(0);
            const choices = [...mask].flatMap((on, token) => (on ? [token] : []));
            const pick = rng.uniform() < edge ? (rng.uniform() < 0.5 ? 0 : legal - 1) : rng.integer(legal);
            tokens.push(choices[pick]!);
            state = grammar.accept(state, choices[pick]!);
          }
          const header = { meter: { numerator: 4, denominator: 4 }, shift: 0 };
          const sequence = tokenizer.sequenceOf(tokens, header);
          const back = tokenizer.decode(sequence);
          const playing = back.tracks.map(({ isDrum, program }) => (isDrum ? 128 : program));
          expect(instruments).toEqual(expect.arrayContaining(playing));
          expect(countNotes(back)).toBe(tokenizer.noteCount(sequence));
          if (!grammar.ended(state)) return;
          const onsets = (score: Score) =>
            score.tracks.flatMap((track) =>
              track.notes.map(({ start, pitch, velocity }) => [
                track.program,
                track.isDrum,
                start,
                pitch,
                velocity,
              ]),
            );
          expect(onsets(tokenizer.decode(tokenizer.encode(back).sequence))).toEqual(onsets(back));
        }),
        { numRuns: 60 },
      );
    });

    it('refuses every illegal token in every place, naming place and token', () => {
      const score = createScore({
        tracks: [
          { program: 3, notes: [note(0, 480), note(240, 480, 64), note(960, 100)] },
          { isDrum: true, notes: [note(0, 10, 36), note(960, 10, 38)] },
        ],
      });
      const { sequence } = tokenizer.encode(score);
      const tokens = tokenizer.tokensOf(sequence);
      const grammar = tokenizer.grammar({ meter: sequence.meter });
      let state = grammar.start();
      let refused = 0;
      for (let index = 0; index < tokens.length; index++) {
        grammar.mask(state, mask);
        for (const token of [-1, 0.5, NaN, vocabularySize, ...mask.keys()]) {
          if (mask[token] === 1) continue;
          const changed = Float64Array.from(tokens);
          changed[index] = token;
          let error: unknown;
          try {
            tokenizer.sequenceOf(changed, sequence);
          } catch (thrown) {
            error = thrown;
          }
          if (
            !isAttuneError(error, 'token/invalid') ||
            error.place.index !== index ||
            !Object.is(error.place.token, token)
          ) {
            expect.fail(`Token ${token} at ${index} was taken: ${String(error)}`);
          }
          refused++;
        }
        state = grammar.accept(state, tokens[index]!);
      }
      expect(refused).toBeGreaterThan(tokens.length * vocabularySize * 0.5);
      const longer = [...tokens, tokens[0]!];
      expect(() => tokenizer.sequenceOf(longer, sequence)).toThrowError(
        expect.objectContaining({ code: 'token/invalid' }),
      );
    });

    it('takes every legal single change, and every prefix or its refusal is typed', () => {
      const { sequence } = tokenizer.encode(randomScore(createRng(11)));
      const tokens = tokenizer.tokensOf(sequence).slice(0, 60);
      const grammar = tokenizer.grammar({ meter: sequence.meter });
      let state = grammar.start();
      for (let index = 0; index < tokens.length; index++) {
        const prefix = tokens.slice(0, index);
        grammar.mask(state, mask);
        const choices = [...mask].flatMap((on, token) => (on ? [token] : []));
        for (const token of [choices[0]!, choices[choices.length >> 1]!, choices.at(-1)!]) {
          try {
            tokenizer.decode(tokenizer.sequenceOf([...prefix, token], sequence));
          } catch (error) {
            expect(isAttuneError(error, 'token/invalid')).toBe(true);
            expect((error as Error).message).toMatch(/within a step/); // nothing else can be wrong with it
          }
        }
        state = grammar.accept(state, tokens[index]!);
      }
    });

    it('refuses a band that cannot play, and a shift of half a semitone', () => {
      expect(() => tokenizer.grammar({ instruments: [] })).toThrowError(
        expect.objectContaining({ code: 'argument/invalid' }),
      );
      expect(() => tokenizer.encode(createScore(), { shift: 0.5 })).toThrowError(
        expect.objectContaining({ code: 'token/invalid' }),
      );
    });

    it('keeps clock times apart where the tempo changes, as far as it says', () => {
      const score = createScore({
        tracks: [{ notes: [0, 480, 960, 1440].map((start) => note(start, 240)) }],
        tempos: [
          { tick: 0, bpm: 120 },
          { tick: 960, bpm: 60 },
        ],
      });
      const { sequence, loss } = tokenizer.encode(score);
      const back = tokenizer.decode(sequence);
      const { secondsAt } = createTempoMap(back);
      const times = back.tracks[0]!.notes.map(({ start }) => secondsAt(start));
      expect(times).toEqual(tokenizer.name === 'midi-like-1' ? [0, 0.5, 1, 2] : [0, 0.5, 1, 1.5]);
      expect(loss.flattenedTempos).toBe(1);
    });
  },
);
