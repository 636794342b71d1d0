import { readCheckpointFolder } from '@attune/core/node';
import type { FamilyTools } from '../../family/node/family-tools.ts';
import { readVae } from '../network.ts';
import { createVaeSampler } from '../vae-sampler.ts';
import type { VoiceSet } from '../voice-sets.ts';
import { evaluateVae } from './evaluate-vae.ts';
import { shippedVaeFolder } from './shipped-vae.ts';
import { trainVae } from './train-vae.ts';

/** What the command line does with the VAE of these voices. */
export function vaeTools(set: VoiceSet): FamilyTools {
  return {
    kind: set.kind,
    load: (folder = shippedVaeFolder(set)) =>
      Promise.resolve(createVaeSampler(readVae(readCheckpointFolder(folder), set))),
    train: (options) => trainVae(set, options),
    evaluate: (options) => evaluateVae(set, options),
  };
}
