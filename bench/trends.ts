import { findDataDir } from '@attune/core/node';
import {
  fitExponentialSmoothing,
  forecastSeries,
  meanAbsoluteScaledError,
  testTrend,
  type Forecast,
} from '@attune/recommend';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

export const summary =
  'forecasts of chart series: MASE beside last value, same week and mean of the last year, coverage of intervals';

const AHEAD = 13;
const YEAR = 52;
/** Weeks of the past that a forecast looks at: what was usual sixty years ago says little. */
const PAST = 8 * YEAR;
const ORIGINS_EVERY = 4;

/**
 * `[WEEKS]`: forecasts 13 weeks ahead at rolling origins, every fourth week, of the last WEEKS (52) of the Hot 100 before 2022. Each forecast
 * sees the 8 years before its origin and nothing after it. MASE is scaled by the one-step naive error of that past.
 */
export function run(args: readonly string[]): void {
  const weeks = Number(args[0] ?? YEAR);
  const folder = findDataDir();
  const file = folder && path.join(folder, 'billboard', 'hot100.csv.gz');
  if (!file || !existsSync(file)) {
    console.log('No billboard set: set ATTUNE_DATA_DIR.');
    return;
  }
  const series = chartSeries(parse(gunzipSync(readFileSync(file)), { columns: true }));
  const methods: readonly (readonly [string, (past: readonly number[]) => Forecast[] | number[]])[] = [
    ['exponential smoothing', (past) => fitExponentialSmoothing(past).forecast(AHEAD)],
    ['with a season of 52', (past) => fitExponentialSmoothing(past, { seasonLength: YEAR }).forecast(AHEAD)],
    ['last value', (past) => new Array<number>(AHEAD).fill(past.at(-1)!)],
    ['same week last year', (past) => past.slice(-YEAR, AHEAD - YEAR)],
    [
      'mean of the last year',
      (past) => new Array<number>(AHEAD).fill(past.slice(-YEAR).reduce((a, b) => a + b, 0) / YEAR),
    ],
    ['chosen by past error', (past) => [...chosenFrom(past, 0.95)]],
  ];
  console.log(
    `| series | trend of the last 3 years (p) | ${methods.map(([name]) => name).join(' | ')} | coverage of 80 % | of 95 % |`,
  );
  console.log(`|${'---|'.repeat(methods.length + 4)}`);
  const all = methods.map((): number[] => []);
  const inside = { 0.8: [] as boolean[], 0.95: [] as boolean[] };
  for (const [name, values] of Object.entries(series)) {
    const errors = methods.map((): number[] => []);
    const own = { 0.8: [] as boolean[], 0.95: [] as boolean[] };
    for (let origin = values.length - weeks; origin + AHEAD <= values.length; origin += ORIGINS_EVERY) {
      const past = values.slice(origin - PAST, origin);
      const actual = values.slice(origin, origin + AHEAD);
      methods.forEach(([, forecast], m) => {
        const means = forecast(past).map((each) => (typeof each === 'number' ? each : each.mean));
        errors[m]!.push(meanAbsoluteScaledError(actual, means, past));
      });
      for (const coverage of [0.8, 0.95] as const) {
        chosenFrom(past, coverage).forEach(({ low, high }, h) =>
          own[coverage].push(actual[h]! >= low && actual[h]! <= high),
        );
      }
    }
    errors.forEach((list, m) => all[m]!.push(mean(list)));
    for (const coverage of [0.8, 0.95] as const) inside[coverage].push(...own[coverage]);
    const { p, slope } = testTrend(values.slice(-3 * YEAR));
    console.log(
      `| ${name} | ${slope > 0 ? '+' : '−'} (${p.toFixed(3)}) | ${errors.map((list) => mean(list).toFixed(3)).join(' | ')} | ${share(own[0.8])} | ${share(own[0.95])} |`,
    );
  }
  console.log(
    `| mean | | ${all.map((list) => mean(list).toFixed(3)).join(' | ')} | ${share(inside[0.8])} | ${share(inside[0.95])} |`,
  );
}

/** What an audience's trends are forecast by. */
function chosenFrom(past: readonly number[], coverage: number): readonly Forecast[] {
  return forecastSeries(past, { ahead: AHEAD, seasonLength: YEAR, meanOver: YEAR, coverage }).forecast;
}

interface Row {
  readonly date: string;
  readonly song: string;
  readonly artist: string;
  readonly weeks_on_chart: string;
}

/** Weekly series from the chart: none of them is a style, which the chart does not say. */
function chartSeries(rows: readonly Row[]): Record<string, number[]> {
  const weeks = new Map<string, Row[]>();
  for (const row of rows) weeks.set(row.date, [...(weeks.get(row.date) ?? []), row]);
  const dates = [...weeks.keys()].sort();
  const of = (measure: (now: readonly Row[], before: readonly Row[]) => number): number[] =>
    dates.slice(1).map((date, i) => measure(weeks.get(date)!, weeks.get(dates[i]!)!));
  const shareOf = (test: (row: Row) => boolean) => (now: readonly Row[]) =>
    now.filter(test).length / now.length;
  return {
    'featured artists, share': of(
      shareOf(({ artist }) => / featuring | feat\.? | ft\.? | x | with /i.test(artist)),
    ),
    'new titles, share': of((now, before) => {
      const known = new Set(before.map(({ song, artist }) => `${song}\t${artist}`));
      return now.filter(({ song, artist }) => !known.has(`${song}\t${artist}`)).length / now.length;
    }),
    'weeks on chart, mean': of((now) => mean(now.map((row) => Number(row.weeks_on_chart)))),
    'artists, different share': of((now) => new Set(now.map(({ artist }) => artist)).size / now.length),
    'title length, words': of((now) => mean(now.map(({ song }) => song.split(/\s+/).length))),
    'over 20 weeks on chart, share': of(shareOf((row) => Number(row.weeks_on_chart) > 20)),
    'love in the title, share': of(shareOf(({ song }) => /\blov/i.test(song))),
    'christmas in the title, share': of(
      shareOf(({ song }) => /christmas|santa|holiday|jingle|snow|wonderful time/i.test(song)),
    ),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function share(values: readonly boolean[]): string {
  return `${((100 * values.filter(Boolean).length) / values.length).toFixed(1)} %`;
}
