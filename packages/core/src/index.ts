/**
 * Scores and what can be done with them: tempo and meter maps, transforms, key finding, comparison; with units, typed
 * errors, seeded chance and byte readers, which everything else stands on.
 * @module @attune/core
 */
export type * from './foundation/units.ts';
export { AttuneError, ERROR_CODES, isAttuneError, throwIfCancelled } from './foundation/errors.ts';
export type { ErrorCode, ErrorPlace } from './foundation/errors.ts';
export { createRng } from './foundation/rng.ts';
export type { Rng, RngState } from './foundation/rng.ts';
export { cholesky, solveLower, solveUpper } from './foundation/cholesky.ts';
export { compileWasm, compileWasmAsync, instantiateWasm, WasmArena } from './foundation/wasm-module.ts';
export type { WasmExports, WasmModule } from './foundation/wasm-module.ts';
export type { OnProgress, Progress } from './foundation/progress.ts';
export type {
  ControlChange,
  KeyEvent,
  MeterEvent,
  Note,
  PitchBend,
  Score,
  TempoEvent,
  TextEvent,
  Track,
} from './score/score.ts';
export { createByteReader } from './foundation/byte-reader.ts';
export type { ByteReader } from './foundation/byte-reader.ts';
export { createByteWriter } from './foundation/byte-writer.ts';
export type { ByteWriter } from './foundation/byte-writer.ts';
export { createScore, createTrack, DEFAULT_TICKS_PER_QUARTER } from './score/create-score.ts';
export type { ScoreParts, TrackParts } from './score/create-score.ts';
export { compareNotes, sortedByTick, sortedNotes } from './score/order.ts';
export { validateScore } from './score/validate-score.ts';
export { countNotes, scoreDuration, scoreEndTick } from './score/extent.ts';
export { createTempoMap, DEFAULT_BPM } from './score/tempo-map.ts';
export type { TempoMap } from './score/tempo-map.ts';
export { createMeterMap, DEFAULT_METER, ticksPerBar } from './score/meter-map.ts';
export type { BarPosition, Meter, MeterMap } from './score/meter-map.ts';
export { mergeScores, quantiseScore, rescaleScore, sliceScore, transposeScore } from './score/transform.ts';
export type { SliceOptions } from './score/transform.ts';
export { findKey, findKeyOfHistogram, KRUMHANSL_KESSLER, pitchClassDurations } from './score/find-key.ts';
export type { KeyEstimate, KeyResult } from './score/find-key.ts';
export { EXACTLY, firstDifference, scoresEqual } from './score/difference.ts';
export type { ScoreDifference, ScoreTolerance } from './score/difference.ts';
export { drumName, GENERAL_MIDI_FAMILIES, GENERAL_MIDI_PROGRAMS, programFamily, programName } from './score/general-midi.ts';
export type { GeneralMidiFamily } from './score/general-midi.ts';
