import { AttuneError } from '@attune/core';
import type { Conditioning, MoodAxis } from '@attune/core/style';
import { isStyle, MOOD_AXES, moodQuantile } from '@attune/core/style';
import type { Forecast } from './exponential-smoothing.ts';
import { forecastSeries, type ForecastErrors, type ForecastMethod } from './forecast.ts';
import type { TrendHistory, TrendSeries } from './history.ts';
import { testTrend } from './mann-kendall.ts';

/** How one series moves and where it is likely to go. */
export interface Trend {
  readonly kind: TrendSeries['kind'];
  readonly name: string;
  readonly direction: 'rising' | 'falling' | 'steady';
  /** Sen's slope, in the series' unit a period. */
  readonly slope: number;
  /** Two-sided p of the Mann–Kendall test, and the same adjusted for the number of series (Benjamini & Hochberg 1995). */
  readonly p: number;
  readonly adjustedP: number;
  /** Last value seen. */
  readonly last: number;
  /** [ahead], the next period first. */
  readonly forecast: readonly Forecast[];
  /** By which method, chosen by past error, and what those errors were; null where the past is too short to say. */
  readonly method: ForecastMethod;
  readonly errors: ForecastErrors | null;
}

/** How trends are told and forecast. */
export interface DetectTrendsOptions {
  /** Share of false discoveries that is borne; 0.05 if left out. */
  readonly level?: number;
  /** Periods to forecast; 4 if left out. */
  readonly ahead?: number;
  /** Periods a season, such as 52 weeks; none if left out. */
  readonly seasonLength?: number;
  /** Latest periods that the mean is of where the mean forecasts best; 52 if left out. */
  readonly meanOver?: number;
  /** Periods looked at for rise and fall, the latest; all if left out. */
  readonly window?: number;
}

const TEMPO_BOUNDS = [40, 220] as const;

/**
 * What rises and falls in a history, the surest first: Mann–Kendall with autocorrelation, adjusted for looking at many
 * series, and forecasts by exponential smoothing or by the mean of the latest periods, whichever forecast the past better. Forecasts of style shares stay within 0 … 1.
 * @throws `argument/invalid` for under 8 periods, values that are not finite, or options out of range.
 */
export function detectTrends(history: TrendHistory, options: DetectTrendsOptions = {}): Trend[] {
  const { level = 0.05, ahead = 4, seasonLength, meanOver, window = Infinity } = options;
  if (!(level > 0 && level < 1))
    throw new AttuneError('argument/invalid', `A level lies between 0 and 1, not ${level}.`, { level });
  if (!(window >= 8))
    throw new AttuneError('argument/invalid', `A window has at least 8 periods, not ${window}.`, { window });
  const tests = history.series.map(({ values }) => testTrend(values.slice(-Math.min(window, values.length))));
  const adjusted = adjust(tests.map(({ p }) => p));
  return history.series
    .map(({ kind, name, values }, i): Trend => {
      const { slope, p } = tests[i]!;
      const sure = adjusted[i]! < level && slope !== 0;
      const { forecast, method, errors } = forecastSeries(values, {
        ahead,
        ...(seasonLength && { seasonLength }),
        ...(meanOver && { meanOver }),
      });
      return {
        kind,
        name,
        direction: !sure ? 'steady' : slope > 0 ? 'rising' : 'falling',
        slope,
        p,
        adjustedP: adjusted[i]!,
        last: values.at(-1)!,
        forecast: kind === 'style' ? forecast.map(withinShares) : forecast,
        method,
        errors,
      };
    })
    .sort((a, b) => a.adjustedP - b.adjustedP || a.p - b.p || (a.name < b.name ? -1 : 1));
}

/**
 * What this audience is likely to like when the last forecast period comes, as wishes for a composer: the style that rises most, and tempo
 * and moods where they rise or fall. Only sure trends speak; nothing sure gives an empty wish. `base`: wishes that trends do not override.
 */
export function trendConditioning(trends: readonly Trend[], base: Conditioning = {}): Conditioning {
  const wish: { -readonly [K in keyof Conditioning]: Conditioning[K] } = {};
  const moving = trends.filter(({ direction, forecast }) => direction !== 'steady' && forecast.length > 0);
  const rising = moving.filter(
    ({ kind, direction, name }) => kind === 'style' && direction === 'rising' && isStyle(name),
  );
  const style = rising.sort((a, b) => b.slope - a.slope)[0]?.name;
  if (style !== undefined && isStyle(style)) wish.style = style;
  for (const { kind, name, forecast } of moving) {
    if (kind !== 'feature') continue;
    const { mean } = forecast.at(-1)!;
    if (name === 'tempo') wish.tempo = Math.round(Math.max(TEMPO_BOUNDS[0], Math.min(TEMPO_BOUNDS[1], mean)));
    else if (isMood(name)) wish[name] = Math.round(100 * moodQuantile(name, mean)) / 100;
  }
  return { ...wish, ...base };
}

/** Benjamini & Hochberg's step-up: p · m / rank, made to rise with p. */
function adjust(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[b]! - ps[a]!);
  const adjusted = new Array<number>(ps.length);
  let least = 1;
  order.forEach((i, k) => {
    least = Math.min(least, (ps[i]! * ps.length) / (ps.length - k));
    adjusted[i] = least;
  });
  return adjusted;
}

function withinShares({ mean, low, high }: Forecast): Forecast {
  const clip = (x: number): number => Math.max(0, Math.min(1, x));
  return { mean: clip(mean), low: clip(low), high: clip(high) };
}

function isMood(name: string): name is MoodAxis {
  return (MOOD_AXES as readonly string[]).includes(name);
}
