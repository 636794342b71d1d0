import { AttuneError } from '../../foundation/errors.ts';

/** Most that one ABC text may hold; above it reading stops with `notation/limit`. */
export interface AbcLimits {
  readonly characters: number;
  readonly tunes: number;
  readonly voices: number;
  /** Notes of all tunes together, after repeats and parts are played out. */
  readonly notes: number;
  /** Steps of playing out repeats and parts, rests and bar lines included. */
  readonly steps: number;
  /** Quarters that one tune lasts. */
  readonly quarters: number;
}

/** Above any tune book (the largest printed collections have a few thousand tunes). */
export const DEFAULT_ABC_LIMITS: AbcLimits = {
  characters: 20_000_000,
  tunes: 20_000,
  voices: 64,
  notes: 5_000_000,
  steps: 20_000_000,
  quarters: 100_000,
};

export function exceed(limit: keyof AbcLimits, limits: AbcLimits, line: number): never {
  throw new AttuneError(
    'notation/limit',
    `The text has more than ${limits[limit]} ${limit} (line ${line}).`,
    {
      limit,
      line,
    },
  );
}

/** Counts against the limits across all tunes of a text. */
export class AbcBudget {
  private notes = 0;
  private steps = 0;
  readonly limits: AbcLimits;

  constructor(limits: AbcLimits) {
    this.limits = limits;
  }

  addNotes(count: number, line: number): void {
    this.notes += count;
    if (this.notes > this.limits.notes) exceed('notes', this.limits, line);
  }

  addStep(line: number): void {
    if (++this.steps > this.limits.steps) exceed('steps', this.limits, line);
  }
}
