import { createMeterMap, createScore, createTrack, type Note } from '@attune/core';
import { expect, it } from 'vitest';
import { DRUM_GROOVES } from './drum-groove-tables.ts';
import { DRUM_PARTS, fitGroove, PLACES, placeOf, strokesOf } from './drum-groove.ts';
import { performScore } from './perform-score.ts';
import { RULE_NAMES } from './rules.ts';

const KICK = 36;
const SNARE = 38;

function drums(notes: readonly [tick: number, pitch: number, velocity: number][]) {
  return createScore({
    ticksPerQuarter: 480,
    tempos: [{ tick: 0, bpm: 125 }], // 480 ms a quarter: one tick is one millisecond
    tracks: [
      createTrack({
        name: 'kit',
        isDrum: true,
        notes: notes.map(([start, pitch, velocity]): Note => ({ start, duration: 10, pitch, velocity })),
      }),
    ],
  });
}

it('places are the nearest sixteenth or triplet, across bar lines', () => {
  const meters = createMeterMap(createScore({ ticksPerQuarter: 480 }));
  const place = (tick: number) => placeOf(meters, tick, 480);
  expect(place(0)).toEqual({ place: 0, tick: 0 });
  expect(place(125)).toEqual({ place: 1, tick: 120 });
  expect(place(150)).toEqual({ place: 2, tick: 160 });
  expect(place(470)).toEqual({ place: 6, tick: 480 });
  expect(place(1910)).toEqual({ place: 0, tick: 1920 });
  expect(place(1920 + 240)).toEqual({ place: 3, tick: 2160 });
});

it('learns what a drummer does: loud late backbeats', () => {
  const bars = Array.from({ length: 30 }, (_, bar) => bar * 1920);
  const score = drums(
    bars.flatMap((at): [number, number, number][] => [
      [at, KICK, 90],
      [at + 480 + 20, SNARE, 120],
      [at + 960, KICK, 70],
      [at + 1440 + 20, SNARE, 110],
    ]),
  );
  const { velocity, delay } = fitGroove([score]);
  const [kick, snare] = [DRUM_PARTS.indexOf('kick'), DRUM_PARTS.indexOf('snare')];
  expect([velocity[kick]![0], velocity[snare]![6], velocity[kick]![12], velocity[snare]![18]]).toEqual([
    90, 120, 70, 110,
  ]);
  // the kit is 10 ms late on average; the snare 10 more than that, the kick 10 less
  expect([delay[kick]![0], delay[snare]![6]]).toEqual([-10, 10]);
  expect(velocity[snare]![0]).toBe(0);
});

it('the shipped tables have a cell for every part and place, and loud backbeats in rock', () => {
  for (const table of Object.values(DRUM_GROOVES)) {
    for (const values of [table.velocity, table.delay]) {
      expect(values).toHaveLength(DRUM_PARTS.length);
      for (const row of values) expect(row).toHaveLength(PLACES);
    }
  }
  const snare = DRUM_GROOVES['drums-rock']!.velocity[DRUM_PARTS.indexOf('snare')]!;
  expect(Math.min(snare[6]!, snare[18]!)).toBeGreaterThan(Math.max(snare[1]!, snare[3]!, snare[9]!));
});

it('a mechanical kit gets the dynamics of the style, a played one keeps its own', () => {
  const off = Object.fromEntries(RULE_NAMES.map((name) => [name, 0]));
  const flat = drums(
    [0, 1, 2, 3].flatMap((bar): [number, number, number][] => [
      [bar * 1920, KICK, 90],
      [bar * 1920 + 480, SNARE, 90],
      [bar * 1920 + 600, SNARE, 90],
    ]),
  );
  const played = performScore(flat, { seed: 1, style: 'drums-rock', rules: { ...off, drumGroove: 1 } });
  const strokes = strokesOf(played);
  const at = (part: string, place: number) =>
    strokes.find((s) => DRUM_PARTS[s.part] === part && s.place === place)!;
  expect(at('snare', 6).note.velocity).toBeGreaterThan(at('snare', 7).note.velocity + 20);
  const own = drums([0, 1, 2, 3].map((i): [number, number, number] => [i * 480, KICK, 60 + 11 * i]));
  const kept = performScore(own, { seed: 1, style: 'drums-rock', rules: { ...off, drumGroove: 1 } });
  expect(kept.tracks[0]!.notes.map(({ velocity }) => velocity)).toEqual([60, 71, 82, 93]);
});
