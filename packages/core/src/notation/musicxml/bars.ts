import { AttuneError } from '../../foundation/errors.ts';
import type { Tick } from '../../foundation/units.ts';
import { scoreEndTick } from '../../score/extent.ts';
import { createMeterMap, ticksPerBar } from '../../score/meter-map.ts';
import type { Meter } from '../../score/meter-map.ts';
import type { Score } from '../../score/score.ts';

/** One bar of a notated score. */
export interface Bar {
  /** As printed; a pickup is 0. */
  readonly number: number;
  readonly start: Tick;
  /** Ticks that it really has. */
  readonly length: Tick;
  /** Where its first tick stands in a full bar: above 0 in a pickup only. */
  readonly offset: Tick;
  readonly meter: Meter;
  /** Ticks of a full bar of its meter. */
  readonly fullLength: Tick;
}

const MAX_BARS = 20_000;

/**
 * The bars of a notated score, at least one. The first bar is a pickup where the meter that follows cuts it short, or where it
 * is one bar of a meter of its own that is shorter than the next (how notation programs write a pickup to MIDI).
 */
export function barsOf(score: Score): Bar[] {
  const map = createMeterMap(score);
  const count = Math.max(1, map.barCount(Math.max(scoreEndTick(score), lastEvent(score))));
  if (count > MAX_BARS) {
    throw new AttuneError('notation/limit', `The score has ${count} bars; at most ${MAX_BARS} are written.`, {
      bars: count,
    });
  }
  const bars = Array.from({ length: count }, (_, bar): Bar => {
    const start = map.barStart(bar);
    const meter = map.meterAt(bar);
    const fullLength = ticksPerBar(meter, score.ticksPerQuarter);
    return { number: bar + 1, start, length: map.barEnd(bar) - start, offset: 0, meter, fullLength };
  });
  const [first, second] = bars;
  if (!first || !second || first.length >= second.fullLength) return bars;
  const isCut = first.length < first.fullLength;
  const hasOwnMeter = score.meters.some(({ tick }) => tick === second.start);
  if (!isCut && !hasOwnMeter) return bars;
  const { meter, fullLength } = second;
  const pickup = { ...first, meter, fullLength, offset: fullLength - first.length };
  return [pickup, ...bars.slice(1)].map((bar, number) => ({ ...bar, number }));
}

/** Texts after the last note keep their bars; other events there have nothing to act on. */
function lastEvent(score: Score): Tick {
  return score.texts.reduce((last, { tick }) => Math.max(last, tick + 1), 0);
}
