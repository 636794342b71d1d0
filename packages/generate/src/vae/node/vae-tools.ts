import { readCheckpointFolder } from '@attune/core/node';
import type { FamilyTools } from '../../family/node/family-tools.ts';
import { VAE_KIND } from '../config.ts';
import { createVaeSampler } from '../vae-sampler.ts';
import { readVae } from '../network.ts';
import { evaluateVae } from './evaluate-vae.ts';
import { SHIPPED_VAE } from './shipped-vae.ts';
import { trainVae } from './train-vae.ts';

/** What the command line does with the melody VAE. */
export const vaeTools: FamilyTools = {
  kind: VAE_KIND,
  load: (folder = SHIPPED_VAE) => Promise.resolve(createVaeSampler(readVae(readCheckpointFolder(folder)))),
  train: trainVae,
  evaluate: evaluateVae,
};
