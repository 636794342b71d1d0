import type { Factors } from '@attune/recommend';

/** Likings in columns, so that many travel to a worker quickly. */
export interface LikingColumns {
  readonly listeners: readonly string[];
  readonly items: readonly string[];
  /** [likings]: places in the lists above. */
  readonly listener: Int32Array;
  readonly item: Int32Array;
  readonly liking: Float32Array;
  readonly weight: Float32Array;
}

/** Task of learning what listeners have in common; see `Tasks`. */
export interface FactorTasks {
  fitFactors: { input: LikingColumns; answer: Factors | null };
}
