import type { JsonObject, NamedArray } from '@attune/core/nn';

/** What every learner leaves behind: unnormalised log-probabilities of the classes of one row of features. */
export interface Scorer {
  /** Names the format of `settings` and `arrays`: 'trees', 'linear', 'network'. */
  readonly kind: string;
  readonly classes: number;
  readonly features: number;
  /** `row`: [features], as the standardiser leaves them → [classes]. */
  logits(row: ArrayLike<number>): Float64Array;
  readonly settings: JsonObject;
  readonly arrays: ReadonlyMap<string, NamedArray>;
}

/** Rows with their classes and weights; all arrays of equal length, rows of equal width. */
export interface LabelledRows {
  readonly rows: readonly Float32Array[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly classes: number;
}
