'use client';
import type { ReactNode } from 'react';
import { ErrorState } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';

/** A page that threw: the shell and the player around it live on. */
export default function ErrorPage({ reset }: { error: Error; reset: () => void }): ReactNode {
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-28">{strings.errors.brokenTitle}</h1>
      <ErrorState message={strings.errors.brokenHint} onRetry={reset} />
    </div>
  );
}
