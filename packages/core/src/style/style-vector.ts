/**
 * The language that classify, recommend and generate share: named musical dimensions, each computed from a
 * `Score` or an `AudioClip`, scaled so that the training data has mean 0 and deviation 1.
 */
export interface StyleDimension {
  readonly name: string;
  /** Unit of the raw value, e.g. 'bpm', 'notes/quarter', 'share'. */
  readonly unit: string;
  /** Mean and standard deviation of the raw value over the training data. */
  readonly mean: number;
  readonly deviation: number;
  /** Words for the low and the high end, for reasons shown to a listener: 'slow', 'fast'. */
  readonly low: string;
  readonly high: string;
}

/** An ordered, versioned list of dimensions. Vectors of different spaces never mix. */
export interface StyleSpace {
  readonly version: string;
  readonly dimensions: readonly StyleDimension[];
}

/** Values in the order of `space.dimensions`, standardised; NaN where the source cannot tell (audio has no notes). */
export interface StyleVector {
  readonly space: string; // StyleSpace.version
  readonly values: readonly number[];
}
