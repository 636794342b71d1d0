import { BAR, FIELD_COUNT, FIELD_SIZES, PITCH, encodeCompound } from '@attune/core/tokens';
import { createRng } from '@attune/core';
import { randomScore, scoreOfTracks, trackOfRows } from '@attune/core/testing';
import type { NoteRow } from '@attune/core/testing';
import { describe, expect, it } from 'vitest';
import { natsPerNote } from '../evaluate/note-model.ts';
import type { EncodedPiece } from '../evaluate/note-model.ts';
import { createEventCounts } from './event-counts.ts';
import { FEATURES, featureIndex, visitFeatures } from './features.ts';
import { createNgramModel } from './ngram-model.ts';
import type { ContextChains } from './ngram-model.ts';
import { NGRAM_CHAINS } from './chains.ts';

const NO_CONTEXT: ContextChains = {
  bar: [],
  position: [],
  instrument: [],
  pitch: [],
  duration: [],
  velocity: [],
};

function pieceOf(rows: readonly NoteRow[], program = 0): EncodedPiece {
  return { id: 'p', sequence: encodeCompound(scoreOfTracks([trackOfRows(program, rows)])), conditioning: {} };
}

const melody = (pitches: readonly number[]): EncodedPiece =>
  pieceOf(pitches.map((pitch, i): NoteRow => [i * 480, 480, pitch, 80]));

const randomPiece = (seed: number): EncodedPiece => {
  const sequence = encodeCompound(randomScore(createRng(seed)));
  return { id: String(seed), sequence, conditioning: { style: 'folk' } };
};

describe('n-gram model', () => {
  it('without data is uniform over each field, the end charged for its bar field', () => {
    const nats = createNgramModel(NO_CONTEXT, []).natsOf(melody([60, 62]));
    const uniform = FIELD_SIZES.reduce((sum, size) => sum + Math.log(size), 0);
    expect(nats[0]).toBeCloseTo(uniform, 10);
    expect(nats[1]).toBeCloseTo(uniform, 10);
    expect(nats[2]).toBeCloseTo(Math.log(FIELD_SIZES[0]!), 10);
    expect(nats.length).toBe(3);
  });

  it('computes interpolated Kneser–Ney as by hand', () => {
    // Pitch with the context of the pitch before. Training melody a b a b a c, pitches 60 = a, 62 = b, 64 = c.
    const model = createNgramModel({ ...NO_CONTEXT, pitch: ['p1.pitch'] }, []);
    model.observe(melody([60, 62, 60, 62, 60, 64]));
    // Bigrams: ^a, ab ×2, ba ×2, ac. n1 = 2 (^a, ac), n2 = 2 (ab, ba): D1 = 2 / (2 + 4) = 1/3.
    // Lower order, distinct left contexts: a 2 (^, b), b 1, c 1: n1 = 2, n2 = 1: D0 = 2 / (2 + 2) = 1/2.
    const uniform = 1 / 256;
    const p0 = (count: number): number => (Math.max(0, count - 1 / 2) + (1 / 2) * 3 * uniform) / 4;
    const afterA = (count: number, lower: number): number =>
      (Math.max(0, count - 1 / 3) + (1 / 3) * 2 * lower) / 3;
    const nats = model.fieldNatsOf(melody([60, 62, 60, 64, 65]));
    const pitch = (step: number): number => nats[step * FIELD_COUNT + 3]!;
    expect(pitch(1)).toBeCloseTo(-Math.log(afterA(2, p0(1))), 10); // b after a
    expect(pitch(3)).toBeCloseTo(-Math.log(afterA(1, p0(1))), 10); // c after a
    expect(pitch(4)).toBeCloseTo(-Math.log(p0(0)), 10); // d after c, a context never seen: order 0
  });

  it('gives every field a distribution that sums to 1', () => {
    const model = createNgramModel(NGRAM_CHAINS, ['folk']);
    for (let seed = 0; seed < 20; seed++) model.observe(randomPiece(seed));
    const piece = randomPiece(7);
    const column = 4; // durations: change the last note's and add up
    const { steps } = piece.sequence;
    const last = (piece.sequence.barOf.length - 2) * FIELD_COUNT;
    let total = 0;
    for (let value = 0; value < FIELD_SIZES[column]!; value++) {
      const changed = Int16Array.from(steps);
      changed[last + column] = value;
      const nats = model.fieldNatsOf({ ...piece, sequence: { ...piece.sequence, steps: changed } });
      total += Math.exp(-nats[last + column]!);
    }
    expect(total).toBeCloseTo(1, 8);
  });

  it('learns: what it saw often costs little, and nats are counted a note', async () => {
    const model = createNgramModel(NGRAM_CHAINS, []);
    const tune = melody(Array.from({ length: 64 }, (_, i) => 60 + [0, 4, 7, 4][i % 4]!));
    const before = await natsPerNote(model, [tune]);
    for (let i = 0; i < 10; i++) model.observe(tune);
    const after = await natsPerNote(model, [tune]);
    expect(before.notes).toBe(64);
    expect(after.natsPerNote).toBeLessThan(before.natsPerNote / 50);
  });

  it('samples what it learned: a tune heard often comes back, in the bars that are asked for', () => {
    const model = createNgramModel(NGRAM_CHAINS, ['folk']);
    const tune = melody(Array.from({ length: 64 }, (_, i) => 60 + [0, 4, 7, 4][i % 4]!));
    for (let i = 0; i < 200; i++) model.observe(tune);
    const wish = { style: 'folk', meter: { numerator: 4, denominator: 4 }, bars: 8, instruments: [0] };
    const steps = model.sample({ ...wish, rng: createRng(1) });
    expect(model.sample({ ...wish, rng: createRng(1) })).toEqual(steps);
    const pitches = steps.filter((_, i) => i % FIELD_COUNT === PITCH);
    const moves = pitches.slice(1).map((pitch, i) => `${pitches[i]} ${pitch}`);
    const learned = moves.filter((move) => ['60 64', '64 67', '67 64', '64 60'].includes(move));
    expect(learned.length / moves.length).toBeGreaterThan(0.85);
    const deltas = steps.filter((_, i) => i % FIELD_COUNT === BAR);
    expect(deltas.reduce((sum, delta) => sum + delta, 0)).toBe(7);
  });

  it('refuses a chain that looks at what is not yet known', () => {
    expect(() => createNgramModel({ ...NO_CONTEXT, position: ['pitch'] }, [])).toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});

describe('features', () => {
  it('see no field at or after the one that they are used for', () => {
    // Two pieces that differ only from some field of a step on agree in all features that need less.
    const a = melody([60, 62, 64, 65]);
    for (let field = 0; field < FIELD_COUNT; field++) {
      const steps = Int16Array.from(a.sequence.steps);
      const step = 2;
      for (let f = field; f < FIELD_COUNT; f++) steps[step * FIELD_COUNT + f]! += 1;
      const seen = (piece: EncodedPiece): number[] => {
        let values: number[] = [];
        visitFeatures(piece, [], (v, i) => {
          if (i === step) values = [...v];
        });
        return FEATURES.flatMap(({ needs }, i) => (needs < field ? [values[i]!] : []));
      };
      expect(seen({ ...a, sequence: { ...a.sequence, steps } })).toEqual(seen(a));
    }
  });

  it('know the notes before, of the same instrument too', () => {
    const piece: EncodedPiece = {
      id: 'p',
      conditioning: {},
      sequence: encodeCompound(
        scoreOfTracks([
          trackOfRows(0, [
            [0, 480, 60, 64],
            [480, 480, 62, 64],
            [960, 480, 64, 64],
          ]),
          trackOfRows(40, [[480, 960, 76, 64]]),
        ]),
      ),
    };
    const last: Record<string, number> = {};
    visitFeatures(piece, [], (values, step) => {
      if (step === 3) for (const { name } of FEATURES) last[name] = values[featureIndex(name)]!;
    });
    expect(last).toMatchObject({
      'p1.pitch': 76,
      'p2.pitch': 62,
      'own1.pitch': 62,
      'own2.pitch': 60,
      onset1: 24,
      voices: 2,
      lastVoices: 1,
      slot: 0,
      position: 48,
    });
  });
});

describe('event counts', () => {
  it('agree with a plain map through all growth', () => {
    const counts = createEventCounts();
    const rng = createRng(3);
    const expected = new Map<string, number>();
    let wrong = 0;
    for (let i = 0; i < 60_000; i++) {
      const [high, low, symbol] = [rng.integer(40), rng.integer(400), rng.integer(20)];
      const id = counts.findOrAdd(high, low, high % 5);
      const key = `${high},${low},${symbol}`;
      if (counts.add(id, symbol) !== (expected.get(key) ?? 0)) wrong++;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    let once = 0;
    for (const [key, count] of expected) {
      const [high, low, symbol] = key.split(',').map(Number) as [number, number, number];
      if (counts.count(counts.find(high, low), symbol) !== count) wrong++;
      if (count === 1) once++;
    }
    expect(wrong).toBe(0);
    expect(counts.size.events).toBe(expected.size);
    expect(counts.countsOfCounts(5, 2).reduce((sum, group) => sum + group[0]!, 0)).toBe(once);
    expect(counts.find(999, 999)).toBe(-1);
  });
});
