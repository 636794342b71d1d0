import { isStyle } from '@attune/core/style';
import type { Trend, TrendHistory } from '@attune/recommend';
import { createHistory, detectTrends, trendConditioning } from '@attune/recommend';
import type { TrendsView } from '../../api/trends.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { assertAdmin } from './access.ts';
import { catalogueOf } from './catalogue.ts';
import type { ComposeWish } from './compose.ts';
import { startComposing } from './compose.ts';
import type { Deps } from './deps.ts';

const DAY_MS = 86_400_000;
/** The Mann–Kendall test says nothing about fewer. */
const NEEDED = 8;
const LATEST = { day: 60, week: 156 } as const;
/** Of those, the latest in which rise and fall are looked for. */
const WINDOW = { day: 60, week: 104 } as const;
/** Periods after which things come again: a week of days, a year of weeks. */
const SEASON = { day: 7, week: 52 } as const;
/** Latest periods that the mean is of, where the mean forecasts best. */
const MEAN_OVER = { day: 28, week: 52 } as const;
/** Periods in the month to come. */
const MONTH = { day: 30, week: 4 } as const;

type Needs = Pick<Deps, 'tracks' | 'listeners' | 'now'>;

/** What rises and falls in what everybody listens to, by weeks, or by days while there are too few weeks. */
export async function listTrends(deps: Needs, actor: Actor): Promise<TrendsView> {
  assertAdmin(actor);
  const now = deps.now().getTime();
  const [sums, tracks] = await Promise.all([
    deps.listeners.listening(),
    deps.tracks.listForTaste(actor.id, 'shared'),
  ]);
  const { items: known } = catalogueOf(tracks);
  const items = new Map(known.map((item) => [item.id, item]));
  const events = sums
    .filter(({ trackId, weight }) => items.has(trackId) && weight > 0)
    .map(({ trackId, day, weight }) => ({ itemId: trackId, at: day * DAY_MS, weight }))
    .filter(({ at }) => at <= now);
  const first = events[0]?.at;
  const weeks = first === undefined ? 0 : Math.floor((now - first) / (7 * DAY_MS));
  const days = first === undefined ? 0 : Math.floor((now - first) / DAY_MS);
  const period = weeks >= NEEDED ? 'week' : 'day';
  const periods = period === 'week' ? weeks : days;
  const head = {
    period,
    periods,
    needed: NEEDED,
    since: first === undefined ? null : new Date(first).toISOString(),
  } as const;
  if (periods < NEEDED) return { ...head, trends: [], wish: null };
  const from = now - (LATEST[period] + 1) * (period === 'week' ? 7 : 1) * DAY_MS;
  const recent = events.filter(({ at }) => at >= from);
  if (
    recent.length === 0 ||
    Math.floor((now - recent[0]!.at) / (period === 'week' ? 7 * DAY_MS : DAY_MS)) < NEEDED
  ) {
    return { ...head, trends: [], wish: null };
  }
  const history = createHistory(recent, (id) => items.get(id), now, {
    periodMs: period === 'week' ? 7 * DAY_MS : DAY_MS,
  });
  const trends = detectTrends(history, {
    ahead: MONTH[period],
    window: WINDOW[period],
    meanOver: MEAN_OVER[period],
    // A season is told where two of them were seen.
    ...(periodsOf(history) >= 2 * SEASON[period] && { seasonLength: SEASON[period] }),
  });
  const values = new Map(history.series.map((series) => [`${series.kind}/${series.name}`, series.values]));
  const wish = trendConditioning(trends);
  return {
    ...head,
    trends: trends.map((trend) => viewOf(trend, values.get(`${trend.kind}/${trend.name}`) ?? [])),
    wish: Object.keys(wish).length > 0 ? wish : null,
  };
}

function periodsOf({ series }: TrendHistory): number {
  return series[0]?.values.length ?? 0;
}

function viewOf(
  { kind, name, direction, slope, adjustedP, forecast, method, errors }: Trend,
  values: readonly number[],
): TrendsView['trends'][number] {
  return { kind, name, direction, slope, p: adjustedP, values, forecast, method, errors };
}

/** Composes what this audience is likely to like next month. Refused while nothing sure moves. */
export async function composeTrend(deps: Deps, actor: Actor): Promise<{ jobId: string }> {
  const { wish, periods, needed } = await listTrends(deps, actor);
  if (periods < needed)
    throw new DomainError(
      'input/invalid',
      `There are ${periods} of the ${needed} periods that a trend needs; ask again later.`,
    );
  if (!wish)
    throw new DomainError(
      'input/invalid',
      'Nothing rises or falls for sure, so there is nothing to compose for.',
    );
  // A style that the composer was not trained on is left to it: the other wishes still hold.
  const { styles } = (await deps.models()).generator ?? { styles: [] as readonly string[] };
  const { style, ...rest } = wish;
  const conditioning = style !== undefined && isStyle(style) && styles.includes(style) ? wish : rest;
  const order: ComposeWish = { mode: 'controls', conditioning, bars: 16 };
  return startComposing(deps, actor, order);
}
