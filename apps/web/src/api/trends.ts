/** What the trends part of the admin pages is told; see types.ts. */
import type { ConditioningView } from './types.ts';

export interface ForecastView {
  readonly mean: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** How far off forecasts of the past were, as mean absolute scaled errors: smaller is better. */
export interface ForecastErrorsView {
  /** Times from which the past was forecast as the month to come is. */
  readonly origins: number;
  readonly chosen: number;
  /** Of the last value, carried on. */
  readonly lastValue: number;
  /** Of the value a season before; null where the history is shorter than that, or has no season. */
  readonly lastSeason: number | null;
}

export interface TrendView {
  readonly kind: 'style' | 'feature';
  readonly name: string;
  readonly direction: 'rising' | 'falling' | 'steady';
  /** Change a period, in the series' own unit: shares of listening for styles. */
  readonly slope: number;
  /** Two-sided, adjusted for looking at many series at once. */
  readonly p: number;
  readonly values: readonly number[];
  readonly forecast: readonly ForecastView[];
  /** What forecast the past best. */
  readonly method: 'smoothing' | 'mean';
  /** null while the history is too short to say. */
  readonly errors: ForecastErrorsView | null;
}

export interface TrendsView {
  readonly period: 'day' | 'week';
  /** Whole periods there are, and how many are needed to tell anything. */
  readonly periods: number;
  readonly needed: number;
  readonly since: string | null;
  /** Empty while the history is too short. */
  readonly trends: readonly TrendView[];
  /** What to compose for next month; null where nothing is sure. */
  readonly wish: ConditioningView | null;
}
