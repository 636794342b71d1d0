import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { CELLS, PART_CELLS } from './band-roll.ts';
import { decideCells } from './decide-cells.ts';

const { from, strike } = PART_CELLS.pad;

/** Scores of one pitch of the pad and of its strokes; all else is surely off. */
function scoresOf(pitch: readonly number[], strokes: readonly number[]): Float32Array {
  const scores = new Float32Array(pitch.length * CELLS).fill(-9);
  pitch.forEach((value, step) => (scores[step * CELLS + from] = value));
  strokes.forEach((value, step) => (scores[step * CELLS + strike] = value));
  return scores;
}

function heldOf(cells: Uint8Array): string {
  return Array.from({ length: cells.length / CELLS }, (_, step) => cells[step * CELLS + from]).join('');
}

describe('deciding a window', () => {
  const decide = (scores: Float32Array): Uint8Array =>
    decideCells(scores, new Uint8Array(scores.length), ['melody']);

  it('holds a likely note over a doubtful step, and lets go where the rest is unlikely', () => {
    expect(heldOf(decide(scoresOf([2, -1, 3, -2, -2, 1], [1, -1, -1, -1, -1, -1])))).toBe('111000');
  });

  it('strikes again where the part does, and starts nothing between strokes', () => {
    expect(heldOf(decide(scoresOf([2, -1, -3, -4, 3, -1], [1, -1, -1, 1, -1, -1])))).toBe('100000');
    expect(heldOf(decide(scoresOf([2, -1, -3, 4, -3, 2], [1, -1, -1, 1, -1, -1])))).toBe('100100');
  });

  it('finds the likeliest of all playable rolls, as trying every one does', () => {
    const rng = createRng(5);
    for (let trial = 0; trial < 50; trial++) {
      const pitch = Array.from({ length: 8 }, () => 2 * rng.normal());
      const strokes = Array.from({ length: 8 }, () => rng.normal() - 0.5);
      const found = heldOf(decide(scoresOf(pitch, strokes)));
      const sumOf = (roll: string): number =>
        pitch.reduce((sum, value, step) => sum + (roll[step] === '1' ? value : 0), 0);
      const playable = Array.from({ length: 256 }, (_, bits) => bits.toString(2).padStart(8, '0')).filter(
        (roll) =>
          [...roll].every(
            (cell, step) => cell === '0' || step === 0 || roll[step - 1] === '1' || strokes[step]! > 0,
          ),
      );
      expect(sumOf(found)).toBeCloseTo(Math.max(...playable.map(sumOf)), 5);
    }
  });

  it('leaves given parts as they are and decides drums one by one', () => {
    const scores = scoresOf([3, 3], [1, -1]);
    const drum = PART_CELLS.drums.from + 2;
    scores[drum] = 1;
    const kept = new Uint8Array(scores.length);
    kept[CELLS + from + 4] = 1;
    const cells = decideCells(scores, kept, ['pad']);
    expect(heldOf(cells)).toBe('00');
    expect([cells[CELLS + from + 4], cells[drum], cells[CELLS + drum]]).toEqual([1, 1, 0]);
  });
});
