import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { SearchPage } from '@/features/search/search-page.tsx';
import { strings } from '@/strings/index.ts';

export const metadata: Metadata = { title: strings.search.title };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ q?: string | string[]; like?: string | string[] }>;
}): Promise<ReactNode> {
  const { q, like } = await searchParams;
  const one = (value: string | string[] | undefined): string =>
    Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
  return <SearchPage text={one(q).slice(0, 1000)} like={one(like).slice(0, 64)} />;
}
