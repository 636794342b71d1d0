import { fileURLToPath } from 'node:url';

/** Folder of the checkpoint that comes with the package. */
export const SHIPPED_VAE = fileURLToPath(new URL('../../../models/vae-melody-1', import.meta.url));
