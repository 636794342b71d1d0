'use client';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { AdminClassification } from '@/api/types.ts';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import type { Cell } from './admin-page.tsx';
import { createCorrect, withCorrection } from './correction.ts';

export type AdminSort = 'least-sure' | 'most-sure' | 'newest' | 'title';

export interface AdminFilters {
  /** A label, 'unsure', or '' for any: the person's label where there is one, else the model's. */
  readonly label: string;
  readonly minConfidence: number;
  readonly maxConfidence: number;
  /** '' for any; with a person, or between models. */
  readonly disagreement: '' | 'person' | 'models';
  /** Only what nobody labelled yet. */
  readonly unlabelled: boolean;
  readonly sort: AdminSort;
}

const ALL: AdminFilters = {
  label: '',
  minConfidence: 0,
  maxConfidence: 1,
  disagreement: '',
  unlabelled: false,
  sort: 'least-sure',
};
const TAKE = 25;

/** The filtered classifications, the labels there are, and correcting one. */
export function useClassifications(cell: Cell | null) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const [filters, setFilters] = useState(ALL);
  const { label, minConfidence, maxConfidence, disagreement, unlabelled, sort } = filters;
  const list = useInfiniteQuery(
    trpc.admin.classifications.infiniteQueryOptions(
      {
        take: TAKE,
        sort,
        ...(label && !cell ? { label } : {}),
        ...(cell ? { predictedLabel: cell.predicted ?? 'unsure', correctedLabel: cell.corrected } : {}),
        ...(minConfidence > 0 ? { minConfidence } : {}),
        ...(maxConfidence < 1 ? { maxConfidence } : {}),
        ...(disagreement ? { disagreement } : {}),
        ...(unlabelled ? { unlabelled } : {}),
      },
      { getNextPageParam: (page) => page.next ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const summary = useQuery(trpc.admin.summary.queryOptions());
  const labels = summary.data?.labels ?? [];

  // Corrections stay in their place in the list until the filters change: a row that jumps away loses the eye.
  const [corrected, setCorrected] = useState<ReadonlyMap<string, string | null>>(new Map());
  const rows: AdminClassification[] = (list.data?.pages.flatMap((page) => page.items) ?? []).map((row) => {
    const value = corrected.get(row.track.id);
    // A label that was renamed or removed since then: the list knows better.
    const isGone = typeof value === 'string' && !labels.includes(value);
    return value === undefined || isGone ? row : { ...row, correctedLabel: value };
  });

  const { mutateAsync } = useMutation(
    trpc.admin.correct.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: trpc.admin.summary.queryKey() });
        void queries.invalidateQueries({ queryKey: trpc.admin.labelling.queryKey() });
      },
    }),
  );
  const correct = useMemo(
    () =>
      createCorrect({
        show: (id, value) => {
          setCorrected((map) => new Map(map).set(id, value));
          queries.setQueryData(trpc.admin.map.queryKey(), (map) => map && withCorrection(map, id, value));
          queries.setQueryData(
            trpc.admin.classification.queryKey({ trackId: id }),
            (row) => row && { ...row, correctedLabel: value },
          );
        },
        send: (trackId, value) => mutateAsync({ trackId, label: value }),
        say: ({ track: { title } }, value, undo) =>
          toast({
            message:
              value === null
                ? strings.admin.uncorrected(title)
                : strings.admin.correctedTo(title, styleName(value)),
            action: { label: strings.common.undo, run: undo },
          }),
        fail: (error) => toast({ message: errorMessage(error), tone: 'error' }),
      }),
    [queries, trpc, mutateAsync, toast],
  );

  return { list, rows, labels, filters, setFilters, correct };
}
