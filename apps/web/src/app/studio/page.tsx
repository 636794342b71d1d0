import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { isTask } from '@/features/studio/studio-form.ts';
import { StudioPage } from '@/features/studio/studio-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.studio.title };

interface Props {
  readonly searchParams: Promise<{
    readonly task?: string | string[];
    readonly from?: string | string[];
    readonly mood?: string | string[];
  }>;
}

/** `?task=vary&from=ID` does something with that piece; `?mood=KEY` follows one of several tastes. */
export default async function Page({ searchParams }: Props): Promise<ReactNode> {
  const { task, from, mood } = await searchParams;
  const sourceTrackId = typeof from === 'string' ? from : null;
  return (
    <StudioPage
      task={isTask(task) && sourceTrackId ? task : 'compose'}
      sourceTrackId={sourceTrackId}
      mood={typeof mood === 'string' ? mood : null}
    />
  );
}
