'use client';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTRPC } from '@/trpc/context.ts';

export type Source = 'all' | 'catalogue' | 'mine' | 'uploads' | 'generated';
export type Sort = 'newest' | 'title' | 'seconds' | 'tempo' | 'rating';

export interface Filters {
  readonly query: string;
  readonly style: string;
  readonly source: Source;
  readonly sort: Sort;
}

export const NO_FILTERS: Filters = { query: '', style: '', source: 'all', sort: 'newest' };
const TAKE = 24;

/** The filtered list, a page at a time. Typing stays smooth: the list follows the words with a delay. */
export function useLibrary() {
  const trpc = useTRPC();
  const [filters, setFilters] = useState(NO_FILTERS);
  const { query, style, source, sort } = useDeferredValue(filters);
  const list = useInfiniteQuery(
    trpc.library.list.infiniteQueryOptions(
      {
        take: TAKE,
        sort,
        ...(query.trim() ? { query: query.trim() } : {}),
        ...(style ? { style } : {}),
        ...(source === 'all' ? {} : { source }),
      },
      { getNextPageParam: (page) => page.next ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const tracks = list.data?.pages.flatMap((page) => page.items) ?? [];
  return { list, tracks, filters, setFilters };
}
