import { createRng } from '@attune/core';
import { FIELD_COUNT, FIELD_SIZES } from '@attune/core/tokens';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch, drawBatch } from './batch.ts';
import { OPEN } from './conditions.ts';
import { createInputLayout, FIELD_OFFSETS, VALUE_COUNT } from './input-layout.ts';
import { packExcerpts } from './train.ts';
import { testPiece } from './test-piece.ts';
import { TINY_CONDITIONS, TINY_SHAPE } from './test-checkpoint.ts';
import { DEFAULT_EXCERPT_OPTIONS, ExcerptSampler, pieceWeights, wholePieceExcerpts } from './windows.ts';

describe('wholePieceExcerpts', () => {
  it('charges every step once, each window within its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 8, max: 64 }), (notes, window) => {
        const piece = testPiece(notes, createRng(notes));
        const charged = new Array<number>(notes + 1).fill(0);
        for (const { from, to, chargedFrom } of wholePieceExcerpts(piece, window, OPEN, true)) {
          expect(to - from).toBeLessThanOrEqual(window);
          expect(chargedFrom).toBeGreaterThanOrEqual(from);
          for (let step = chargedFrom; step < to; step++) charged[step]!++;
        }
        expect(charged.every((count) => count === 1)).toBe(true);
      }),
    );
  });
});

describe('ExcerptSampler', () => {
  const pieces = [testPiece(20, createRng(1)), testPiece(200, createRng(2))];
  const sampler = new ExcerptSampler(pieces, [1, 3], TINY_CONDITIONS, DEFAULT_EXCERPT_OPTIONS);

  it('begins at bar lines, fits the room and draws pieces by weight', () => {
    const rng = createRng(9);
    let long = 0;
    const kinds = new Set<string>();
    for (let i = 0; i < 2000; i++) {
      const { piece, from, to, start } = sampler.draw(64, rng);
      expect(to - from).toBeLessThanOrEqual(64);
      expect(to).toBeGreaterThan(from);
      expect(from === 0 || piece.barOf[from] !== piece.barOf[from - 1]).toBe(true);
      if (piece === pieces[1]) long++;
      kinds.add(`${start} ${from === 0 ? 'first' : 'later'}`);
    }
    // 3/4 of 2,000 with a standard deviation of 19.4
    expect(Math.abs(long - 1500)).toBeLessThan(6 * 19.4);
    expect([...kinds].sort()).toEqual(['middle later', 'start first', 'start later']);
  });

  it('leaves wishes open about as often as asked', () => {
    const rng = createRng(3);
    let open = 0;
    for (let i = 0; i < 2000; i++) if (sampler.draw(64, rng).bins.style < 0) open++;
    // 20 % of 2,000 with a standard deviation of 17.9
    expect(Math.abs(open - 400)).toBeLessThan(6 * 17.9);
  });
});

describe('pieceWeights', () => {
  it('gives styles their share by power and pieces theirs by notes', () => {
    const [a, b] = [testPiece(99, createRng(1)), { ...testPiece(24, createRng(2)), style: 'game' }];
    const { weights, styles } = pieceWeights([a, a, b], 0.5);
    // √200 and √25 of their sum
    expect(styles['folk']).toBeCloseTo(Math.sqrt(200) / (Math.sqrt(200) + 5), 10);
    expect(weights[0]).toBeCloseTo(styles['folk']! / 2, 10);
    expect(weights[2]).toBeCloseTo(styles['game']!, 10);
  });
});

describe('batches', () => {
  const layout = createInputLayout(TINY_CONDITIONS);

  it('hold one value a field, charge the closing step for its bar only, and number their excerpts', () => {
    const piece = testPiece(10, createRng(4));
    const excerpts = wholePieceExcerpts(piece, 32, OPEN, true);
    const batch = createBatch([{ excerpt: excerpts[0]!, row: 0, at: 3 }], 1, 32, TINY_SHAPE, layout);
    for (let i = 0; i < 32; i++) {
      const isStep = i >= 3 && i < 14;
      expect(batch.segments[i]).toBe(isStep ? 1 : 0);
      for (let field = 0; field < FIELD_COUNT; field++) {
        const block = batch.targets.subarray(
          i * VALUE_COUNT + FIELD_OFFSETS[field]!,
          i * VALUE_COUNT + FIELD_OFFSETS[field]! + FIELD_SIZES[field]!,
        );
        expect(block.reduce((sum, x) => sum + x, 0)).toBe(isStep ? 1 : 0);
        expect(batch.weights[i * FIELD_COUNT + field]).toBe(isStep && (i < 13 || field === 0) ? 1 : 0);
      }
    }
    // The step after the first note shows that note.
    const second = batch.inputs.subarray(4 * layout.rows, 5 * layout.rows);
    for (let field = 0; field < FIELD_COUNT; field++)
      expect(second[FIELD_OFFSETS[field]! + piece.steps[field]!]).toBe(1);
  });

  it('are the same for the same seed', () => {
    const sampler = new ExcerptSampler(
      [testPiece(80, createRng(1))],
      [1],
      TINY_CONDITIONS,
      DEFAULT_EXCERPT_OPTIONS,
    );
    const draw = () => drawBatch(sampler, 2, 32, TINY_SHAPE, layout, createRng(6));
    expect(draw()).toEqual(draw());
  });

  it('pack excerpts without overlap', () => {
    const excerpts = [5, 30, 12, 18, 3, 25].flatMap((notes) =>
      wholePieceExcerpts(testPiece(notes, createRng(notes)), 32, OPEN, false),
    );
    const batches = packExcerpts(excerpts, 2, 32);
    expect(batches.flat()).toHaveLength(excerpts.length);
    for (const batch of batches) {
      const taken = new Set<number>();
      for (const { excerpt, row, at } of batch) {
        for (let i = at; i < at + excerpt.to - excerpt.from; i++) {
          expect(i).toBeLessThan(32);
          expect(taken.has(row * 32 + i)).toBe(false);
          taken.add(row * 32 + i);
        }
      }
    }
  });
});
