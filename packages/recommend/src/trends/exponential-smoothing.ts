import { AttuneError } from '@attune/core';
import { normalCdf } from '../algebra/normal.ts';
import { checkSeries } from './series.ts';

/** A forecast with its prediction interval. */
export interface Forecast {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Parameters of additive exponential smoothing; 0 where a part is absent. */
export interface Smoothing {
  /** Weight of a new value in the level, 0 … 1. */
  readonly alpha: number;
  /** Weight of a change of level in the trend, 0 … alpha. */
  readonly beta: number;
  /** Weight of a new value in the season, 0 … 1 − alpha. */
  readonly gamma: number;
  /** How much of the trend is left a step later, 0.8 … 0.98. */
  readonly phi: number;
  /** Steps a season; 1: none. */
  readonly seasonLength: number;
}

/** A fitted series. */
export interface SmoothedSeries {
  readonly smoothing: Smoothing;
  /** Standard deviation of the one-step errors. */
  readonly deviation: number;
  /** Corrected Akaike information criterion, for choosing between forms on the same series. */
  readonly aicc: number;
  /** [steps]: forecasts with intervals that hold `coverage` (0 … 1) of what comes if errors are normal. */
  readonly forecast: (steps: number, coverage?: number) => Forecast[];
}

/** What may be fitted. */
export interface SmoothingOptions {
  /** Steps a season, such as 52 weeks; no season if left out or where there are fewer than two whole ones. */
  readonly seasonLength?: number;
}

interface State {
  level: number;
  trend: number;
  /** [seasonLength], the season of the next step first. */
  season: number[];
}

const PHIS = [0.8, 0.9, 0.95, 0.98];
/** Search of the weights: steps that are halved from the first to the last. */
const FIRST_STEP = 0.2;
const LAST_STEP = 0.01;

/**
 * Exponential smoothing in its additive-error state space form (Hyndman, Koehler, Snyder & Grose 2002): level alone, damped
 * trend (Gardner & McKenzie 1985), and both with an additive season (Holt–Winters), the form chosen by AICc. Weights minimise the
 * one-step squared error by a pattern search; nothing is random. Intervals by their closed form for the
 * variance (Hyndman, Koehler, Ord & Snyder 2005, class 1).
 * @throws `argument/invalid` for under 8 values or values that are not finite.
 */
export function fitExponentialSmoothing(
  values: readonly number[],
  options: SmoothingOptions = {},
): SmoothedSeries {
  checkSeries(values, 8);
  const { seasonLength = 1 } = options;
  if (!Number.isInteger(seasonLength) || seasonLength < 1) {
    throw new AttuneError(
      'argument/invalid',
      `A season is a whole number of steps from 1, not ${seasonLength}.`,
      { seasonLength },
    );
  }
  const lengths = seasonLength > 1 && values.length >= 2 * seasonLength ? [1, seasonLength] : [1];
  const forms = lengths.flatMap((length) => [0, ...PHIS].map((phi) => fitForm(values, length, phi)));
  return forms.reduce((a, b) => (b.aicc < a.aicc ? b : a));
}

function fitForm(values: readonly number[], seasonLength: number, phi: number): SmoothedSeries {
  let best: Smoothing = {
    alpha: 0.3,
    beta: phi > 0 ? 0.05 : 0,
    gamma: seasonLength > 1 ? 0.1 : 0,
    phi,
    seasonLength,
  };
  let least = squaredError(values, best);
  for (let step = FIRST_STEP; step >= LAST_STEP;) {
    const before = least;
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      if ((name === 'beta' && phi === 0) || (name === 'gamma' && seasonLength === 1)) continue;
      for (const move of [step, -step]) {
        const tried = { ...best, [name]: best[name] + move };
        if (!isAllowed(tried)) continue;
        const error = squaredError(values, tried);
        if (error < least) [best, least] = [tried, error];
      }
    }
    if (least >= before * (1 - 1e-9)) step /= 2;
  }
  const n = values.length;
  const parameters = 2 + (phi > 0 ? 3 : 0) + (seasonLength > 1 ? seasonLength : 0);
  const left = Math.max(1, n - parameters - 1);
  const aicc =
    n * Math.log(Math.max(least / n, 1e-300)) + 2 * parameters + (2 * parameters * (parameters + 1)) / left;
  const deviation = Math.sqrt(least / Math.max(1, n - (2 + (phi > 0 ? 2 : 0))));
  const state = smooth(values, best).state;
  return {
    smoothing: best,
    deviation,
    aicc,
    forecast: (steps, coverage = 0.95) => forecastFrom(state, best, deviation, steps, coverage),
  };
}

function isAllowed({ alpha, beta, gamma, phi, seasonLength }: Smoothing): boolean {
  const trendFits = phi === 0 ? beta === 0 : beta >= 0 && beta <= alpha;
  const seasonFits = seasonLength === 1 ? gamma === 0 : gamma >= 0 && gamma <= 1 - alpha;
  return alpha > 0 && alpha <= 1 && trendFits && seasonFits;
}

function squaredError(values: readonly number[], smoothing: Smoothing): number {
  return smooth(values, smoothing).squares;
}

/** Runs the state over the values: error e = y − level − φ·trend − season; level += αe, trend += βe, season += γe. */
function smooth(values: readonly number[], smoothing: Smoothing): { state: State; squares: number } {
  const { alpha, beta, gamma, phi, seasonLength } = smoothing;
  const state = initialState(values, smoothing);
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    const place = t % seasonLength;
    const base = state.level + phi * state.trend;
    const error = values[t]! - base - state.season[place]!;
    squares += error * error;
    state.level = base + alpha * error;
    state.trend = phi * state.trend + beta * error;
    state.season[place]! += gamma * error;
  }
  const turned = values.length % seasonLength;
  state.season = [...state.season.slice(turned), ...state.season.slice(0, turned)];
  return { state, squares };
}

/** Season: mean by place less the mean of whole seasons; level: mean of the first values; trend: none. */
function initialState(values: readonly number[], { seasonLength }: Smoothing): State {
  const whole = values.slice(0, values.length - (values.length % seasonLength));
  const mean = average(whole);
  const season = new Array<number>(seasonLength).fill(0);
  if (seasonLength > 1) {
    whole.forEach((value, t) => (season[t % seasonLength]! += value));
    const seasons = whole.length / seasonLength;
    season.forEach((sum, place) => (season[place] = sum / seasons - mean));
  }
  const first = values.slice(0, Math.max(4, Math.min(seasonLength, 12)));
  return { level: average(first.map((value, t) => value - season[t % seasonLength]!)), trend: 0, season };
}

function forecastFrom(
  state: State,
  { alpha, beta, gamma, phi, seasonLength }: Smoothing,
  deviation: number,
  steps: number,
  coverage: number,
): Forecast[] {
  if (!Number.isInteger(steps) || steps < 1)
    throw new AttuneError('argument/invalid', `A forecast is one step or more, not ${steps}.`, { steps });
  if (!(coverage > 0 && coverage < 1))
    throw new AttuneError('argument/invalid', `A coverage lies between 0 and 1, not ${coverage}.`, {
      coverage,
    });
  const z = normalQuantile((1 + coverage) / 2);
  let variance = deviation ** 2;
  let damped = 0;
  return Array.from({ length: steps }, (_, i) => {
    damped += phi ** (i + 1);
    const mean = state.level + damped * state.trend + state.season[i % seasonLength]!;
    const reach = z * Math.sqrt(variance);
    const c = alpha + beta * damped + ((i + 1) % seasonLength === 0 ? gamma : 0);
    variance += (deviation * c) ** 2;
    return { mean, low: mean - reach, high: mean + reach };
  });
}

/** The standard normal quantile of 0 < p < 1, by Newton's method on the distribution function (|error| < 1e-6 within ±4). */
export function normalQuantile(p: number): number {
  let x = 0;
  for (let i = 0; i < 60; i++) {
    const step = (normalCdf(x) - p) / Math.max(1e-12, Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI));
    x -= Math.max(-1, Math.min(1, step));
    if (Math.abs(step) < 1e-9) break;
  }
  return x;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
