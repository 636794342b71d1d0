import { describe, expect, it } from 'vitest';
import { drumAttributesOf, melodyAttributesOf } from './attributes.ts';
import { HOLD as H, REST as R } from './voices.ts';

describe('attributes of lines', () => {
  it('counts what can be counted by hand', () => {
    // on the beat, on the eighth with nothing on the beat before it, on a sixteenth right after a note, on the beat
    const grid = Uint16Array.of(60, H, H, H, R, R, 64, 67, 65, H, H, H, R, R, R, R);
    const [density, height, syncopation, leaps] = melodyAttributesOf(grid);
    expect(density).toBe(4 / 4);
    expect(height).toBe((60 + 64 + 67 + 65) / 4);
    expect(syncopation).toBe(1 / 4);
    expect(leaps).toBeCloseTo((4 + 3 + 2) / 3, 12);
  });

  it('is zero for silence', () => {
    expect([...melodyAttributesOf(new Uint16Array(16).fill(R))]).toEqual([0, 0, 0, 0]);
  });

  it('counts a bar of drums by hand', () => {
    const [kick, snare, hat, crash] = [1, 2, 8, 128];
    // kick and crash on the first beat, snare on the second, a kick on the eighth after it with nothing on the beat … and
    // one on the sixteenth right after the third beat, where neither plays
    const bar = new Uint16Array(16);
    for (let step = 0; step < 16; step += 2) bar[step] = hat;
    bar[0]! |= kick | crash;
    bar[4]! |= snare;
    bar[6]! |= kick; // its beat has the snare: not syncopated
    bar[9]! |= kick; // its eighth has neither: syncopated
    const [density, syncopation, cymbals, kicks] = drumAttributesOf(bar);
    expect(density).toBe(13 / 4);
    expect(syncopation).toBe(1 / 4);
    expect(cymbals).toBe(9 / 13);
    expect(kicks).toBe(3 / 4);
    expect([...drumAttributesOf(new Uint16Array(16))]).toEqual([0, 0, 0, 0]);
  });
});
