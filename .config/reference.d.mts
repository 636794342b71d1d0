import type { Entries } from './entries.mjs';
/** Faults, one sentence each; HTML is written to `out` where there are none. */
export function buildReference(options: {
  entries: Entries;
  tsconfig: string;
  out?: string;
}): Promise<string[]>;
