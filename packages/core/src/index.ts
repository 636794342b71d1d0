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
export { mergeScores, rescaleScore, sliceScore, transposeScore } from './score/transform.ts';
export type { SliceOptions } from './score/transform.ts';
export { quantiseScore } from './score/quantise.ts';
export type { QuantiseOptions } from './score/quantise.ts';
export { DRUM_FAMILIES, drumFamily, mergeDrums, splitDrums } from './score/drums.ts';
export type { DrumFamily } from './score/drums.ts';
export { expandSustain } from './score/sustain.ts';
export type { ExpandSustainOptions } from './score/sustain.ts';
export { removeTempo, scaleTempo, setTempo, warpToTempo } from './score/tempo-edit.ts';
export { deleteBars, insertBars, setMeter } from './score/meter-edit.ts';
export type { SetMeterOptions } from './score/meter-edit.ts';
export { appendScore, concatenateScores } from './score/concatenate.ts';
export type { ConcatenateOptions } from './score/concatenate.ts';
export {
  findKey,
  findKeyOfHistogram,
  KRUMHANSL_KESSLER,
  pitchClassDurations,
  TEMPERLEY_1999,
} from './score/find-key.ts';
export type { KeyEstimate, KeyProfiles, KeyResult } from './score/find-key.ts';
export { keyName, pitchName, tonicName } from './score/note-names.ts';
export { describeDifference, EXACTLY, firstDifference, scoresEqual } from './score/difference.ts';
export type { ScoreDifference, ScoreTolerance } from './score/difference.ts';
export {
  drumName,
  GENERAL_MIDI_FAMILIES,
  GENERAL_MIDI_PROGRAMS,
  programFamily,
  programName,
} from './score/general-midi.ts';
export type { GeneralMidiFamily } from './score/general-midi.ts';
export { CHORD_INTERVALS, CHORD_QUALITIES, chordTones } from './harmony/chord.ts';
export type { Chord, ChordQuality, ChordSpan } from './harmony/chord.ts';
export { formatChord, parseChord } from './harmony/chord-symbol.ts';
export type { ChordFormat } from './harmony/chord-symbol.ts';
export { parseColouredChord, simplifyColour } from './harmony/chord-colour.ts';
export type { ColouredChord } from './harmony/chord-colour.ts';
export { recogniseChords } from './harmony/recognise-chords.ts';
export type { RecogniseChordsOptions } from './harmony/recognise-chords.ts';
export { CHORD_WEIGHTS } from './harmony/chord-weights.ts';
export type { ChordWeights } from './harmony/chord-lattice.ts';
export type { HarmonicStep } from './harmony/harmonic-grid.ts';
export { findKeys } from './harmony/find-keys.ts';
export type { FindKeysOptions, KeySpan } from './harmony/find-keys.ts';
export { alignToBeats } from './beats/align-to-beats.ts';
export type { AlignOptions, BeatTimes } from './beats/align-to-beats.ts';
export { trackBeats } from './beats/track-beats.ts';
export type { TrackBeatsOptions, TrackedBeats } from './beats/track-beats.ts';
export { BEAT_WEIGHTS } from './beats/beat-weights.ts';
export type { BeatWeights } from './beats/beat-weights.ts';
