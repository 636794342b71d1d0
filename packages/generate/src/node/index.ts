/**
 * The shipped generator and originality index, loaded from their folders; the commands behind `attune-generate`.
 * @module @attune/generate/node
 */
export { loadShippedGenerator, shippedCheckpointFolder } from '../transformer/node/shipped-generator.ts';
export { SHIPPED_ORIGINALITY, loadOriginalityIndex, writeOriginalityIndex } from './originality-folder.ts';
export { encodePiece, encodeScore, loadCorpus, readScores } from './corpus.ts';
export type { CorpusOptions, CorpusPiece } from './corpus.ts';
export { evaluateCompositions, natsByStyle, readHeldOut, trainBaseline } from './evaluate-command.ts';
export type { CompositionOptions, CompositionReport, HeldOut, NatsRow } from './evaluate-command.ts';
export { instrumentName, parseInstruments } from './instrument-names.ts';
export { parseConditioning, parseKey } from './request-options.ts';
export type { RequestOptions } from './request-options.ts';
export { createTerminal } from './terminal.ts';
export type { Terminal } from './terminal.ts';
export { main } from './cli.ts';
export { loadTransformerNoteModel } from '../transformer/node/shipped-note-model.ts';
export { meanStateNames, meanStates, telltaleLayers } from '../transformer/node/mean-states.ts';
export { statesCommand } from '../transformer/node/states-command.ts';
export type { StatesCommandOptions } from '../transformer/node/states-command.ts';
export { loadNoteStates } from '../transformer/node/shipped-note-states.ts';
export { FAMILY_TOOLS } from '../family/node/family-tools.ts';
export type { FamilyTools } from '../family/node/family-tools.ts';
