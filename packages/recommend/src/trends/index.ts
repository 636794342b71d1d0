export { createHistory } from './history.ts';
export type { HistoryOptions, ListeningEvent, TrendHistory, TrendSeries } from './history.ts';
export { detectTrends, trendConditioning } from './detect-trends.ts';
export type { DetectTrendsOptions, Trend } from './detect-trends.ts';
export { fitExponentialSmoothing } from './exponential-smoothing.ts';
export type { Forecast, SmoothedSeries, Smoothing, SmoothingOptions } from './exponential-smoothing.ts';
export { testTrend } from './mann-kendall.ts';
export type { TrendTest } from './mann-kendall.ts';
export { meanAbsoluteScaledError } from './series.ts';
