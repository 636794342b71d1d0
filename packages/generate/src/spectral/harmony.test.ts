import { createRng, createScore, type Note } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { drawHarmony, fitHarmony, harmonyOfClip, harmonyOfScore } from './harmony.ts';
import { sineClip } from './test-network.ts';

const chordAt = (bar: number, pitches: readonly number[]): Note[] =>
  pitches.map((pitch) => ({ start: bar * 1920, duration: 1920, pitch, velocity: 80 }));
/** C, F and G major, a bar each, at 120 bpm: 2 s a bar. */
const CADENCE = createScore({
  tracks: [
    {
      notes: [
        ...chordAt(0, [48, 60, 64, 67]),
        ...chordAt(1, [53, 60, 65, 69]),
        ...chordAt(2, [55, 59, 62, 67]),
      ],
    },
  ],
});
const classes = (pitches: readonly number[]): number[] =>
  [...new Set(pitches.map((pitch) => pitch % 12))].sort((a, b) => a - b);
const hertzOf = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

describe('harmony', () => {
  it('of a score is its chords at their times, the bass lowest', () => {
    const spans = harmonyOfScore(CADENCE);
    const at = (seconds: number): readonly number[] =>
      spans.find(({ start, end }) => seconds >= start && seconds < end)!.pitches;
    expect([1, 3, 5].map((seconds) => classes(at(seconds)))).toEqual([[0, 4, 7], [0, 5, 9], [2, 7, 11]]); // prettier-ignore
    expect([1, 3, 5].map((seconds) => Math.min(...at(seconds)) % 12)).toEqual([0, 5, 7]);
    expect(spans.at(-1)!.end).toBeCloseTo(6, 6);
    for (const { pitches } of spans)
      for (const pitch of pitches) expect(pitch >= 36 && pitch <= 84).toBe(true);
  });

  it('of drums alone is none', () => {
    expect(harmonyOfScore(createScore({ tracks: [{ isDrum: true, notes: chordAt(0, [36, 42]) }] }))).toEqual(
      [],
    );
  });

  it('of a clip is the triads that sound', () => {
    const [first, second] = [
      [57, 60, 64],
      [55, 59, 62],
    ].map((chord) => sineClip(chord.map(hertzOf), 3));
    const samples = new Float32Array([...first!.channels[0]!, ...second!.channels[0]!]);
    const spans = harmonyOfClip({ sampleRate: first!.sampleRate, channels: [samples] });
    expect(spans.map(({ pitches }) => classes(pitches))).toEqual([[0, 4, 9], [0, 4, 9], [2, 7, 11], [2, 7, 11]]); // prettier-ignore
    expect(spans.at(-1)!.end).toBeCloseTo(6, 4);
  });

  it('drawn by chance is four triads of one scale, the same for a seed', () => {
    const scale = [0, 2, 4, 5, 7, 9, 11];
    for (let seed = 0; seed < 40; seed++) {
      const spans = drawHarmony(createRng(seed));
      expect(spans).toEqual(drawHarmony(createRng(seed)));
      expect(spans.map(({ pitches }) => classes(pitches).length)).toEqual([3, 3, 3, 3]);
      const used = classes(spans.flatMap(({ pitches }) => pitches));
      const fits = Array.from({ length: 12 }, (_, tonic) =>
        used.every((pc) => scale.includes((pc - tonic + 12) % 12)),
      );
      expect(fits.some(Boolean)).toBe(true);
    }
  });

  it('is cut or repeated to a length', () => {
    const spans = [
      { start: 0, end: 2, pitches: [60] },
      { start: 2, end: 3, pitches: [62] },
    ];
    expect(fitHarmony(spans, 7)).toEqual([
      { start: 0, end: 2, pitches: [60] },
      { start: 2, end: 3, pitches: [62] },
      { start: 3, end: 5, pitches: [60] },
      { start: 5, end: 6, pitches: [62] },
      { start: 6, end: 7, pitches: [60] },
    ]);
    expect(fitHarmony(spans, 1)).toEqual([{ start: 0, end: 1, pitches: [60] }]);
    expect(fitHarmony([], 5)).toEqual([]);
  });
});
