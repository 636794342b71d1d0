import { createRng } from '@attune/core';
import { STYLE_SPACE } from '@attune/core/style';
import { describe, expect, it } from 'vitest';
import type { Item } from '../taste/item.ts';
import { detectTrends, trendConditioning } from './detect-trends.ts';
import { fitExponentialSmoothing, normalQuantile } from './exponential-smoothing.ts';
import { createHistory, type ListeningEvent } from './history.ts';
import { testTrend } from './mann-kendall.ts';
import { meanAbsoluteScaledError } from './series.ts';

describe('testTrend', () => {
  it('agrees with SciPy 1.x (theilslopes) and the formula with ties by NumPy', () => {
    const series = [23, 24, 29, 6, 29, 24, 24, 29, 23, 25, 31, 40, 35, 38, 30, 41, 42, 38, 50, 44];
    const { s, z, p, slope } = testTrend(series, { isIndependent: true });
    expect(s).toBe(130);
    expect(z).toBeCloseTo(4.2060248373817135, 12);
    expect(p).toBeCloseTo(2.599016826265732e-5, 6);
    expect(slope).toBeCloseTo(1.2613636363636362, 12);
  });

  it('calls wandering a trend less often where autocorrelation is reckoned with', () => {
    const rng = createRng(1);
    const count = { plain: 0, robust: 0 };
    for (let run = 0; run < 200; run++) {
      let x = 0;
      const series = Array.from({ length: 80 }, () => (x = 0.7 * x + rng.normal()));
      if (testTrend(series, { isIndependent: true }).p < 0.05) count.plain++;
      if (testTrend(series).p < 0.05) count.robust++;
    }
    expect(count.plain).toBeGreaterThan(40); // far over the nominal 10
    expect(count.robust).toBeLessThan(count.plain / 2);
  });

  it('finds no trend in a constant, and refuses short or broken series', () => {
    expect(testTrend([2, 2, 2, 2])).toEqual({ s: 0, z: 0, p: 1, slope: 0 });
    expect(() => testTrend([1, 2, 3])).toThrowError(/at least 4/);
    expect(() => testTrend([1, 2, NaN, 4])).toThrowError(/Value 2 .* NaN/);
  });
});

describe('fitExponentialSmoothing', () => {
  it('continues a constant exactly', () => {
    const forecast = fitExponentialSmoothing(new Array<number>(20).fill(5)).forecast(3);
    for (const { mean, low, high } of forecast)
      expect([mean, low, high].map((x) => Math.round(1e6 * x))).toEqual([5e6, 5e6, 5e6]);
  });

  it('continues a season', () => {
    const wave = (t: number): number => 10 + 3 * Math.sin((2 * Math.PI * t) / 12);
    const { smoothing, forecast } = fitExponentialSmoothing(
      Array.from({ length: 72 }, (_, t) => wave(t)),
      { seasonLength: 12 },
    );
    expect(smoothing.seasonLength).toBe(12);
    forecast(18).forEach(({ mean }, h) => expect(mean).toBeCloseTo(wave(72 + h), 2));
  });

  it('follows a trend part of the way, as a damped one does', () => {
    const [next, , , , , , , last] = fitExponentialSmoothing(
      Array.from({ length: 40 }, (_, t) => 2 * t),
    ).forecast(8);
    expect(next!.mean).toBeGreaterThan(79);
    expect(next!.mean).toBeLessThanOrEqual(80.01);
    expect(last!.mean).toBeGreaterThan(86);
    expect(last!.mean).toBeLessThanOrEqual(94.1);
  });

  it('has intervals of a random walk: ± 1.96 σ √h', () => {
    const rng = createRng(2);
    let x = 0;
    const { smoothing, deviation, forecast } = fitExponentialSmoothing(
      Array.from({ length: 400 }, () => (x += rng.normal())),
    );
    expect(smoothing.alpha).toBeGreaterThan(0.9);
    expect(deviation).toBeGreaterThan(0.9);
    expect(deviation).toBeLessThan(1.1);
    const { low, high } = forecast(9)[8]!;
    expect((high - low) / 2 / (1.96 * 3)).toBeGreaterThan(0.85);
    expect((high - low) / 2 / (1.96 * 3)).toBeLessThan(1.15);
  });

  it('has the quantiles of the normal distribution', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 6);
    expect(normalQuantile(0.1)).toBeCloseTo(-1.2815516, 5);
  });

  it('refuses what makes no sense', () => {
    expect(() => fitExponentialSmoothing([1, 2, 3])).toThrowError(/at least 8/);
    const series = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(() => fitExponentialSmoothing(series.with(3, Infinity))).toThrowError(/Infinity/);
    expect(() => fitExponentialSmoothing(series, { seasonLength: 0 })).toThrowError(/season/);
    expect(() => fitExponentialSmoothing(series).forecast(0)).toThrowError(/one step/);
    expect(() => fitExponentialSmoothing(series).forecast(1, 1)).toThrowError(/coverage/);
  });
});

describe('meanAbsoluteScaledError', () => {
  it('is the error over the naive error of the past, by hand', () => {
    // steps 1, 2, 3: mean 2; errors 2 and 4: mean 3
    expect(meanAbsoluteScaledError([9, 9], [7, 5], [1, 2, 4, 7])).toBe(1.5);
    expect(meanAbsoluteScaledError([9], [9], [1, 2, 4, 7], 2)).toBe(0);
  });
  it('refuses unlike lengths and a past without change', () => {
    expect(() => meanAbsoluteScaledError([1], [1, 2], [1, 2])).toThrowError(/match/);
    expect(() => meanAbsoluteScaledError([1], [1], [2, 2])).toThrowError(/never changes/);
  });
});

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const values = (tempo: number): number[] =>
  STYLE_SPACE.dimensions.map(({ name }) => (name === 'tempo' ? tempo : 0));
const ITEMS = new Map<string, Item>(
  (
    [
      ['rag', 'ragtime', 1],
      ['hymn', 'hymn', -1],
    ] as const
  ).map(([id, style, tempo]) => [
    id,
    { id, style, instruments: [0], vector: { space: STYLE_SPACE.version, values: values(tempo) } },
  ]),
);
const itemOf = (id: string): Item | undefined => ITEMS.get(id);
/** Twenty plays a week; those of the rag go from few to many. */
const EVENTS: ListeningEvent[] = Array.from({ length: 30 }, (_, week) =>
  Array.from({ length: 20 }, (_play, i) => ({
    itemId: i < 2 + week / 2 + (week % 2) ? 'rag' : 'hymn',
    at: week * WEEK + i * 1000,
  })),
).flat();

describe('createHistory', () => {
  it('counts shares and means by week, in any order of events', () => {
    const shuffled = createRng(1).shuffle([...EVENTS]);
    const history = createHistory(shuffled, itemOf, 30 * WEEK);
    expect(history).toEqual(createHistory(EVENTS, itemOf, 30 * WEEK));
    const rag = history.series.find(({ name }) => name === 'ragtime')!;
    expect(rag.values).toHaveLength(30);
    expect(rag.values.slice(0, 3)).toEqual([2 / 20, 4 / 20, 3 / 20]);
    const tempo = STYLE_SPACE.dimensions.find(({ name }) => name === 'tempo')!;
    expect(history.series.find(({ name }) => name === 'tempo')!.values[0]).toBeCloseTo(
      tempo.mean + tempo.deviation * (0.1 - 0.9),
      9,
    );
  });

  it('leaves out the period that is not over, and carries on over empty ones', () => {
    const history = createHistory(
      [
        { itemId: 'rag', at: 0 },
        { itemId: 'hymn', at: 3 * WEEK },
      ],
      itemOf,
      3.5 * WEEK,
    );
    expect(history.series.find(({ name }) => name === 'ragtime')!.values).toEqual([1, 1, 1]);
    expect(history.empty).toBe(2);
  });

  it('refuses nothing, the future, unknown tracks and odd weights', () => {
    expect(() => createHistory([], itemOf, 1)).toThrowError(/at least one event/);
    expect(() => createHistory([{ itemId: 'rag', at: 5 }], itemOf, 1)).toThrowError(/no time/);
    expect(() => createHistory([{ itemId: 'rag', at: NaN }], itemOf, 1)).toThrowError(/no time/);
    expect(() => createHistory([{ itemId: 'lost', at: 0 }], itemOf, WEEK)).toThrowError(/not known: lost/);
    expect(() => createHistory([{ itemId: 'rag', at: 0, weight: -1 }], itemOf, WEEK)).toThrowError(/weighs/);
    expect(() => createHistory([{ itemId: 'rag', at: 0 }], itemOf, DAY)).toThrowError(/whole periods/);
  });
});

describe('detectTrends', () => {
  const trends = detectTrends(createHistory(EVENTS, itemOf, 30 * WEEK));
  const find = (name: string) => trends.find((trend) => trend.name === name)!;

  it('tells what rises, falls and stays', () => {
    expect(find('ragtime').direction).toBe('rising');
    expect(find('hymn').direction).toBe('falling');
    expect(find('tempo').direction).toBe('rising');
    expect(find('energy').direction).toBe('steady');
    expect(find('ragtime').slope).toBeCloseTo(0.5 / 20, 2);
    expect(find('ragtime').forecast).toHaveLength(4);
    for (const { low, mean, high } of find('hymn').forecast)
      expect(0 <= low && low <= mean && mean <= high && high <= 1).toBe(true);
  });

  it('becomes a wish for a composer', () => {
    const wish = trendConditioning(trends, { mode: 'minor' });
    expect(wish.style).toBe('ragtime');
    expect(wish.mode).toBe('minor');
    expect(wish.tempo!).toBeGreaterThan(STYLE_SPACE.dimensions[0]!.mean);
    expect(wish).not.toHaveProperty('energy');
    expect(trendConditioning(trends, { style: 'hymn' }).style).toBe('hymn');
    expect(trendConditioning([])).toEqual({});
  });

  it('calls noise steady nearly always', () => {
    const rng = createRng(7);
    const series = Array.from({ length: 100 }, (_, i) => ({
      kind: 'feature' as const,
      name: `noise ${i}`,
      values: Array.from({ length: 30 }, () => rng.normal()),
    }));
    const moving = detectTrends({ start: 0, periodMs: WEEK, series, empty: 0 }).filter(
      ({ direction }) => direction !== 'steady',
    );
    expect(moving.length).toBeLessThanOrEqual(1);
  });

  it('refuses short histories and odd options', () => {
    const history = createHistory([{ itemId: 'rag', at: 0 }], itemOf, WEEK);
    expect(() => detectTrends(history)).toThrowError(/at least/);
    const long = createHistory(EVENTS, itemOf, 30 * WEEK);
    expect(() => detectTrends(long, { level: 0 })).toThrowError(/level/);
    expect(() => detectTrends(long, { window: 3 })).toThrowError(/window/);
  });
});
