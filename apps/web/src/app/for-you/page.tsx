import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ForYouPage } from '@/features/for-you/for-you-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.forYou.title };

export default function Page(): ReactNode {
  return <ForYouPage />;
}
