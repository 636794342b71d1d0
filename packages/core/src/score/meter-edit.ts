import { AttuneError } from '../foundation/errors.ts';
import type { Tick } from '../foundation/units.ts';
import { appendScore } from './concatenate.ts';
import { scoreEndTick } from './extent.ts';
import { createMeterMap, DEFAULT_METER, ticksPerBar, type Meter } from './meter-map.ts';
import type { MeterEvent, Score } from './score.ts';
import { moveTicks } from './tempo-edit.ts';
import { sliceScore } from './transform.ts';

/** What stays in its place when bar lines move. */
export interface SetMeterOptions {
  /**
   * `ticks` (the default): the music stays where it is and bar lines are drawn anew. `bars`: every bar keeps its number and
   * what begins it, with silence added or taken away at its end.
   */
  readonly keep?: 'ticks' | 'bars';
}

/**
 * The meter from `bar` up to the next meter event, which stays: later bars keep beginning where they did. The last bar
 * before it may be cut short.
 * @throws `argument/invalid` where `keep` is `bars` and a note begins in what a shorter bar no longer holds.
 */
export function setMeter(score: Score, bar: number, meter: Meter, options: SetMeterOptions = {}): Score {
  const meterMap = createMeterMap(score);
  const start = meterMap.barStart(bar);
  const until = score.meters.find(({ tick }) => tick > start)?.tick;
  const withMeter = (at: Score): Score => ({
    ...at,
    meters: [...at.meters.filter(({ tick }) => tick !== start), { tick: start, ...meter }].sort(
      (a, b) => a.tick - b.tick,
    ),
  });
  if (options.keep !== 'bars') return checked(withMeter(score));
  const redrawn = createMeterMap(checked({ ...score, meters: [{ tick: 0, ...meter }] }));
  const lastBar = until === undefined ? Infinity : meterMap.barAt(until).bar; // the first that keeps its meter
  const barStart = (each: number): Tick => start + redrawn.barStart(each - bar);
  const at = (tick: Tick): Tick => {
    if (tick < start) return tick;
    const { bar: own, tickInBar } = meterMap.barAt(tick);
    if (own >= lastBar) return barStart(lastBar) + tick - until!;
    return Math.min(barStart(own) + tickInBar, barStart(own + 1));
  };
  refuseLostNotes(score, (tick) => {
    if (tick < start) return false;
    const { bar: own, tickInBar } = meterMap.barAt(tick);
    return own < lastBar && barStart(own) + tickInBar >= barStart(own + 1);
  });
  return checked(withMeter(moveTicks(score, at)));
}

/**
 * `count` empty bars before `bar`, in the meter in force there unless another is given. Notes that sound into the gap keep
 * their length; tempo, key and controllers go on through it. Where the resolution does not divide a bar, the gap is rounded up to
 * whole ticks.
 */
export function insertBars(score: Score, bar: number, count: number, meter?: Meter): Score {
  checkCount(count);
  const meterMap = createMeterMap(score);
  const start = meterMap.barStart(bar);
  const own = meterMap.meterAt(bar);
  const filled = meter ?? own;
  const length = Math.ceil(count * ticksPerBar(filled, score.ticksPerQuarter));
  if (count === 0) return score;
  const at = (tick: Tick): Tick => (tick < start ? tick : tick + length);
  const moved = moveTicks(score, at);
  const restored = moved.tracks.map((track, i) => ({
    ...track,
    notes: track.notes.map((note, j) => ({ ...note, duration: score.tracks[i]!.notes[j]!.duration })),
  }));
  // said outright on both sides, so that the bars after the gap begin where it ends
  const meters: MeterEvent[] = [
    ...moved.meters.filter(({ tick }) => tick < start),
    { tick: start, ...filled },
    { tick: start + length, ...own },
    ...moved.meters.filter(({ tick }) => tick > start + length),
  ];
  return checked({ ...moved, tracks: restored, meters: withoutRepeats(meters, score.ticksPerQuarter) });
}

/**
 * Without the `count` bars from `bar` on, and all that begins in them. What comes after moves up to `bar`; notes that
 * sound into the removed bars end there. Tempo, meter, key and controllers after the cut are as they were.
 */
export function deleteBars(score: Score, bar: number, count: number): Score {
  checkCount(count);
  if (count === 0) return score;
  const meterMap = createMeterMap(score);
  const [start, end] = [meterMap.barStart(bar), meterMap.barStart(bar + count)];
  const last = Math.max(end, lastEventTick(score) + 1);
  const kept = appendScore(sliceScore(score, 0, start), sliceScore(score, end, last), start);
  return { ...kept, meters: withoutRepeats(kept.meters, kept.ticksPerQuarter) };
}

/** Meter events without those that repeat the meter in force on one of its own bar lines. */
function withoutRepeats(meters: readonly MeterEvent[], ticksPerQuarter: number): MeterEvent[] {
  const kept: MeterEvent[] = [];
  for (const meter of meters) {
    const last = kept.at(-1) ?? (meter.tick > 0 ? { tick: 0, ...DEFAULT_METER } : undefined);
    const repeats =
      last?.numerator === meter.numerator &&
      last.denominator === meter.denominator &&
      (meter.tick - last.tick) % ticksPerBar(meter, ticksPerQuarter) === 0;
    if (!repeats) kept.push(meter);
  }
  return kept;
}

function lastEventTick(score: Score): Tick {
  const ticks = (events: readonly { readonly tick: Tick }[]): Tick => events.at(-1)?.tick ?? 0;
  return Math.max(
    scoreEndTick(score),
    ...[score.tempos, score.meters, score.keys, score.texts].map(ticks),
    ...score.tracks.flatMap((track) => [
      track.notes.at(-1)?.start ?? 0,
      ticks(track.controls),
      ticks(track.bends),
    ]),
  );
}

function refuseLostNotes(score: Score, isLost: (tick: Tick) => boolean): void {
  score.tracks.forEach((track, i) => {
    const note = track.notes.findIndex(({ start }) => isLost(start));
    if (note < 0) return;
    const message = `Note ${note} of track ${i} begins at tick ${track.notes[note]!.start}, which the shorter bar no longer holds.`;
    throw new AttuneError('argument/invalid', message, { track: i, note });
  });
}

function checkCount(count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new AttuneError('argument/invalid', `A number of bars is whole and not negative, not ${count}.`, {
    count,
  });
}

/** Refuses a meter that is none with `argument/invalid`, before a map is made of it. */
function checked(score: Score): Score {
  const bad = score.meters.find(
    ({ numerator, denominator }) =>
      !(Number.isInteger(numerator) && numerator >= 1 && numerator <= 255) ||
      !(denominator >= 1 && denominator <= 128 && Number.isInteger(Math.log2(denominator))),
  );
  if (!bad) return score;
  const { numerator, denominator } = bad;
  throw new AttuneError('argument/invalid', `${numerator}/${denominator} is not a meter.`, {
    numerator,
    denominator,
  });
}
