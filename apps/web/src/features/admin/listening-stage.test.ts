import { expect, it } from 'vitest';
import type { TrainingView } from '@/api/labelling.ts';
import { listeningStage } from './listening-stage.ts';

const job = (task: TrainingView['task'], status: TrainingView['status']) =>
  ({ task, status }) as TrainingView;

it('asks for ears only while there is something to hear and nobody is hearing it', () => {
  const left = { heard: 3, left: 2 };
  expect(listeningStage({ listening: left, trainings: [] })).toBe('waiting');
  expect(listeningStage({ listening: left, trainings: [job('listen', 'failed')] })).toBe('waiting');
  expect(listeningStage({ listening: left, trainings: [job('retrain', 'running')] })).toBe('waiting');
  expect(listeningStage({ listening: left, trainings: [job('listen', 'queued')] })).toBe('running');
  expect(listeningStage({ listening: { heard: 5, left: 0 }, trainings: [job('listen', 'done')] })).toBe(
    'done',
  );
});
