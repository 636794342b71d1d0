import type { LabellingState } from '@/api/labelling.ts';

/** How far the model of sound is with the catalogue: something was not heard, it is being heard, or all of it was. */
export function listeningStage({
  listening,
  trainings,
}: Pick<LabellingState, 'listening' | 'trainings'>): 'waiting' | 'running' | 'done' {
  const open = trainings.some(
    ({ task, status }) => task === 'listen' && (status === 'queued' || status === 'running'),
  );
  if (open) return 'running';
  return listening.left > 0 ? 'waiting' : 'done';
}
