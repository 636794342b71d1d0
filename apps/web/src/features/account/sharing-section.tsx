'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Sharing } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { useSteer } from '@/features/for-you/use-steer.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

const t = strings.account;

/** In plain words: what of the listener's is used for others, and the way out. */
export function SharingSection(): ReactNode {
  const trpc = useTRPC();
  const sharing = useQuery(trpc.viewer.sharing.queryOptions());
  return (
    <section className="flex flex-col items-start gap-2 border-t border-line pt-6">
      <h2 className="text-20">{t.sharing}</h2>
      {sharing.isPending ? (
        <SkeletonList count={1} className="h-20" />
      ) : sharing.isError ? (
        <ErrorState message={errorMessage(sharing.error)} onRetry={() => void sharing.refetch()} />
      ) : (
        <Shared sharing={sharing.data} />
      )}
    </section>
  );
}

function Shared({ sharing }: { sharing: Sharing }): ReactNode {
  const { steer, busy } = useSteer();
  const { mode, epsilon, contributes } = sharing;
  if (mode === 'off') return <p className="max-w-[64ch]">{t.sharingOff}</p>;
  const part = !contributes ? t.sharingNo : mode === 'private' ? t.sharingYesPrivate : t.sharingYes;
  return (
    <>
      <p className="max-w-[64ch]">{mode === 'private' ? t.sharingPrivate(epsilon ?? 0) : t.sharingOn}</p>
      <p className="max-w-[64ch]" role="status">
        {part}
      </p>
      <Button
        disabled={busy}
        onClick={() => steer({ kind: 'listeners', label: t.sharingReason }, contributes ? 'less' : 'more')}
      >
        {contributes ? t.sharingStop : t.sharingStart}
      </Button>
    </>
  );
}
