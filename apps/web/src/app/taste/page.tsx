import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { TastePage } from '@/features/taste/taste-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.taste.title };

export default function Page(): ReactNode {
  return <TastePage />;
}
