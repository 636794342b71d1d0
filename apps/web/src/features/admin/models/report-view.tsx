import Link from 'next/link';
import type { ReactNode } from 'react';
import type { TrainingReport } from '@/api/labelling.ts';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { styleName } from '@/lib/describe.ts';
import { formatPercent, formatSigned } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { PlainTable } from '../plain-table.tsx';

const t = strings.admin.report;

/** Before and after, on pieces that were held out, and which tracks would get another label. */
export function ReportView({ report }: { report: TrainingReport }): ReactNode {
  const { before, after, labels, changes, added, unjudged, unchanged, inUse, shipped } = report;
  return (
    <div className="flex flex-col gap-3">
      <p>
        {t.pieces(report.pieces, report.judged)}{' '}
        {added.length > 0 ? t.added(added.map(styleName).join(', ')) : null}{' '}
        {unjudged.length > 0 ? t.unjudged(unjudged.map(styleName).join(', ')) : null}{' '}
        {unchanged ? t.unchanged : null}
      </p>
      {report.judged > 0 ? (
        <PlainTable
          caption={t.caption}
          columns={['', ...(shipped ? [t.shipped] : []), t.before, t.after, t.difference]}
          rows={(['accuracy', 'macroF1'] as const).map((name) => ({
            id: name,
            cells: [
              t[name],
              ...(shipped ? [formatPercent(shipped[name])] : []),
              formatPercent(before[name]),
              formatPercent(after[name]),
              points(after[name] - before[name]),
            ],
          }))}
        />
      ) : null}
      {inUse && report.judged > 0 ? (
        <p>
          {t.beforeIs(inUse.version)} {inUse.seen === null ? t.seenUnknown : t.seen(inUse.seen)}
        </p>
      ) : null}
      {labels.length > 0 ? (
        <Disclosure label={t.byLabel}>
          <PlainTable
            caption={t.byLabelCaption}
            columns={[strings.admin.label, t.judgedPieces, t.before, t.after, t.difference]}
            rows={labels.map(({ label, pieces, before: was, after: is }) => ({
              id: label,
              cells: [styleName(label), pieces, formatPercent(was), formatPercent(is), points(is - was)],
            }))}
          />
        </Disclosure>
      ) : null}
      <p>{t.changes(changes.changed, changes.looked)}</p>
      {changes.listed.length > 0 ? (
        <Disclosure label={t.changedTracks}>
          <PlainTable
            caption={t.changedTracks}
            columns={[strings.admin.columns.track, t.from, t.to]}
            rows={changes.listed.map(({ trackId, title, from, to }) => ({
              id: trackId,
              cells: [
                <Link key="open" href={`/track/${trackId}`} className="underline">
                  {title}
                </Link>,
                from === null ? strings.admin.unsureLabel : styleName(from),
                to === null ? strings.admin.unsureLabel : styleName(to),
              ],
            }))}
          />
        </Disclosure>
      ) : null}
      <p className="text-12 text-quiet">{t.caution}</p>
    </div>
  );
}

/** A difference of shares in percentage points. */
function points(difference: number): string {
  return t.points(formatSigned(100 * difference, 0));
}
