import { fileURLToPath } from 'node:url';

/** Folder of the checkpoint that comes with the package. */
export const SHIPPED_DIFFUSION = fileURLToPath(
  new URL('../../../models/diffusion-melody-1', import.meta.url),
);
