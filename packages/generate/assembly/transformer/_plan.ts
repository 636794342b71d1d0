// What the engine sets before the first step: sizes, and where in memory weights, caches and scratch lie.
// Letters: B entries of a batch, D width, H heads, S = D / H, P = S / 2 rotation pairs, T window, F fields, G head
// width. Numbers are float32 if not said otherwise; columns are padded with zeros to whole vectors, rows to four (int8) or eight.

/** 1: matrices of int8 with a scale a row; 0: of float32. */
export let quantised: i32 = 0;

export let width: i32 = 0;
export let layers: i32 = 0;
export let heads: i32 = 0;
export let feedForward: i32 = 0;
export let window: i32 = 0;
export let fields: i32 = 0;
export let headWidth: i32 = 0;

/** [inputRows, D] */
export let embed: usize = 0;
/** [layers, 4, 5] int32: matrices qkv, out, up, down as below. In float32 `down` lies [ff, D], row by row. */
export let layerMatrices: usize = 0;
/** [1 + F, 5] int32: the trunk of the heads, then each field's output. */
export let headMatrices: usize = 0;
// A matrix: address, address of its row scales, padded columns, padded rows, largest whole number of an activation.
export const MATRIX_BYTES: usize = 20;
/** [V, F · G] */
export let headFields: usize = 0;
/** [F · G] */
export let headBias: usize = 0;
/** [F] int32: first row of a field in `headFields`. */
export let fieldRows: usize = 0;
/** [F] int32: first place of a field in a lane's logits, whose number is `logitCount`; and the biases, laid out alike. */
export let logitPlaces: usize = 0;
export let logitCount: i32 = 0;
export let logitBias: usize = 0;

/** [lanes, layers, 2, H, T, S]: keys and values. */
export let caches: usize = 0;
/** [lanes, F · G]: hidden values of the heads, each field's own added as they become known. */
export let headStates: usize = 0;
/** [lanes, logitCount] */
export let logits: usize = 0;

/** [B, 4] int32: lane, place in its window, number of input rows, whether heads are wanted. */
export let entries: usize = 0;
/** [B, maxRows] int32: rows of the input table. */
export let entryRows: usize = 0;
export let maxRows: i32 = 0;
/** [B, 2, P] float64: cosines, then sines. */
export let turns: usize = 0;

/** Scratch, of rows padded to whole vectors: [B, D] three times, [B, 3 D], [D], [B, ff], [B, F · G], [T + 4]. */
export let residual: usize = 0;
export let normal: usize = 0;
export let mixed: usize = 0;
export let projected: usize = 0;
export let query: usize = 0;
export let hidden: usize = 0;
export let headRows: usize = 0;
export let scores: usize = 0;
/** [B, columns] int16 and [B]: activations as whole numbers, and what one of them is worth. */
export let whole: usize = 0;
export let wholeUnits: usize = 0;
/** [ff, 2]: address and factor of the rows to add. */
export let rowList: usize = 0;
