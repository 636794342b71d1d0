import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { classifyRows } from '../feature-rows.ts';
import { fitLogitResidual } from '../learners/logit-residual.ts';
import { softmax } from '../metrics/calibration.ts';
import { correctModel, type CorrectedPiece } from './correct-model.ts';
import { fitStyleModel, type LabelledFeatures } from './fit-model.ts';
import { readStyleModel, writeStyleModel } from './model-checkpoint.ts';

const CENTRES = [[0, 0], [3, 0], [3, 20]] as const; // prettier-ignore
function clouds(kinds: readonly number[], count: number, seed: number, shift = 0): LabelledFeatures[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, i) => {
    const label = kinds[i % kinds.length]!;
    return {
      features: CENTRES[label]!.map((x, f) => x + (f === 0 ? shift : 0) + rng.normal()),
      label,
      piece: `${seed}-${i}`,
    };
  });
}
const { model } = fitStyleModel(clouds([0, 1], 200, 1), clouds([0, 1], 60, 2), {
  name: 'clouds', modality: 'score', labels: ['a', 'b'], features: ['x', 'y'],
  candidates: [{ kind: 'logistic', l2: 0.01, iterations: 60 }],
  balance: 0, risk: 0.05, familiar: 1, rng: createRng(1),
}); // prettier-ignore
const pieces = (rows: readonly LabelledFeatures[], names = 'abc'): CorrectedPiece[] =>
  rows.map(({ features, label, piece }) => ({ piece, label: names[label]!, rows: [features] }));
const best = (of: typeof model, row: ArrayLike<number>): string =>
  classifyRows(of, [row]).probabilities[0]!.label;
const options = { name: 'clouds+1', anchors: [], seed: 1 };
/** In this installation everything lies 2 to the right: the boundary of the shipped model is wrong here. */
const shifted = clouds([0, 1], 40, 3, 2);

describe('a model corrected by people', () => {
  it('learns what they say, and says so on pieces that it did not see', () => {
    const result = correctModel(model, pieces(shifted), options);
    expect(result.l2).not.toBeNull();
    expect(result.before.items).toBe(40);
    expect(result.after.accuracy).toBeGreaterThan(result.before.accuracy + 0.15);
    const fresh = clouds([0, 1], 200, 9, 2);
    const share = (of: typeof model): number =>
      fresh.filter(({ features, label }) => best(of, features) === 'ab'[label]).length / fresh.length;
    expect(share(result.model)).toBeGreaterThan(share(model) + 0.15);
    expect(result.model).toMatchObject({ name: 'clouds+1', labels: ['a', 'b'] });
  });

  it('leaves the model as it was where it was right already', () => {
    const right = pieces(clouds([0, 1], 20, 4)).map((piece) => ({
      ...piece,
      label: best(model, piece.rows[0]!),
    }));
    const { model: same, before, after } = correctModel(model, right, options);
    expect([before.accuracy, after.accuracy]).toEqual([1, 1]);
    for (const { features } of clouds([0, 1], 30, 5))
      expect(best(same, features)).toBe(best(model, features));
  });

  it('adds labels by examples, and judges them where there are two or more', () => {
    const three = [...pieces(clouds([2], 6, 6)), { piece: 'lone', label: 'lonely', rows: [[-30, -30]] }];
    const { model: more, added, unjudged, before, after } = correctModel(model, three, options);
    expect([added, unjudged]).toEqual([['c', 'lonely'], ['lonely']]); // prettier-ignore
    expect(more.labels).toEqual(['a', 'b', 'c', 'lonely']);
    expect([before.items, before.accuracy, after.accuracy]).toEqual([6, 0, 1]);
    expect(best(more, [3, 20])).toBe('c');
    expect(best(more, [0, 0])).toBe('a');
  });

  it('stays what it was for pieces that nobody corrected, beside those that somebody did', () => {
    const rng = createRng(8);
    const high = Array.from({ length: 12 }, (_, i) => ({
      piece: `high-${i}`,
      label: 'b',
      rows: [[rng.normal(), 6 + rng.normal()]],
    }));
    const anchors = clouds([0, 1], 40, 7).map(({ features }) => features);
    const kept = (of: typeof model): number =>
      anchors.filter((row) => best(of, row) === best(model, row)).length;
    const held = correctModel(model, high, { ...options, anchors }).model;
    expect(best(model, [0, 6])).toBe('a');
    expect(best(held, [0, 6])).toBe('b');
    expect(kept(held)).toBeGreaterThanOrEqual(34);
    expect(kept(correctModel(model, high, options).model)).toBeLessThan(kept(held));
  });

  it('comes back from its checkpoint, and is the same every time', () => {
    const corrected = correctModel(model, pieces([...shifted, ...clouds([2], 4, 6)]), options).model;
    const again = readStyleModel(writeStyleModel(corrected, { modelCard: '', metrics: [], training: {} }));
    expect(classifyRows(again, [[3, 1]])).toEqual(classifyRows(corrected, [[3, 1]]));
    expect(correctModel(model, pieces([...shifted, ...clouds([2], 4, 6)]), options).model.temperature).toBe(
      corrected.temperature,
    );
  });

  it('is refused without pieces, of rows that do not fit, from an extended model, and when cancelled', () => {
    const [piece] = pieces(shifted);
    expect(() => correctModel(model, [], options)).toThrow(/there are none/);
    expect(() => correctModel(model, [{ ...piece!, rows: [[1, NaN]] }], options)).toThrow(
      /3-0 is not described by rows of 2 finite/,
    );
    expect(() => correctModel(model, [{ ...piece!, rows: [] }], options)).toThrow(/3-0 is not described/);
    expect(() => correctModel(model, [piece!], { ...options, anchors: [[1]] })).toThrow(
      /Anchor 0 is not 2 finite/,
    );
    const extended = correctModel(model, pieces(clouds([2], 3, 6)), options).model;
    expect(() => correctModel(extended, [piece!], options)).toThrow(/correct the model that it came from/);
    expect(() => correctModel(model, pieces(shifted), { ...options, signal: AbortSignal.abort() })).toThrow(
      /cancelled/,
    );
  });
});

describe('a residual of logits', () => {
  it('of one row without penalty reaches its target', () => {
    const row = {
      row: Float32Array.of(1, -1),
      offset: Float64Array.of(2, 0, 0),
      target: Float64Array.of(0.2, 0.7, 0.1),
      weight: 3,
    };
    const { weights, bias } = fitLogitResidual([row], 3, { l2: 0, iterations: 800 });
    const logits = row.offset.map((value, k) => value + weights[2 * k]! - weights[2 * k + 1]! + bias[k]!);
    softmax(logits).forEach((p, k) => expect(p).toBeCloseTo(row.target[k]!, 3));
  });

  it('is nothing where the fixed model says what it should', () => {
    const offset = Float64Array.of(0.5, -0.5);
    const row = { row: Float32Array.of(3), offset, target: softmax(offset), weight: 1 };
    const { weights, bias } = fitLogitResidual([row], 2, { l2: 0.1, iterations: 50 });
    for (const value of [...weights, ...bias]) expect(Math.abs(value)).toBeLessThan(1e-9);
    expect(fitLogitResidual([], 2, { l2: 0.1, iterations: 5 }).bias).toEqual(new Float64Array(2));
  });
});
