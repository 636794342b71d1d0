import { fileURLToPath } from 'node:url';

/** Folder of the checkpoint that comes with the package. */
export const SHIPPED_DIFFUSION = fileURLToPath(
  new URL('../../../models/diffusion-melody-2', import.meta.url),
);
