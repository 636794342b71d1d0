import { fileURLToPath } from 'node:url';

/** Folder of the checkpoint that comes with the package. */
export const SHIPPED_VAE = fileURLToPath(new URL('../../../models/vae-melody-2', import.meta.url));
