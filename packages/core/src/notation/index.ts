/**
 * Scores as notation: MusicXML written, ABC tunes read.
 * @module @attune/core/notation
 */
export { writeMusicXml } from './musicxml/write-musicxml.ts';
export type { WriteMusicXmlOptions } from './musicxml/write-musicxml.ts';
export { notateScore } from './musicxml/notated-score.ts';
export type { NotateOptions } from './musicxml/notated-score.ts';
export { findGrid } from './musicxml/find-grid.ts';
export { readAbc, readAbcLenient } from './abc/read-abc.ts';
export type { ReadAbcOptions } from './abc/read-abc.ts';
export { DEFAULT_ABC_LIMITS } from './abc/limits.ts';
export type { AbcLimits } from './abc/limits.ts';
export type { AbcRepair } from './abc/faults.ts';
export type { PerformOptions } from './abc/perform.ts';
