import type { JsonObject } from '@attune/core/nn';
import { readFileSync } from 'node:fs';

/** The lines of a run's metrics file. */
export function readMetrics(file: string): JsonObject[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject);
}
