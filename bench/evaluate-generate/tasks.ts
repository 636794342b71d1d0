import { readCheckpoint, type NamedArray } from '@attune/core/nn';
import { findDataDir, readCheckpointFolder, selectNodeBackend, type Split } from '@attune/core/node';
import { arrangedPieces } from '../../packages/generate/src/arrangement/node/arranged-corpus.ts';
import {
  parseTransformerConfig,
  type TransformerConfig,
} from '../../packages/generate/src/transformer/config.ts';
import { TASK_KINDS } from '../../packages/generate/src/transformer/input-layout.ts';
import { piecesOfMade, readCorpus } from '../../packages/generate/src/transformer/node/corpus.ts';
import { heldTaskExcerpts, taskNats } from '../../packages/generate/src/transformer/tasks/task-nats.ts';
import { warmStart } from '../../packages/generate/src/transformer/warm-start.ts';
import type { TaskResult } from './results.ts';

const ROWS = 4;

/**
 * Nats a written note of held-out pieces, with the given notes and without; beside them those of `before`, a model
 * without tasks, with the rows of new meaning at zero.
 */
export async function measureTasks(
  folder: string,
  before: string | undefined,
  split: Split,
  perStyle: number,
): Promise<TaskResult[]> {
  const { tf } = await selectNodeBackend();
  const read = (from: string): { config: TransformerConfig; parameters: ReadonlyMap<string, NamedArray> } => {
    const checkpoint = readCheckpoint(readCheckpointFolder(from));
    return { config: parseTransformerConfig(checkpoint.config), parameters: checkpoint.parameters };
  };
  const model = read(folder);
  const abilities = model.config.abilities ?? [];
  if (!abilities.includes('tasks')) return [];
  const old = before === undefined ? undefined : read(before);
  const warm = old && warmStart(old.config, old.parameters, abilities);
  const data = findDataDir()!;
  const pieces = [...readCorpus(data, split).pieces, ...piecesOfMade(arrangedPieces(data, split))];
  const tensors = (parameters: ReadonlyMap<string, NamedArray>) =>
    new Map(
      [...parameters].map(([name, { shape, data: values }]) => [
        name,
        tf.tensor(Float32Array.from(values), [...shape], 'float32'),
      ]),
    );
  const [own, earlier] = [tensors(model.parameters), warm && tensors(warm.parameters)];
  return TASK_KINDS.flatMap((kind) => {
    const excerpts = heldTaskExcerpts(pieces, kind, model.config, perStyle);
    if (excerpts.length === 0) return [];
    const now = taskNats(tf, model.config, own, kind, excerpts, ROWS);
    const then =
      warm && earlier
        ? taskNats(
            tf,
            { ...model.config, conditions: warm.conditions, shape: warm.shape },
            earlier,
            kind,
            excerpts,
            ROWS,
          )
        : undefined;
    return [{ ...now, ...(then && { before: { given: then.given, hidden: then.hidden } }) }];
  });
}
