import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AccountPage } from '@/features/account/account-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.account.title };

export default function Page(): ReactNode {
  return <AccountPage />;
}
