import type { Tick } from '../../foundation/units.ts';
import { ticksPerBar } from '../../score/meter-map.ts';
import type { MeterEvent } from '../../score/score.ts';

/**
 * Meter events that put the Score's bar lines where the tune has them: a meter is stated again where a bar is
 * shorter (a pickup) or longer than it says. Neighbouring short bars that fill one bar together, as around a
 * repeat sign, are one bar. `bars` are the ticks of bar lines in playing order.
 */
export function metersAtBarLines(
  meters: readonly MeterEvent[],
  bars: readonly Tick[],
  ticksPerQuarter: number,
): MeterEvent[] {
  const stated: MeterEvent[] = [...meters];
  const lines = [...new Set(bars)].sort((a, b) => a - b);
  let current: MeterEvent | undefined;
  let origin = 0;
  let next = 0;
  for (let i = 0; i < lines.length - 1; i++) {
    const line = lines[i]!;
    while (meters[next] && meters[next]!.tick <= line) {
      current = meters[next++]!;
      origin = current.tick;
    }
    if (!current || line <= origin) continue;
    const length = ticksPerBar(current, ticksPerQuarter);
    const past = (line - origin) % length;
    if (past === 0) continue;
    const isSplit = lines[i + 1]! - line + past === length && line - origin > length;
    if (isSplit) continue;
    stated.push({ ...current, tick: line });
    origin = line;
  }
  return stated;
}
