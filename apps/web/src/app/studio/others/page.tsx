import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { OthersPage } from '@/features/others/others-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.studio.tabs.others };

export default function Page(): ReactNode {
  return <OthersPage />;
}
