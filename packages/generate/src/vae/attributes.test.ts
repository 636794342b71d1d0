import { describe, expect, it } from 'vitest';
import { attributesOf } from './attributes.ts';
import { HOLD as H, REST as R } from './melody-grid.ts';

describe('attributesOf', () => {
  it('counts what can be counted by hand', () => {
    // on the beat, on the eighth with nothing on the beat before it, on a sixteenth right after a note, on the beat
    const grid = Uint8Array.of(60, H, H, H, R, R, 64, 67, 65, H, H, H, R, R, R, R);
    const [density, height, syncopation, leaps] = attributesOf(grid);
    expect(density).toBe(4 / 4);
    expect(height).toBe((60 + 64 + 67 + 65) / 4);
    expect(syncopation).toBe(1 / 4);
    expect(leaps).toBeCloseTo((4 + 3 + 2) / 3, 12);
  });

  it('is zero for silence', () => {
    expect([...attributesOf(new Uint8Array(16).fill(R))]).toEqual([0, 0, 0, 0]);
  });
});
