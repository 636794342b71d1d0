'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ear } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LabellingState } from '@/api/labelling.ts';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/states.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { listeningStage } from './listening-stage.ts';

const t = strings.admin.notHeard;
const POLL_MS = 2000;

/**
 * In place of tracks on which models differ: says that the model of sound did not hear the catalogue, with the button that
 * lets it; `otherwise` where it heard everything.
 */
export function NotHeard({ otherwise }: { otherwise: ReactNode }): ReactNode {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const state = useQuery(
    trpc.admin.labelling.queryOptions(undefined, {
      refetchInterval: ({ state: { data } }) =>
        data && listeningStage(data) === 'running' ? POLL_MS : false,
    }),
  );
  const start = useMutation(
    trpc.admin.train.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.admin.labelling.queryKey() }),
      onError: (error) => toast({ message: errorMessage(error), tone: 'error' }),
    }),
  );
  if (!state.data) return otherwise;
  const stage = listeningStage(state.data);
  if (stage === 'done') return otherwise;
  return (
    <EmptyState title={t.title} hint={hintOf(state.data)} icon={Ear}>
      {stage === 'running' ? (
        <p role="status">{t.running}</p>
      ) : (
        <Button
          tone="primary"
          disabled={start.isPending}
          onClick={() => start.mutate({ task: 'listen', kind: 'style-audio' })}
        >
          <Ear size={16} aria-hidden />
          {strings.admin.training.listen}
        </Button>
      )}
    </EmptyState>
  );
}

function hintOf({ listening: { heard, left } }: LabellingState): string {
  return heard === 0 ? t.never : t.partly(heard, heard + left);
}
