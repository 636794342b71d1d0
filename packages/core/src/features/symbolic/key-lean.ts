import type { KeyEstimate, KeyResult } from '../../score/find-key.ts';

/** Correlation with the best major key minus that with the best minor key; > 0 leans major. */
export function majorness(key: KeyResult): number {
  const best = (mode: KeyEstimate['mode']): number =>
    key.ranking.find((estimate) => estimate.mode === mode)!.correlation;
  return best('major') - best('minor');
}
