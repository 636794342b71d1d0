import type { Checkpoint } from '@attune/core/nn';
import type { FamilySampler } from '../family/model-family.ts';
import { createNoteSampler } from '../ngram/note-sampler.ts';
import { parseDenseConfig } from './config.ts';
import { createDenseModel } from './forward.ts';

/** The dense network as a sampler. Throws `checkpoint/malformed` and `checkpoint/mismatch` for one that does not fit. */
export function createDenseSampler(checkpoint: Checkpoint): FamilySampler {
  const config = parseDenseConfig(checkpoint.config);
  const model = createDenseModel(config, checkpoint.parameters);
  return createNoteSampler({
    name: 'dense',
    version: config.version,
    summary:
      'The network that every introduction begins with: two dense layers that see the last notes and write the next.',
    priors: config.priors,
    draw: (wish) => model.sample(wish),
  });
}
