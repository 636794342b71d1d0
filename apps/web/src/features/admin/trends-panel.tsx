'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Minus, Sparkles, TrendingDown, TrendingUp } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { TrendsView, TrendView } from '@/api/trends.ts';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/states.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { conditioningWords } from '@/features/track/conditioning-words.ts';
import { styleName } from '@/lib/describe.ts';
import { formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { PlainTable } from './plain-table.tsx';
import { QueryPanel } from './query-panel.tsx';
import { TrendLine } from './trend-line.tsx';

const t = strings.admin.trends;
/** Where forecasts of a public chart are measured, in the documents that come with Attune. */
const EXAMPLE = 'docs/measurements/trends.md';
const ICONS = { rising: TrendingUp, falling: TrendingDown, steady: Minus } as const;

/** What everybody listens to, and where it goes. */
export function TrendsPanel(): ReactNode {
  const trpc = useTRPC();
  const trends = useQuery(trpc.admin.trends.queryOptions());
  return <QueryPanel query={trends}>{(data) => <LoadedTrends view={data} />}</QueryPanel>;
}

function LoadedTrends({ view }: { view: TrendsView }): ReactNode {
  const { trends, periods, needed, period } = view;
  if (trends.length === 0) {
    return (
      <EmptyState title={t.short} hint={t.shortHint(periods, needed, t.periods[period])} icon={TrendingUp}>
        <p className="max-w-[60ch] text-12 text-quiet">
          {t.example} <code>{EXAMPLE}</code>
        </p>
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <NextMonth view={view} />
      <section className="flex flex-col gap-2">
        <h2 className="text-20">{t.title}</h2>
        <p className="text-quiet">{t.lead(periods, t.periods[period])}</p>
        <p className="text-12 text-quiet">{t.errorsHint}</p>
        <PlainTable
          caption={t.title}
          columns={[t.what, t.direction, t.history, t.now, t.forecast, t.errors, t.sure]}
          rows={trends.map((trend) => ({
            id: `${trend.kind}/${trend.name}`,
            cells: [
              nameOf(trend),
              <DirectionWord key="d" direction={trend.direction} />,
              <TrendLine
                key="l"
                values={trend.values}
                forecast={trend.forecast}
                label={t.line(nameOf(trend))}
              />,
              valueOf(trend, trend.values.at(-1)!),
              forecastOf(trend),
              <PastErrors key="e" trend={trend} period={period} />,
              t.chance(trend.p < 0.001 ? '< 0.1 %' : formatPercent(trend.p)),
            ],
          }))}
        />
      </section>
    </div>
  );
}

function NextMonth({ view: { wish } }: { view: TrendsView }): ReactNode {
  const trpc = useTRPC();
  const { toast } = useFeedback();
  const compose = useMutation(
    trpc.admin.composeTrend.mutationOptions({
      onSuccess: () => toast({ message: t.started }),
      onError: (error) => toast({ message: errorMessage(error), tone: 'error' }),
    }),
  );
  return (
    <section className="flex flex-col items-start gap-3 rounded-md border border-line p-4">
      <h2 className="text-20">{t.nextMonth}</h2>
      <p>
        {wish
          ? t.wish(
              conditioningWords(wish, String)
                .map(([name, words]) => `${name}: ${words}`)
                .join(', '),
            )
          : t.noWish}
      </p>
      <Button tone="primary" disabled={!wish || compose.isPending} onClick={() => compose.mutate()}>
        <Sparkles size={16} aria-hidden />
        {t.compose}
      </Button>
      {compose.isSuccess ? (
        <p>
          {t.started}{' '}
          <Link href="/studio" className="underline">
            {t.toStudio}
          </Link>
        </p>
      ) : null}
    </section>
  );
}

function DirectionWord({ direction }: Pick<TrendView, 'direction'>): ReactNode {
  const Icon = ICONS[direction];
  return (
    <span className="inline-flex items-center gap-2">
      <Icon size={16} aria-hidden className={direction === 'steady' ? 'text-quiet' : 'text-accent'} />
      {t.directions[direction]}
    </span>
  );
}

/** How far off such forecasts were in the past, and whether that is better than simple rivals. */
function PastErrors({
  trend: { errors, method },
  period,
}: {
  trend: TrendView;
  period: TrendsView['period'];
}): ReactNode {
  if (!errors) return t.noErrors;
  const { chosen, lastValue, lastSeason } = errors;
  const rivals = [
    { name: t.rivals.lastValue, error: lastValue },
    ...(lastSeason === null ? [] : [{ name: t.rivals.lastSeason[period], error: lastSeason }]),
  ];
  return (
    <ul className="flex min-w-48 flex-col">
      <li>{t.past(t.methods[method], chosen.toFixed(2))}</li>
      {rivals.map(({ name, error }) => (
        <li key={name}>{t.beats(name, error.toFixed(2), chosen < error)}</li>
      ))}
    </ul>
  );
}

function nameOf({ kind, name }: TrendView): string {
  return kind === 'style' ? styleName(name) : (t.features[name] ?? name);
}

function valueOf({ kind, name }: TrendView, value: number): string {
  if (kind === 'style') return formatPercent(value);
  return name === 'tempo' ? t.bpm(Math.round(value)) : value.toFixed(2);
}

function forecastOf(trend: TrendView): string {
  const last = trend.forecast.at(-1);
  if (!last) return '';
  return t.interval(valueOf(trend, last.mean), valueOf(trend, last.low), valueOf(trend, last.high));
}
