import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { trainGridNgram } from './grid-ngram.ts';
import { gridOfLines, transposeGrid } from './voice-grid.ts';
import { MELODY, TRIO } from './voice-sets.ts';
import { HOLD, LINE_CLASSES, REST } from './voices.ts';

const scale = Uint16Array.from({ length: 64 }, (_, t) => (t % 2 === 1 ? HOLD : 60 + ((t / 2) % 8)));
const ngram = trainGridNgram([scale, transposeGrid(scale, MELODY.voices, 5)], MELODY.voices);

describe('the n-gram of classes', () => {
  it('gives probabilities that sum to 1 after any beginning', () => {
    for (const start of [[], [60], [60, HOLD, 62], [REST, REST]]) {
      let sum = 0;
      for (let value = 0; value < LINE_CLASSES; value++) {
        sum += Math.exp(-ngram.nats(Uint16Array.from([...start, value])).at(-1)!);
      }
      // intervals beyond five octaves share a symbol, so a little less than 1 may be missing, never more
      expect(sum).toBeLessThan(1 + 1e-9);
      expect(sum).toBeGreaterThan(0.9);
    }
  });

  it('goes on with what it learned, in any key', () => {
    const high = transposeGrid(scale, MELODY.voices, 7);
    expect([...ngram.write(high.subarray(0, 12), 32)]).toEqual([...high.subarray(0, 32)]);
    expect([...ngram.force(high).subarray(2, 16)]).toEqual([...high.subarray(2, 16)]);
  });

  it('writes the same for the same seed', () => {
    const write = (seed: number) => ngram.write(new Uint16Array(0), 32, createRng(seed));
    expect(write(1)).toEqual(write(1));
    expect(write(1)).not.toEqual(write(2));
  });

  it('gives drums probabilities that sum to 1, and goes on with a beat', () => {
    const beat = Uint16Array.from({ length: 64 }, (_, t) =>
      t % 4 === 0 ? 9 : t % 8 === 6 ? 2 : t % 2 ? 0 : 8,
    );
    const drums = trainGridNgram([beat], ['drums']);
    let sum = 0;
    for (let value = 0; value < 512; value++) {
      sum += Math.exp(-drums.nats(Uint16Array.of(9, 0, 8, value)).at(-1)!);
    }
    expect(sum).toBeCloseTo(1, 9);
    expect([...drums.write(beat.subarray(0, 16), 32)]).toEqual([...beat.subarray(0, 32)]);
    expect([...drums.force(beat).subarray(16, 32)]).toEqual([...beat.subarray(16, 32)]);
  });

  it('charges each voice of a trio for itself', () => {
    const drumLine = new Uint16Array(64).fill(8);
    const trio = gridOfLines([drumLine, scale, scale]);
    const all = trainGridNgram([trio], TRIO.voices).nats(trio);
    const each = [
      trainGridNgram([drumLine], ['drums']).nats(drumLine),
      trainGridNgram([scale], ['melody']).nats(scale),
    ];
    all.forEach((nats, t) => expect(nats).toBeCloseTo(each[0]![t]! + 2 * each[1]![t]!, 9));
  });
});
