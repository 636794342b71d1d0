'use client';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Viewer } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { CredentialsForm, type CredentialsMode } from './credentials-form.tsx';
import { SharingSection } from './sharing-section.tsx';
import { YourData } from './your-data.tsx';
import { useAccount } from './use-account.ts';

/** Who one is here, and everything one can do about one's data. */
export function AccountPage(): ReactNode {
  const trpc = useTRPC();
  const viewer = useQuery(trpc.viewer.me.queryOptions());
  return (
    <div className="flex flex-col gap-8">
      <PageHeader title={strings.account.title} />
      {viewer.isPending ? (
        <SkeletonList count={3} className="h-20" />
      ) : viewer.isError ? (
        <ErrorState message={errorMessage(viewer.error)} onRetry={() => void viewer.refetch()} />
      ) : (
        <>
          {viewer.data && !viewer.data.isGuest ? (
            <SignedIn viewer={viewer.data} />
          ) : (
            <Guest ratings={viewer.data?.ratings ?? 0} />
          )}
          <SharingSection />
          <YourData />
        </>
      )}
    </div>
  );
}

function SignedIn({ viewer }: { viewer: Viewer }): ReactNode {
  const { signOut } = useAccount();
  const { toast } = useFeedback();
  const [busy, setBusy] = useState(false);
  const leave = async (): Promise<void> => {
    setBusy(true);
    const error = await signOut();
    setBusy(false);
    toast(error ? { message: error, tone: 'error' } : { message: strings.account.signedOut });
  };
  return (
    <section className="flex flex-col items-start gap-3">
      <p className="text-16">{strings.account.signedInAs(viewer.name, viewer.email ?? '')}</p>
      <p className="text-quiet">{strings.common.ratings(viewer.ratings)}</p>
      <Button disabled={busy} onClick={() => void leave()}>
        {strings.account.signOut}
      </Button>
    </section>
  );
}

function Guest({ ratings }: { ratings: number }): ReactNode {
  const [mode, setMode] = useState<CredentialsMode>('sign-up');
  const other = mode === 'sign-up' ? 'sign-in' : 'sign-up';
  return (
    <section className="flex flex-col items-start gap-4">
      <div>
        <h2 className="text-20">{strings.account.guest}</h2>
        <p className="max-w-[64ch] text-quiet">
          {strings.account.guestHint(strings.common.ratings(ratings))}
        </p>
      </div>
      <CredentialsForm key={mode} mode={mode} />
      <Button tone="ghost" onClick={() => setMode(other)}>
        {other === 'sign-in' ? strings.account.signInInstead : strings.account.signUpInstead}
      </Button>
    </section>
  );
}
