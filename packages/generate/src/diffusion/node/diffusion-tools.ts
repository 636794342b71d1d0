import { readCheckpointFolder } from '@attune/core/node';
import type { FamilyTools } from '../../family/node/family-tools.ts';
import { shippedVaeFolder } from '../../vae/node/shipped-vae.ts';
import { readVae } from '../../vae/network.ts';
import { MELODY } from '../../vae/voice-sets.ts';
import { DIFFUSION_KIND } from '../config.ts';
import { readDenoiser } from '../denoiser.ts';
import { createDiffusionSampler } from '../diffusion-sampler.ts';
import { evaluateDiffusion } from './evaluate-diffusion.ts';
import { SHIPPED_DIFFUSION } from './shipped-diffusion.ts';
import { trainDiffusionCommand } from './train-diffusion-command.ts';

/** What the command line does with latent diffusion; the VAE is the shipped one. */
export const diffusionTools: FamilyTools = {
  kind: DIFFUSION_KIND,
  load: (folder = SHIPPED_DIFFUSION) =>
    Promise.resolve(
      createDiffusionSampler(
        readDenoiser(readCheckpointFolder(folder)),
        readVae(readCheckpointFolder(shippedVaeFolder(MELODY)), MELODY),
      ),
    ),
  train: trainDiffusionCommand,
  evaluate: evaluateDiffusion,
};
