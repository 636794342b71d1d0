import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AdminPage } from '@/features/admin/admin-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.admin.title };

export default function Page(): ReactNode {
  return <AdminPage />;
}
