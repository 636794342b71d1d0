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
  /** The same under noise, of a public catalogue; `rho` is what it spends. */
  fitPrivateFactors: {
    input: { readonly likings: LikingColumns; readonly items: readonly string[]; readonly rho: number };
    answer: { readonly factors: Factors | null; readonly deviation: number };
  };
}
