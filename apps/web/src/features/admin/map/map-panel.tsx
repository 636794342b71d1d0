'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Map as MapIcon } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { CatalogueMap, MapPoint } from '@/api/labelling.ts';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { EmptyState, SkeletonList } from '@/components/ui/states.tsx';
import { useKeys } from '@/features/shortcuts/shortcuts-provider.tsx';
import { styleName } from '@/lib/describe.ts';
import { formatPercent } from '@/lib/format.ts';
import { isSameLabel, styleOfLabel } from '@/lib/same-label.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { LabelPanel } from '../label-panel.tsx';
import { labelOfKey } from '../label-keys.ts';
import { NotHeard } from '../not-heard.tsx';
import { PlainTable } from '../plain-table.tsx';
import { QueryPanel } from '../query-panel.tsx';
import type { Correct } from '../correction.ts';
import type { AdminFilters } from '../use-classifications.ts';
import { MapCanvas } from './map-canvas.tsx';
import { markOf, nearestPoint } from './map-geometry.ts';
import { MarkIcon } from './map-legend.tsx';

const t = strings.admin.map;
const LISTED = 200;

interface MapPanelProps {
  readonly filters: AdminFilters;
  readonly labels: readonly string[];
  readonly onFilters: (filters: AdminFilters) => void;
  readonly correct: Correct;
}

/** The catalogue as a map of likeness, with the chosen track beside it and the same points as a table. */
export function MapPanel(props: MapPanelProps): ReactNode {
  const trpc = useTRPC();
  const map = useQuery(trpc.admin.map.queryOptions());
  return <QueryPanel query={map}>{(data) => <LoadedMap map={data} {...props} />}</QueryPanel>;
}

function LoadedMap({
  map,
  filters,
  labels,
  onFilters,
  correct,
}: MapPanelProps & { map: CatalogueMap }): ReactNode {
  const { points } = map;
  const trpc = useTRPC();
  const [chosen, setChosen] = useState<number>(0);
  const used = useMemo(() => [...new Set(points.map(shownLabel))].sort(byName), [points]);
  const order = useMemo(() => [...labels, 'unsure'], [labels]);
  const dots = useMemo(
    () =>
      points.map((point) => ({
        x: point.x,
        y: point.y,
        mark: markOf(Math.max(0, order.indexOf(shownLabel(point)))),
        dim: !matches(point, filters),
        labelled: point.correctedLabel !== null,
      })),
    [points, filters, order],
  );
  const point = points[chosen] ?? points[0];
  const row = useQuery({
    ...trpc.admin.classification.queryOptions({ trackId: point?.trackId ?? '' }),
    enabled: !!point,
    placeholderData: keepPreviousData,
  });

  const set = (label: string | null): void => {
    if (!row.data || row.data.track.id !== point?.trackId) return; // still the panel of the track before
    correct(row.data, label);
    if (label === null) return;
    const next = nearestPoint(
      points,
      chosen,
      (i) => points[i]!.correctedLabel === null && matches(points[i]!, filters),
    );
    if (next !== null) setChosen(next);
  };
  useKeys(({ key, focused }) => {
    const value = focused.types ? null : labelOfKey(labels, key);
    if (value) set(value);
    return value !== null;
  });

  if (!point) return <EmptyState title={t.empty} hint={t.emptyHint} icon={MapIcon} />;
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_360px]">
      <div className="flex min-w-0 flex-col gap-4">
        <MapCanvas dots={dots} chosen={chosen} spoken={pointWords(point)} onChoose={setChosen} />
        {filters.disagreement === 'models' && !points.some(({ disagrees }) => disagrees) ? (
          <NotHeard otherwise={null} />
        ) : null}
        <p className="text-quiet">
          {t.method[map.method]} {map.left > 0 ? t.left(map.left) : null}
        </p>
        <ul aria-label={t.legend} className="flex flex-wrap gap-1">
          {used.map((label) => (
            <li key={label}>
              <button
                type="button"
                aria-pressed={filters.label === label}
                onClick={() => onFilters({ ...filters, label: filters.label === label ? '' : label })}
                className="inline-flex min-h-8 items-center gap-2 rounded-full border border-line px-3 text-12 hover:border-edge aria-pressed:border-accent aria-pressed:bg-tint pointer-coarse:min-h-11"
              >
                <MarkIcon mark={markOf(order.indexOf(label))} />
                {label === 'unsure' ? strings.admin.unsureLabel : styleName(label)}
              </button>
            </li>
          ))}
        </ul>
        <Disclosure label={t.table}>
          {() => <PointTable points={points} filters={filters} onChoose={setChosen} />}
        </Disclosure>
      </div>
      {row.data ? (
        <LabelPanel
          row={row.data}
          labels={labels}
          onLabel={set}
          onMove={(by) => setChosen((i) => Math.max(0, Math.min(points.length - 1, i + by)))}
        />
      ) : (
        <SkeletonList count={4} className="h-24" />
      )}
    </div>
  );
}

/** The twin of the map for those who do not see it: the same points in rows. */
function PointTable({
  points,
  filters,
  onChoose,
}: {
  points: readonly MapPoint[];
  filters: AdminFilters;
  onChoose: (index: number) => void;
}): ReactNode {
  const meant = points
    .map((point, index) => ({ point, index }))
    .filter(({ point }) => matches(point, filters));
  const { columns } = strings.admin;
  return (
    <>
      <PlainTable
        caption={t.table}
        columns={[columns.track, columns.label, columns.confidence, columns.corrected, t.place]}
        rows={meant.slice(0, LISTED).map(({ point, index }) => ({
          id: point.trackId,
          cells: [
            <button
              key="open"
              type="button"
              className="min-h-11 text-left underline"
              onClick={() => onChoose(index)}
            >
              {point.title}
            </button>,
            point.label === null ? strings.admin.unsureLabel : styleName(point.label),
            formatPercent(point.confidence),
            point.correctedLabel === null ? '' : styleName(point.correctedLabel),
            t.placeText(point.x.toFixed(2), point.y.toFixed(2)),
          ],
        }))}
      />
      {meant.length > LISTED ? <p className="text-quiet">{t.tableLeft(meant.length - LISTED)}</p> : null}
    </>
  );
}

function shownLabel({ correctedLabel, label }: MapPoint): string {
  return correctedLabel ?? styleOfLabel(label) ?? 'unsure';
}

function byName(a: string, b: string): number {
  return styleName(a).localeCompare(styleName(b));
}

/** The filters of the table, on what the map knows. */
export function matches(
  point: MapPoint,
  { label, minConfidence, maxConfidence, disagreement, unlabelled }: AdminFilters,
): boolean {
  const { correctedLabel, confidence } = point;
  return (
    (label === '' || isSameLabel(shownLabel(point), label)) &&
    confidence >= minConfidence &&
    confidence <= maxConfidence &&
    (disagreement !== 'person' || (correctedLabel !== null && !isSameLabel(correctedLabel, point.label))) &&
    (disagreement !== 'models' || point.disagrees) &&
    (!unlabelled || correctedLabel === null)
  );
}

function pointWords(point: MapPoint): string {
  const says = point.label === null ? strings.admin.unsureLabel : styleName(point.label);
  return t.spoken(
    point.title,
    says,
    formatPercent(point.confidence),
    point.correctedLabel && styleName(point.correctedLabel),
  );
}
