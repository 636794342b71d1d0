import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ForYouPage } from '@/features/for-you/for-you-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.forYou.title };

/** `?mood=KEY` recommends for one of several tastes. */
export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ readonly mood?: string | string[] }>;
}): Promise<ReactNode> {
  const { mood } = await searchParams;
  return <ForYouPage startMood={typeof mood === 'string' ? mood : null} />;
}
