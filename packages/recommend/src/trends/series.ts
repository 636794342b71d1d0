import { AttuneError } from '@attune/core';

/** Checks a series: at least `least` values, all finite; else `argument/invalid`. */
export function checkSeries(values: readonly number[], least: number): void {
  if (values.length < least) {
    throw new AttuneError(
      'argument/invalid',
      `A series needs at least ${least} values, not ${values.length}.`,
      { values: values.length },
    );
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new AttuneError('argument/invalid', `Value ${bad} of a series is ${values[bad]}.`, { at: bad });
}

/**
 * Mean absolute scaled error (Hyndman & Koehler 2006): the mean absolute error of `forecast` divided by that of the naive
 * forecast `lag` steps back within `past`; under 1 beats that naive forecast's usual error. `argument/invalid` for unlike lengths or a
 * past that never changes.
 */
export function meanAbsoluteScaledError(
  actual: readonly number[],
  forecast: readonly number[],
  past: readonly number[],
  lag = 1,
): number {
  checkSeries(past, lag + 1);
  checkSeries(actual, 1);
  if (forecast.length !== actual.length) {
    throw new AttuneError(
      'argument/invalid',
      `${forecast.length} forecasts do not match ${actual.length} values.`,
      { forecasts: forecast.length },
    );
  }
  let scale = 0;
  for (let t = lag; t < past.length; t++) scale += Math.abs(past[t]! - past[t - lag]!) / (past.length - lag);
  if (scale === 0)
    throw new AttuneError('argument/invalid', 'A past that never changes gives errors no scale.', { lag });
  return actual.reduce((sum, value, h) => sum + Math.abs(value - forecast[h]!), 0) / actual.length / scale;
}
