import { AttuneError } from '../foundation/errors.ts';
import type { Bpm, Second, Tick } from '../foundation/units.ts';
import { lastIndexAtOrBefore } from './search.ts';
import type { Score, TempoEvent } from './score.ts';

/** Tempo before the first tempo event, as in the Standard MIDI File. */
export const DEFAULT_BPM: Bpm = 120;

/** The one conversion between ticks and seconds of a score. Tempo is constant between tempo events. */
export interface TempoMap {
  /** Seconds from the start of the score; `tick` may be fractional. */
  readonly secondsAt: (tick: Tick) => Second;
  /** Nearest whole tick. */
  readonly tickAt: (seconds: Second) => Tick;
  /** Exact inverse of `secondsAt`: a tick with its fraction. */
  readonly positionAt: (seconds: Second) => number;
  /** Quarter notes a minute in force at `tick`. */
  readonly bpmAt: (tick: Tick) => Bpm;
  /** Seconds of sound between two ticks. */
  readonly secondsBetween: (start: Tick, end: Tick) => Second;
}

/** Lookups take O(log tempos). The score's tempos must be sorted by tick. */
export function createTempoMap(score: Pick<Score, 'ticksPerQuarter' | 'tempos'>): TempoMap {
  const { ticksPerQuarter } = score;
  const events = withStart(score.tempos);
  const ticks = Float64Array.from(events, (event) => event.tick);
  const perTick = Float64Array.from(events, (event) => 60 / (event.bpm * ticksPerQuarter));
  const seconds = new Float64Array(events.length);
  for (let i = 1; i < events.length; i++) {
    seconds[i] = seconds[i - 1]! + (ticks[i]! - ticks[i - 1]!) * perTick[i - 1]!;
  }

  const secondsAt = (tick: Tick): Second => {
    requireFinite(tick, 'tick');
    const i = lastIndexAtOrBefore(ticks, tick);
    return seconds[i]! + (tick - ticks[i]!) * perTick[i]!;
  };
  const positionAt = (time: Second): number => {
    requireFinite(time, 'seconds');
    const i = lastIndexAtOrBefore(seconds, time);
    return ticks[i]! + (time - seconds[i]!) / perTick[i]!;
  };
  return {
    secondsAt,
    positionAt,
    tickAt: (time) => Math.round(positionAt(time)),
    bpmAt: (tick) => {
      requireFinite(tick, 'tick');
      return events[lastIndexAtOrBefore(ticks, tick)]!.bpm;
    },
    secondsBetween: (start, end) => secondsAt(end) - secondsAt(start),
  };
}

function withStart(tempos: readonly TempoEvent[]): readonly TempoEvent[] {
  return tempos[0]?.tick === 0 ? tempos : [{ tick: 0, bpm: DEFAULT_BPM }, ...tempos];
}

function requireFinite(value: number, name: string): void {
  if (!Number.isFinite(value))
    throw new AttuneError('argument/invalid', `${name} must be a finite number, not ${value}.`);
}
