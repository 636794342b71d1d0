import { fileURLToPath } from 'node:url';
import type { VoiceSet } from '../voice-sets.ts';

/** Versions of the checkpoints that come with the package. */
export const SHIPPED_VAES: Readonly<Record<VoiceSet['name'], string>> = {
  melody: 'vae-melody-2',
  drums: 'vae-drums-1',
  trio: 'vae-trio-1',
};

/** Folder of the checkpoint of these voices that comes with the package. */
export function shippedVaeFolder({ name }: VoiceSet): string {
  return fileURLToPath(new URL(`../../../models/${SHIPPED_VAES[name]}`, import.meta.url));
}
