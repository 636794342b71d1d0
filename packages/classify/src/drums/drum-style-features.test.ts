import { createScore, type Note } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { DRUM_STYLE_FEATURES, extractDrumFeatures } from './drum-style-features.ts';

/** Strokes as [quarter, key, velocity] at 120 bpm. */
function kit(
  strokes: readonly (readonly [number, number, number?])[],
  bpm = 120,
): ReturnType<typeof createScore> {
  const notes = strokes.map(([quarter, pitch, velocity = 127]): Note => ({
    start: Math.round(quarter * 480),
    duration: 60,
    pitch,
    velocity,
  }));
  return createScore({ ticksPerQuarter: 480, tempos: [{ tick: 0, bpm }], tracks: [{ isDrum: true, notes }] });
}
const featuresOf = (score: ReturnType<typeof createScore>): ((name: string) => number) => {
  const row = extractDrumFeatures(score);
  return (name) => {
    const place = DRUM_STYLE_FEATURES.indexOf(name);
    expect(place, name).toBeGreaterThanOrEqual(0);
    return row[place]!;
  };
};

describe('features of a drum style', () => {
  // Two bars of rock: kick on 1 and 3, snare on 2 and 4, closed hat in eighths.
  const rock = [0, 4].flatMap((bar) => [
    ...[0, 2].map((q) => [bar + q, 36] as const),
    ...[1, 3].map((q) => [bar + q, 38, 40] as const),
    ...Array.from({ length: 8 }, (_, i) => [bar + i / 2, 42, 64] as const),
  ]);
  const of = featuresOf(kit(rock));

  it('are counted by hand: pace, shares, ghosts', () => {
    expect(of('log tempo')).toBeCloseTo(Math.log2(120), 12);
    expect(of('log bars')).toBe(1);
    expect(of('hits a quarter')).toBe(3); // 24 strokes in 8 quarters
    expect(of('hits a second')).toBe(6);
    expect(of('kick share')).toBeCloseTo(4 / 24, 12);
    expect(of('snare ghosts')).toBe(1);
    expect(of('kick ghosts')).toBe(0);
    expect(of('offset size')).toBe(0);
  });
  it('place each voice in the bar and in the quarter note', () => {
    expect([0, 4, 8, 12].map((place) => of(`kick sixteenth ${place}`))).toEqual([1, 0, 1, 0]);
    expect([0, 4, 8, 12].map((place) => of(`snare sixteenth ${place}`))).toEqual([0, 1, 0, 1]);
    expect([0, 6].map((place) => of(`hat twelfth ${place}`))).toEqual([1, 1]);
    expect(of('kick again after 8')).toBeCloseTo(3 / 4, 12); // all but the last
    expect(of('kick with hat')).toBeCloseTo(4 / 24, 12);
  });
  it('hear swing: off-beats on the last third', () => {
    const swung = featuresOf(
      kit(Array.from({ length: 8 }, (_, i) => [Math.floor(i / 2) + (i % 2) * (2 / 3), 51] as const)),
    );
    expect(swung('off-beat place')).toBeCloseTo(2 / 3, 3);
    expect(swung('ride twelfth 8')).toBe(1);
    expect(of('off-beat place')).toBeCloseTo(0.5, 12);
  });
  it('do not depend on the resolution, and are finite for one stroke', () => {
    const coarse = createScore({
      ticksPerQuarter: 24,
      tracks: [
        {
          isDrum: true,
          notes: rock.map(([q, pitch, velocity = 127]) => ({ start: q * 24, duration: 3, pitch, velocity })),
        },
      ],
    });
    expect([...extractDrumFeatures(coarse)]).toEqual([...extractDrumFeatures(kit(rock))]);
    expect(extractDrumFeatures(kit([[0, 36]])).every(Number.isFinite)).toBe(true);
  });
  it('are refused where no drum sounds', () => {
    expect(() =>
      extractDrumFeatures(
        createScore({ tracks: [{ notes: [{ start: 0, duration: 1, pitch: 60, velocity: 1 }] }] }),
      ),
    ).toThrow(/no drum style/);
  });
});
