import type { Backend } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';

/** For tests: cpu and wasm, and tfjs-node where it is installed; says so where it is not. */
export async function availableTestBackends(): Promise<Backend[]> {
  const started: Backend[] = [];
  for (const name of ['cpu', 'wasm', 'node']) {
    try {
      started.push(await selectNodeBackend({ env: { ATTUNE_BACKEND: name } }));
    } catch (error) {
      if (name !== 'node') throw error;
      console.log(`Tests on tfjs-node are skipped: ${(error as Error).message}`);
    }
  }
  return started;
}
