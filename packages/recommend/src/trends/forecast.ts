import { AttuneError } from '@attune/core';
import { fitExponentialSmoothing, type Forecast, normalQuantile } from './exponential-smoothing.ts';
import { checkSeries, meanAbsoluteScaledError } from './series.ts';

/** How a series is continued: by exponential smoothing, or by the mean of its latest values. */
export type ForecastMethod = 'smoothing' | 'mean';

/**
 * Errors of forecasts that the past of a series allows to check, as mean MASE over origins (scaled by the one-step naive error
 * before each).
 */
export interface ForecastErrors {
  /** Origins that were looked at. */
  readonly origins: number;
  /** Of the method that past error would have chosen at each origin, from what was known there. */
  readonly chosen: number;
  /** Of the last value, carried on. */
  readonly lastValue: number;
  /** Of the value a season before; null without a season, or where the past is shorter than one. */
  readonly lastSeason: number | null;
}

/** A continued series. */
export interface SeriesForecast {
  readonly method: ForecastMethod;
  /** [ahead], the next step first, with intervals that hold 95 % if errors are normal. */
  readonly forecast: readonly Forecast[];
  /** null where the past is too short, or never changes. */
  readonly errors: ForecastErrors | null;
}

/** How a series is continued. */
export interface SeriesForecastOptions {
  /** Steps to forecast, from 1. */
  readonly ahead: number;
  /** Steps a season, such as 52 weeks; none if left out. */
  readonly seasonLength?: number;
  /** Latest values that the mean is of, such as those of a year; 52 if left out, fewer where there are fewer. */
  readonly meanOver?: number;
  /** Share of what comes that the intervals hold, 0 … 1; 0.95 if left out. */
  readonly coverage?: number;
}

/** Origins from which the past is forecast, `ahead` apart, so that what follows one has ended at the next. */
const ORIGINS = 6;
/** Values that smoothing needs. */
const SHORTEST = 8;
const METHODS = ['smoothing', 'mean'] as const;

/**
 * Continues a series by the method that forecast its past best: at up to six origins in the latest part, both are tried on what
 * was known there, and the one with the least mean MASE is taken (smoothing until there is anything to compare). Nothing after
 * an origin is seen by a forecast from it. Intervals of the mean are as wide as its own past errors that many steps ahead.
 * @throws `argument/invalid` for under 8 values, values that are not finite, or options out of range.
 */
export function forecastSeries(values: readonly number[], options: SeriesForecastOptions): SeriesForecast {
  checkSeries(values, SHORTEST);
  const { ahead, meanOver = 52 } = options;
  for (const [name, value] of Object.entries({ ahead, meanOver })) {
    if (!Number.isInteger(value) || value < 1)
      throw new AttuneError('argument/invalid', `${name} is a whole number from 1, not ${value}.`, {
        [name]: value,
      });
  }
  const trials = originsOf(values.length, ahead).flatMap((origin) => tryFrom(values, origin, options) ?? []);
  const method = bestOf(trials);
  return {
    method,
    forecast: continueBy(method, values, options),
    errors: trials.length === 0 ? null : errorsOf(trials),
  };
}

interface Trial {
  readonly errors: Readonly<Record<ForecastMethod, number>>;
  readonly lastValue: number;
  readonly lastSeason: number | null;
}

/** The earliest first. */
function originsOf(length: number, ahead: number): number[] {
  return Array.from({ length: ORIGINS }, (_, k) => length - (ORIGINS - k) * ahead).filter(
    (origin) => origin >= SHORTEST,
  );
}

function tryFrom(
  values: readonly number[],
  origin: number,
  options: SeriesForecastOptions,
): Trial | undefined {
  const { ahead, seasonLength = 1 } = options;
  const past = values.slice(0, origin);
  if (past.every((value) => value === past[0])) return undefined; // errors have no scale
  const actual = values.slice(origin, origin + ahead);
  const errorOf = (means: readonly number[]): number => meanAbsoluteScaledError(actual, means, past);
  const by = (method: ForecastMethod): number =>
    errorOf(continueBy(method, past, options).map(({ mean }) => mean));
  const season = past.slice(-seasonLength);
  return {
    errors: { smoothing: by('smoothing'), mean: by('mean') },
    lastValue: errorOf(actual.map(() => past.at(-1)!)),
    lastSeason:
      seasonLength > 1 && past.length >= seasonLength
        ? errorOf(actual.map((_, h) => season[h % seasonLength]!))
        : null,
  };
}

/** The method with the least error over all trials; smoothing where there are none. */
function bestOf(trials: readonly Trial[]): ForecastMethod {
  const total = (method: ForecastMethod): number =>
    trials.reduce((sum, { errors }) => sum + errors[method], 0);
  return METHODS.reduce((best, method) => (total(method) < total(best) ? method : best));
}

function errorsOf(trials: readonly Trial[]): ForecastErrors {
  const average = (errors: readonly number[]): number => errors.reduce((a, b) => a + b, 0) / errors.length;
  const seasons = trials.flatMap(({ lastSeason }) => lastSeason ?? []);
  return {
    origins: trials.length,
    chosen: average(trials.map(({ errors }, k) => errors[bestOf(trials.slice(0, k))])),
    lastValue: average(trials.map(({ lastValue }) => lastValue)),
    // Over the same origins as the others, or not at all.
    lastSeason: seasons.length === trials.length ? average(seasons) : null,
  };
}

function continueBy(
  method: ForecastMethod,
  values: readonly number[],
  { ahead, seasonLength, meanOver = 52, coverage = 0.95 }: SeriesForecastOptions,
): Forecast[] {
  if (method === 'smoothing')
    return fitExponentialSmoothing(values, { ...(seasonLength && { seasonLength }) }).forecast(
      ahead,
      coverage,
    );
  const mean = meanOf(values, values.length, meanOver);
  const z = normalQuantile((1 + coverage) / 2);
  return Array.from({ length: ahead }, (_, h) => {
    const reach = z * pastError(values, h + 1, meanOver);
    return { mean, low: mean - reach, high: mean + reach };
  });
}

/** Root mean square error, over the past, of the mean of the values before as a forecast `steps` ahead. */
function pastError(values: readonly number[], steps: number, meanOver: number): number {
  const first = Math.min(meanOver, Math.ceil(values.length / 2));
  let squares = 0;
  let count = 0;
  for (let end = first; end + steps <= values.length; end++, count++)
    squares += (values[end + steps - 1]! - meanOf(values, end, meanOver)) ** 2;
  if (count > 0) return Math.sqrt(squares / count);
  const mean = meanOf(values, values.length, meanOver); // further ahead than the past is long
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Mean of the last `over` values before `end`. */
function meanOf(values: readonly number[], end: number, over: number): number {
  const start = Math.max(0, end - over);
  let sum = 0;
  for (let t = start; t < end; t++) sum += values[t]!;
  return sum / (end - start);
}
