import { readCheckpoint } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import type { FamilyTools } from '../../family/node/family-tools.ts';
import { GAN_KIND } from '../config.ts';
import { createGanSampler } from '../gan-sampler.ts';
import { evaluateGan } from './evaluate-gan.ts';
import { shippedGanFolder } from './shipped-gan.ts';
import { trainCommand } from './train-command.ts';

/** `--model gan` of the command line. */
export const GAN_TOOLS: FamilyTools = {
  kind: GAN_KIND,
  load: (folder = shippedGanFolder()) =>
    Promise.resolve().then(() =>
      createGanSampler(readCheckpoint(readCheckpointFolder(folder), { kind: GAN_KIND })),
    ),
  train: trainCommand,
  evaluate: evaluateGan,
};
