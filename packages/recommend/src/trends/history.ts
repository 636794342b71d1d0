import { AttuneError } from '@attune/core';
import { rawStyleValue, STYLE_SPACE } from '@attune/core/style';
import type { Item } from '../taste/item.ts';

/** One play or rating that speaks for a track. */
export interface ListeningEvent {
  readonly itemId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How much it counts; 1 if left out. */
  readonly weight?: number;
}

/** One thing that may rise or fall, a value for each period. */
export interface TrendSeries {
  /** Share of listening of a style (0 … 1), or mean of a style dimension in its own unit. */
  readonly kind: 'style' | 'feature';
  readonly name: string;
  /** [periods] */
  readonly values: readonly number[];
}

/** What an audience listened to, period by period. */
export interface TrendHistory {
  /** Start of the first period, in milliseconds since 1970, and length of each. */
  readonly start: number;
  readonly periodMs: number;
  readonly series: readonly TrendSeries[];
  /** Periods without any event: their values repeat those of the period before. */
  readonly empty: number;
}

/** What is counted. */
export interface HistoryOptions {
  /** A week if left out. */
  readonly periodMs?: number;
  /** Style dimensions to follow; tempo, energy, valence and tension if left out. */
  readonly features?: readonly string[];
}

const WEEK_MS = 7 * 86_400_000;
const FEATURES = ['tempo', 'energy', 'valence', 'tension'];
const MOST_PERIODS = 100_000;

/**
 * Shares of styles and means of features of what was played or rated, from events in any order. Periods begin with the first event; the
 * last one that is not over by `now` is left out, as it would look like a fall. Items that are not known are refused.
 * @throws `argument/invalid` for no events, times that are not finite or after `now`, unknown items, or weights under 0.
 */
export function createHistory(
  events: readonly ListeningEvent[],
  itemOf: (id: string) => Item | undefined,
  now: number,
  options: HistoryOptions = {},
): TrendHistory {
  const { periodMs = WEEK_MS, features = FEATURES } = options;
  const start = checkEvents(events, now, periodMs);
  const periods = Math.floor((now - start) / periodMs);
  if (periods < 1 || periods > MOST_PERIODS) {
    throw new AttuneError(
      'argument/invalid',
      `A history has 1 to ${MOST_PERIODS} whole periods, not ${periods}.`,
      { periods },
    );
  }
  const styles = new Map<string, Float64Array>();
  const totals = new Float64Array(periods);
  const sums = features.map(() => new Float64Array(periods));
  const weights = features.map(() => new Float64Array(periods));
  // Sums in order of time, so that the order of the events changes nothing.
  const inOrder = [...events].sort((a, b) => a.at - b.at || (a.itemId < b.itemId ? -1 : 1));
  for (const { itemId, at, weight = 1 } of inOrder) {
    const item = itemOf(itemId);
    if (!item)
      throw new AttuneError('argument/invalid', `The history names a track that is not known: ${itemId}.`, {
        itemId,
      });
    const period = Math.floor((at - start) / periodMs);
    if (period >= periods) continue;
    totals[period]! += weight;
    if (item.style !== null) {
      if (!styles.has(item.style)) styles.set(item.style, new Float64Array(periods));
      styles.get(item.style)![period]! += weight;
    }
    if (item.vector.space !== STYLE_SPACE.version) continue;
    features.forEach((name, f) => {
      const value = rawStyleValue(item.vector, name);
      if (!Number.isFinite(value)) return;
      sums[f]![period]! += weight * value;
      weights[f]![period]! += weight;
    });
  }
  const filled = (values: Float64Array, over: Float64Array): number[] =>
    carryForward(Array.from(values, (value, t) => (over[t]! > 0 ? value / over[t]! : NaN)));
  const series: TrendSeries[] = [...styles]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => ({ kind: 'style', name, values: filled(values, totals) }));
  features.forEach((name, f) => {
    if (weights[f]!.some((weight) => weight > 0))
      series.push({ kind: 'feature', name, values: filled(sums[f]!, weights[f]!) });
  });
  return { start, periodMs, series, empty: totals.filter((total) => total === 0).length };
}

function checkEvents(events: readonly ListeningEvent[], now: number, periodMs: number): number {
  if (!(periodMs > 0 && Number.isFinite(periodMs)))
    throw new AttuneError('argument/invalid', `A period is longer than 0 ms, not ${periodMs}.`, { periodMs });
  if (events.length === 0) throw new AttuneError('argument/invalid', 'A history needs at least one event.');
  let start = Infinity;
  events.forEach(({ at, weight = 1 }, i) => {
    if (!(at <= now) || !Number.isFinite(at))
      throw new AttuneError('argument/invalid', `Event ${i} is at ${at}, which is no time up to ${now}.`, {
        event: i,
      });
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new AttuneError('argument/invalid', `Event ${i} weighs ${weight}.`, { event: i });
    start = Math.min(start, at);
  });
  return start;
}

/** Before the first known value, that value. */
function carryForward(values: readonly number[]): number[] {
  let last = values.find((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => (last = Number.isNaN(value) ? last : value));
}
