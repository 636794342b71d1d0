import { createMeterMap, createTempoMap, scoreEndTick, type Score } from '@attune/core';
import type { Picture } from './png.ts';

/** Colours of instruments, in the order of tracks, as in the app's light theme. */
const INSTRUMENTS = [0x0072b2, 0xc05000, 0x008060, 0xa0487e, 0x9a6700, 0x3a87b8, 0x7d7500, 0x5c6068] as const;
const PALETTE = [0xffffff, 0xf1f1ee, 0xd9d9d4, 0xe8b4b4, ...INSTRUMENTS] as const;
const [PAPER, BLACK_KEY, BAR_LINE, MARK] = [0, 1, 2, 3] as const;
const FIRST_INSTRUMENT = 4;
const ROW = 4;
const DRUM_ROW = 5;
const WIDTH = 960;
const MARGIN = 6;
const BLACK = new Set([1, 3, 6, 8, 10]);

/**
 * A piano roll of the first `seconds` of a score: time to the right, pitch upwards, one colour an instrument, drums below
 * the line, a row for each that is struck. `marked`: seconds from and to between which the ground is tinted.
 */
export function drawRoll(
  score: Score,
  seconds: number,
  marked?: readonly [from: number, to: number],
): Picture {
  const tempo = createTempoMap(score);
  const tracks = score.tracks.filter(({ notes }) => notes.length > 0);
  const pitches = tracks.flatMap(({ isDrum, notes }) => (isDrum ? [] : notes.map(({ pitch }) => pitch)));
  const drums = [
    ...new Set(tracks.flatMap(({ isDrum, notes }) => (isDrum ? notes.map(({ pitch }) => pitch) : []))),
  ].sort((a, b) => b - a);
  const [low, high] = pitches.length === 0 ? [60, 59] : [Math.min(...pitches) - 1, Math.max(...pitches) + 1];
  const melodicHeight = Math.max(0, high - low + 1) * ROW;
  const height = MARGIN + melodicHeight + (drums.length > 0 ? MARGIN + drums.length * DRUM_ROW : 0) + MARGIN;
  const pixels = new Uint8Array(WIDTH * height);
  const fill = (x0: number, y0: number, x1: number, y1: number, colour: number): void => {
    for (let y = Math.max(0, y0); y < Math.min(height, y1); y++)
      pixels.fill(colour, y * WIDTH + Math.max(0, x0), y * WIDTH + Math.min(WIDTH, x1));
  };
  const toX = (time: number): number => Math.round((time / seconds) * WIDTH);
  const rowOf = (pitch: number): number => MARGIN + (high - pitch) * ROW;
  fill(0, 0, WIDTH, height, PAPER);
  for (let pitch = low; pitch <= high; pitch++)
    if (BLACK.has(((pitch % 12) + 12) % 12)) fill(0, rowOf(pitch), WIDTH, rowOf(pitch) + ROW, BLACK_KEY);
  if (marked) fill(toX(marked[0]), 0, toX(marked[1]), MARGIN - 1, MARK);
  const meters = createMeterMap(score);
  for (let bar = 0; bar < meters.barCount(scoreEndTick(score)); bar++) {
    const x = toX(tempo.secondsAt(meters.barStart(bar)));
    fill(x, 0, x + 1, height, BAR_LINE);
  }
  if (drums.length > 0 && melodicHeight > 0)
    fill(0, MARGIN + melodicHeight + 2, WIDTH, MARGIN + melodicHeight + 3, BAR_LINE);
  tracks.forEach((track, i) => {
    const colour = FIRST_INSTRUMENT + (i % INSTRUMENTS.length);
    for (const { start, duration, pitch } of track.notes) {
      const from = toX(tempo.secondsAt(start));
      const until = track.isDrum ? from + 4 : Math.max(from + 2, toX(tempo.secondsAt(start + duration)) - 1);
      const y = track.isDrum ? 2 * MARGIN + melodicHeight + drums.indexOf(pitch) * DRUM_ROW : rowOf(pitch);
      fill(from, y, until, y + (track.isDrum ? DRUM_ROW : ROW) - 1, colour);
    }
  });
  return { width: WIDTH, height, pixels, palette: PALETTE };
}

/** The instruments' colours in words, in the order of the tracks. */
export const COLOUR_NAMES = [
  'blue',
  'vermilion',
  'green',
  'purple',
  'orange',
  'sky blue',
  'olive',
  'grey',
] as const;
