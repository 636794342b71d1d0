import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { LibraryPage } from '@/features/library/library-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.library.title };

export default function Page(): ReactNode {
  return <LibraryPage />;
}
