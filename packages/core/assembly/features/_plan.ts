// What the plan sets before the first frame: sizes, and where in memory its tables and scratch lie. All numbers are
// float32 if not said otherwise, N is the frame size, n = N / 2; rows are padded to whole vectors of four.

export let frameSize: i32 = 0;
export let hopSize: i32 = 0;
/** Features that are wanted, one bit each (see `_features.ts`). */
export let wanted: i32 = 0;

/** The samples of a batch, the one before its first frame in front; [1 + (batch − 1) × hopSize + N]. */
export let samples: usize = 0;
/** [N]: half of the window, which saves the transform its halves. */
export let window: usize = 0;
/** For lengths n, n / 4 … 8 or 4: [6, length / 4], e^(−2πi kp / length) for k = 1, 2, 3, real then imaginary parts. */
export let twiddles: usize = 0;
/** [2, n / 2 + 4]: cos(2πk / N), then −sin(2πk / N). */
export let turns: usize = 0;
/** [4, n]: two buffers of real and imaginary parts. */
export let work: usize = 0;
/** [n + 72]: |X|² and |X|; zeros after the n + 1 bins. */
export let power: usize = 0;
export let magnitude: usize = 0;
/** [n + 72]: |X| of the frame before. */
export let previous: usize = 0;
/** [n / 16 + 4]: sums of 16 magnitudes. */
export let blockSums: usize = 0;

/** Filters: [filters, 2] int32 of first bin and number of vectors, and the weights of one after the other. */
export let melCount: i32 = 0;
export let melRuns: usize = 0;
export let melWeights: usize = 0;
/** [melCount]: mel power, then level in dB. */
export let levels: usize = 0;
export let melBands: i32 = 0;
/** [mfccs rounded up, melCount]. */
export let dct: usize = 0;
export let mfccs: i32 = 0;
export let chromaCount: i32 = 0;
export let chromaRuns: usize = 0;
export let chromaWeights: usize = 0;
/** [chromaCount] int32: the pitch class of a filter. */
export let chromaClasses: usize = 0;
export let chromaSums: usize = 0;
/** [max(melCount, chromaCount), 4]. */
export let laneSums: usize = 0;

/** [contrastBands, 3] int32: first bin, end, how many bins make a peak or a valley; and room for those. */
export let contrastBands: i32 = 0;
export let contrastRanges: usize = 0;
export let extremes: usize = 0;

export let rolloffShare: f64 = 0;
export let hertzPerBin: f64 = 0;
/** Floor of power before a logarithm. */
export let minPower: f64 = 0;

/** Where samples are real: signs are compared from `firstSample` + 1 up to `endSample` (places in the batch). */
export let firstSample: i32 = 0;
export let endSample: i32 = 0;
/** Samples in a block whose energy and crossings are shared by frames: the hop, or the frame if it is no whole number of hops. */
export let blockSize: i32 = 0;
/** [blocks] each: energy; crossings. */
export let blockEnergy: usize = 0;
export let blockCrossings: usize = 0;

// Rows of the batch.
export let outPower: usize = 0;
export let outMel: usize = 0;
export let outLogMel: usize = 0;
export let outMfcc: usize = 0;
export let outChroma: usize = 0;
export let outContrast: usize = 0;
/** [batch] each. */
export let outCentroid: usize = 0;
export let outSpread: usize = 0;
export let outSkewness: usize = 0;
export let outKurtosis: usize = 0;
export let outRolloff: usize = 0;
export let outFlatness: usize = 0;
export let outEntropy: usize = 0;
export let outFlux: usize = 0;
export let outRms: usize = 0;
export let outZeroCrossings: usize = 0;
