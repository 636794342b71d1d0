import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { trainClassNgram } from './class-ngram.ts';
import { HOLD, MELODY_CLASSES, REST, transposeGrid } from './melody-grid.ts';

const scale = Uint8Array.from({ length: 64 }, (_, t) => (t % 2 === 1 ? HOLD : 60 + ((t / 2) % 8)));
const ngram = trainClassNgram([scale, transposeGrid(scale, 5)]);

describe('the n-gram of classes', () => {
  it('gives probabilities that sum to 1 after any beginning', () => {
    for (const start of [[], [60], [60, HOLD, 62], [REST, REST]]) {
      let sum = 0;
      for (let value = 0; value < MELODY_CLASSES; value++) {
        sum += Math.exp(-ngram.nats(Uint8Array.from([...start, value])).at(-1)!);
      }
      // intervals beyond five octaves share a symbol, so a little less than 1 may be missing, never more
      expect(sum).toBeLessThan(1 + 1e-9);
      expect(sum).toBeGreaterThan(0.9);
    }
  });

  it('goes on with what it learned, in any key', () => {
    const high = transposeGrid(scale, 7);
    expect([...ngram.write(high.subarray(0, 12), 32)]).toEqual([...high.subarray(0, 32)]);
    expect([...ngram.force(high).subarray(2, 16)]).toEqual([...high.subarray(2, 16)]);
  });

  it('writes the same for the same seed', () => {
    const write = (seed: number) => ngram.write(new Uint8Array(0), 32, createRng(seed));
    expect(write(1)).toEqual(write(1));
    expect(write(1)).not.toEqual(write(2));
  });
});
