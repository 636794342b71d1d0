import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { StudioPage } from '@/features/studio/studio-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.studio.title };

interface Props {
  readonly searchParams: Promise<{ readonly continue?: string | string[] }>;
}

/** `?continue=ID` starts from that piece. */
export default async function Page({ searchParams }: Props): Promise<ReactNode> {
  const { continue: prompt } = await searchParams;
  return <StudioPage promptTrackId={typeof prompt === 'string' ? prompt : null} />;
}
