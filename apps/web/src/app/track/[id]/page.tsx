import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { TrackPage } from '@/features/track/track-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.track.facts };

export default async function Page({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return <TrackPage id={id} key={id} />;
}
