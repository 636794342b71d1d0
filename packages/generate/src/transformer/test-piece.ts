import type { Rng } from '@attune/core';
import { barStepsOf, END, FIELD_COUNT } from '@attune/core/tokens';
import type { Piece } from './piece.ts';

/** A legal piece of `notes` random notes on two instruments in 4/4, for tests. */
export function testPiece(notes: number, rng: Rng): Piece {
  const steps = new Int16Array((notes + 1) * FIELD_COUNT);
  const barOf = new Int32Array(notes + 1);
  let bar = 0;
  for (let i = 0; i < notes; i++) {
    const quarter = i % 4;
    const delta = i > 0 && quarter === 0 ? 1 : 0;
    bar += delta;
    steps.set(
      [delta, quarter * 24, i % 2 === 0 ? 0 : 40, 48 + rng.integer(24), rng.integer(20), rng.integer(8)],
      i * FIELD_COUNT,
    );
    barOf[i] = bar;
  }
  steps[notes * FIELD_COUNT] = END;
  barOf[notes] = bar;
  const meter = { numerator: 4, denominator: 4 };
  return {
    id: 'test',
    style: 'folk',
    steps,
    barOf,
    bars: bar + 1,
    meter,
    barSteps: barStepsOf(meter),
    tonic: 0,
    mode: 'major',
    tempo: 100,
    density: 1,
    mood: { energy: 0.4, valence: 0.5, tension: 0.1 },
    instruments: [0, 40],
  };
}
