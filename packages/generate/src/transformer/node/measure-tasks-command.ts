import { AttuneError } from '@attune/core';
import { readCheckpoint, type Tensor } from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, type Split } from '@attune/core/node';
import { parseTransformerConfig, TRANSFORMER_KIND } from '../config.ts';
import { TASK_KINDS } from '../input-layout.ts';
import { heldTaskExcerpts, taskNats, type TaskNats } from '../tasks/task-nats.ts';
import { readCorpus } from './corpus.ts';

const ROWS = 4;

export interface MeasureTasksOptions {
  /** Checkpoint folder of a model that has tasks. */
  readonly model: string;
  readonly data: string;
  readonly split: Split;
  /** Windows a style. */
  readonly perStyle: number;
  readonly log: (line: string) => void;
}

/** `attune-generate measure-tasks`: nats a written note on held-out pieces, with the given notes and without. Tasks that no piece suits are left out. */
export async function measureTasksCommand(options: MeasureTasksOptions): Promise<TaskNats[]> {
  const checkpoint = readCheckpoint(readCheckpointFolder(options.model), { kind: TRANSFORMER_KIND });
  const config = parseTransformerConfig(checkpoint.config);
  if (!config.abilities?.includes('tasks'))
    throw new AttuneError('argument/invalid', `${config.version} has no tasks to measure.`, {
      model: options.model,
    });
  const { tf } = await selectNodeBackend({ log: options.log });
  const { pieces } = readCorpus(options.data, options.split);
  const parameters = new Map<string, Tensor>(
    [...checkpoint.parameters].map(([name, { shape, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), [...shape], 'float32'),
    ]),
  );
  return TASK_KINDS.flatMap((kind) => {
    const excerpts = heldTaskExcerpts(pieces, kind, config, options.perStyle);
    return excerpts.length === 0 ? [] : taskNats(tf, config, parameters, kind, excerpts, ROWS);
  });
}
