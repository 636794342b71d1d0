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

/** Shape of `warmupThenDecay`. */
export interface WarmupDecayOptions {
  /** Updates over which the rate rises. */
  readonly warmupSteps: number;
  /** Share of the run, at its end, over which the rate falls, above 0 and at most 1. */
  readonly decayShare: number;
  /** Where it falls to, as a share of the peak. */
  readonly finalRate: number;
}

/**
 * Share of the peak rate for an update, of runs that end by the clock: rises linearly over the first updates, stays, and falls
 * in a line over the last share of the run. `done` is how much of the run lies before this update, 0 to 1 (more counts as 1).
 */
export function warmupThenDecay(step: number, done: number, options: WarmupDecayOptions): number {
  const { warmupSteps, decayShare, finalRate } = options;
  const warm = Math.min(1, (step + 1) / warmupSteps);
  const left = Math.min(1, Math.max(0, (1 - done) / decayShare));
  return warm * (finalRate + (1 - finalRate) * left);
}
