import { loadSoundFont, readCheckpointFolder } from '@attune/core/node';
import { fileURLToPath } from 'node:url';
import type { FamilySampler } from '../../family/model-family.ts';
import type { FamilyTools } from '../../family/node/family-tools.ts';
import { SPECTRAL_KIND } from '../config.ts';
import { createSpectralSampler } from '../spectral-sampler.ts';
import { evaluateSpectral } from './evaluate-spectral.ts';
import { trainSpectralCommand } from './train-spectral-command.ts';

/** Folder of the checkpoint that comes with the package. */
export function shippedSpectralFolder(): string {
  return fileURLToPath(new URL('../../../models/spectral-2', import.meta.url));
}

/** Reads a checkpoint folder, by default the shipped one; scores are played by the shipped SoundFont. */
export function loadSpectral(folder = shippedSpectralFolder()): Promise<FamilySampler> {
  return Promise.resolve().then(() =>
    createSpectralSampler(readCheckpointFolder(folder), { soundFont: loadSoundFont }),
  );
}

/** What the command line does with the spectral model. */
export const spectralTools: FamilyTools = {
  kind: SPECTRAL_KIND,
  load: loadSpectral,
  train: trainSpectralCommand,
  evaluate: (options) => evaluateSpectral({ ...options, folder: options.model ?? shippedSpectralFolder() }),
};
