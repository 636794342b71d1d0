import { AttuneError } from '../foundation/errors.ts';

/** Learning rate of the update with the given index; the first update has step 0. */
export type Schedule = (step: number) => number;

/** The same learning rate at every step. */
export function constantSchedule(rate: number): Schedule {
  return () => rate;
}

/** Learning rates and steps of `warmupCosineSchedule`. */
export interface WarmupCosineOptions {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
  /** Rate at `totalSteps` and after. Default peak / 10. */
  readonly final?: number;
}

/**
 * Rises linearly to `peak`, reached by the update after the last warm-up update ((step + 1) / (warmup + 1) of it),
 * then falls by half a cosine to `final`.
 */
export function warmupCosineSchedule(options: WarmupCosineOptions): Schedule {
  const { peak, warmupSteps, totalSteps, final = peak / 10 } = options;
  if (!(warmupSteps >= 0 && totalSteps > warmupSteps)) {
    throw new AttuneError(
      'argument/invalid',
      `A warm-up of ${warmupSteps} does not fit in ${totalSteps} steps.`,
      {
        warmupSteps,
        totalSteps,
      },
    );
  }
  return (step) => {
    if (step < warmupSteps) return (peak * (step + 1)) / (warmupSteps + 1);
    const through = Math.min(1, (step - warmupSteps) / (totalSteps - warmupSteps));
    return final + ((peak - final) * (1 + Math.cos(Math.PI * through))) / 2;
  };
}
