'use client';
import { useQueries } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Provenance } from '@/api/types.ts';
import { formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';

const t = strings.track;

/** Ids of the tracks that a piece was made from. */
export function sourcesOf({ task, sample, promptTrackId }: Provenance): readonly string[] {
  return sample?.sourceTrackIds ?? (task ? [task.sourceTrackId] : promptTrackId ? [promptTrackId] : []);
}

/** Whether it was made from another piece rather than from nothing. */
export function isMadeFrom(provenance: Provenance): boolean {
  return sourcesOf(provenance).length > 0 || taskWords(provenance) !== null;
}

/** The pieces that a piece was made from, as links, and what was done with them. */
export function Sources({ provenance }: { provenance: Provenance }): ReactNode {
  const trpc = useTRPC();
  const ids = sourcesOf(provenance);
  const details = useQueries({
    queries: ids.map((id) => ({ ...trpc.track.get.queryOptions({ id }), retry: false })),
  });
  const words = taskWords(provenance);
  return (
    <>
      {details.map((detail, i) => (
        <span key={ids[i]} className="block">
          {detail.data ? (
            <Link href={`/track/${ids[i]}`} className="underline hover:no-underline">
              {detail.data.summary.title}
            </Link>
          ) : detail.isError ? (
            t.source_gone
          ) : (
            '…'
          )}
        </span>
      ))}
      {words ? <span className="text-quiet">{words}</span> : null}
    </>
  );
}

/** "bars filled: bars 5 to 8", "varied: 50 % kept, by notes". */
export function taskWords({ task }: Provenance): string | null {
  if (!task) return null;
  const what = t.madeFromTask[task.kind];
  if (task.kind === 'infill') return `${what}: ${t.gapBars(...task.bars)}`;
  if (task.kind === 'vary')
    return `${what}: ${t.keptShare(formatPercent(task.keep), strings.studio.units[task.unit])}`;
  return what;
}

/** Which kind of model made it, with which settings; nothing for a composed piece. */
export function sampleWords({ sample }: Provenance): [string, string][] {
  if (!sample) return [];
  const name = strings.others.names[sample.family] ?? sample.family;
  const settings = Object.entries(sample.settings).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  return [[t.madeBy, `${name}, ${t.sampleOf(sample.number, sample.count)}`], ...settings];
}
