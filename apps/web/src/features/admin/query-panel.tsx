'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { errorMessage } from '@/trpc/error-message.ts';

interface QueryPanelProps<T> {
  readonly query: UseQueryResult<T, unknown>;
  readonly children: (data: T) => ReactNode;
}

/** Loading, error with retry, or the data. */
export function QueryPanel<T>({ query, children }: QueryPanelProps<T>): ReactNode {
  if (query.isPending) return <SkeletonList count={6} className="h-12" />;
  if (query.isError)
    return <ErrorState message={errorMessage(query.error)} onRetry={() => void query.refetch()} />;
  return children(query.data);
}
