import { AttuneError } from '../foundation/errors.ts';
import type { Tick } from '../foundation/units.ts';
import { lastIndexAtOrBefore } from './search.ts';
import type { MeterEvent, Score } from './score.ts';

/** The meter before the first meter event: 4/4, as Standard MIDI Files have it. */
export const DEFAULT_METER = { numerator: 4, denominator: 4 } as const;

/** The two numbers of a meter: 6 and 8 of 6/8. */
export interface Meter {
  readonly numerator: number;
  readonly denominator: number;
}

/** A place in the bars of a score. Bars and beats count from 0. */
export interface BarPosition {
  readonly bar: number;
  /** Ticks since the bar line. */
  readonly tickInBar: Tick;
  /** Beat of the meter's denominator (6/8 has six). */
  readonly beat: number;
  readonly meter: Meter;
  /** Full length of a bar in this meter; a fraction where the resolution does not divide it. */
  readonly ticksPerBar: number;
}

/**
 * The one conversion between ticks and bars of a score. A meter event starts a new bar wherever it stands:
 * placed inside a bar, it cuts that bar short. Bar lines that fall between ticks are rounded up.
 */
export interface MeterMap {
  readonly barAt: (tick: Tick) => BarPosition;
  /** First tick of a bar; `bar` ≥ 0. */
  readonly barStart: (bar: number) => Tick;
  /** First tick after a bar: the next bar's start. */
  readonly barEnd: (bar: number) => Tick;
  readonly meterAt: (bar: number) => Meter;
  /** Bars begun before `endTick`: what a piece that ends there fills. */
  readonly barCount: (endTick: Tick) => number;
}

interface Segment extends Meter {
  readonly tick: Tick;
  readonly bar: number;
  readonly ticksPerBar: number;
}

/** Lookups take O(log meters). */
export function createMeterMap(score: Pick<Score, 'ticksPerQuarter' | 'meters'>): MeterMap {
  const segments = segmentsOf(score);
  const ticks = Float64Array.from(segments, (segment) => segment.tick);
  const bars = Float64Array.from(segments, (segment) => segment.bar);
  const ofBar = (bar: number): Segment => {
    if (!Number.isInteger(bar) || bar < 0) {
      throw new AttuneError('argument/invalid', `A bar is a whole number from 0, not ${bar}.`, { bar });
    }
    return segments[lastIndexAtOrBefore(bars, bar)]!;
  };
  const barStart = (bar: number): Tick => {
    const segment = ofBar(bar);
    return Math.ceil(segment.tick + (bar - segment.bar) * segment.ticksPerBar);
  };
  const barAt = (tick: Tick): BarPosition => {
    if (!(tick >= 0) || tick === Infinity)
      throw new AttuneError('argument/invalid', `A tick is not negative: ${tick}.`, { tick });
    const segment = segments[lastIndexAtOrBefore(ticks, tick)]!;
    const within = Math.floor((tick - segment.tick) / segment.ticksPerBar);
    const start = Math.ceil(segment.tick + within * segment.ticksPerBar);
    return {
      bar: segment.bar + within,
      tickInBar: tick - start,
      beat: Math.floor(((tick - start) * segment.numerator) / segment.ticksPerBar),
      meter: { numerator: segment.numerator, denominator: segment.denominator },
      ticksPerBar: segment.ticksPerBar,
    };
  };
  return {
    barAt,
    barStart,
    barEnd: (bar) => barStart(bar + 1),
    meterAt: (bar) => {
      const { numerator, denominator } = ofBar(bar);
      return { numerator, denominator };
    },
    barCount: (endTick) => (endTick <= 0 ? 0 : barAt(endTick - 1).bar + 1),
  };
}

/** Ticks of one full bar; may be fractional. */
export function ticksPerBar(meter: Meter, ticksPerQuarter: number): number {
  return (meter.numerator * 4 * ticksPerQuarter) / meter.denominator;
}

function segmentsOf(score: Pick<Score, 'ticksPerQuarter' | 'meters'>): Segment[] {
  const { ticksPerQuarter } = score;
  const events: readonly MeterEvent[] =
    score.meters[0]?.tick === 0 ? score.meters : [{ tick: 0, ...DEFAULT_METER }, ...score.meters];
  const segments: Segment[] = [];
  for (const { tick, numerator, denominator } of events) {
    const length = ticksPerBar({ numerator, denominator }, ticksPerQuarter);
    if (!(length >= 1) || length === Infinity) {
      throw new AttuneError(
        'score/invalid',
        `A bar of ${numerator}/${denominator} is shorter than one tick.`,
        { tick },
      );
    }
    const last = segments.at(-1);
    const bar = last ? last.bar + Math.ceil((tick - last.tick) / last.ticksPerBar) : 0;
    segments.push({ tick, bar, ticksPerBar: length, numerator, denominator });
  }
  return segments;
}
