import type { ReactNode } from 'react';
import { DiscoverPage } from '@/features/discover/discover-page.tsx';

export default function Page(): ReactNode {
  return <DiscoverPage />;
}
