import { createRng } from '@attune/core';
import { createAdamW, gradientsOf, readCheckpoint, type Backend } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import { parseVaeConfig } from '../../packages/generate/src/vae/config.ts';
import { phraseBatch, phraseLoss } from '../../packages/generate/src/vae/model.ts';
import { shippedVaeFolder } from '../../packages/generate/src/vae/node/shipped-vae.ts';
import { createVaeParameters } from '../../packages/generate/src/vae/train-vae.ts';
import { VOICE_SETS, type VoiceSet } from '../../packages/generate/src/vae/voice-sets.ts';
import { VOICE_CODES } from '../../packages/generate/src/vae/voices.ts';
import type { MoreModels } from './table.ts';

/** Phrases of one update. */
const ROWS = 64;
const BETA = 0.1;

/** The phrases of the shipped VAEs, in their own sizes, on random classes; `train-step.py` has the same. */
export const VOICE_VAES: MoreModels = Object.fromEntries(
  VOICE_SETS.map((set) => [`${set.name} VAE`, (backend: Backend) => createStep(backend, set)]),
);

function createStep({ tf }: Backend, set: VoiceSet): () => number {
  const { config } = readCheckpoint(readCheckpointFolder(shippedVaeFolder(set)), { kind: set.kind });
  const { shape } = parseVaeConfig(config, set);
  const store = createVaeParameters(tf, shape, 'phrase', createRng(1));
  const parameters = new Map(store.entries());
  const rng = createRng(2);
  const phrases = Array.from({ length: ROWS }, () =>
    Uint16Array.from({ length: shape.phraseSteps * set.voices.length }, (_, i) =>
      rng.integer(VOICE_CODES[set.voices[i % set.voices.length]!].classes),
    ),
  );
  const batch = phraseBatch(set.voices, phrases);
  const optimiser = createAdamW(tf, store, { weightDecay: 0, beta2: 0.999 });
  return () => {
    const { loss, gradients } = gradientsOf(tf, store, () => {
      const { reconstruction, divergence } = phraseLoss(tf, shape, parameters, batch, rng);
      return tf.add(reconstruction, tf.mul(BETA, divergence));
    });
    optimiser.step(gradients, 1e-3);
    const value = loss.dataSync()[0]!;
    tf.dispose([loss, gradients]);
    return value;
  };
}
