'use client';
import { useQuery } from '@tanstack/react-query';
import { ListPlus, Music, Shuffle, SquareDashed, UsersRound, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ComposeTaskKind } from '@/api/types.ts';
import { buttonClass } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';

const { goOnTasks, cannot } = strings.track;
type FollowingTask = Exclude<ComposeTaskKind, 'compose'>;
const ICONS: Readonly<Record<FollowingTask, LucideIcon>> = {
  vary: Shuffle,
  continue: ListPlus,
  reorchestrate: Music,
  infill: SquareDashed,
  accompany: UsersRound,
};
const ORDER: readonly FollowingTask[] = ['vary', 'continue', 'reorchestrate', 'infill', 'accompany'];

/** What can be made of a piece: what the model has not learned is not offered, and the reason stands in its place. */
export function GoOn({ trackId }: { trackId: string }): ReactNode {
  const trpc = useTRPC();
  const options = useQuery(trpc.compose.options.queryOptions());
  if (options.isPending) return <Skeleton className="h-11" />;
  if (!options.data) return null;
  const { tasks } = options.data;
  const able = ORDER.filter((task) => tasks[task].available);
  const reasons = [...new Set(ORDER.flatMap((task) => tasks[task].reason ?? []))];
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {able.map((task) => {
          const Icon = ICONS[task];
          return (
            <Link key={task} href={`/studio?task=${task}&from=${trackId}`} className={buttonClass()}>
              <Icon size={16} aria-hidden />
              {goOnTasks[task]}
            </Link>
          );
        })}
      </div>
      {reasons.length > 0 ? <p className="text-12 text-quiet">{cannot(reasons.join(' '))}</p> : null}
    </div>
  );
}
