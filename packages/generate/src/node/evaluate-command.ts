import { AttuneError, createRng } from '@attune/core';
import type { Score } from '@attune/core';
import { openDataSets } from '@attune/core/node';
import type { DataSet, Split } from '@attune/core/node';
import { STYLES, isStyle } from '@attune/core/style';
import type { Conditioning, Style } from '@attune/core/style';
import { compoundToGrid, decodeCompound, fromGrid } from '@attune/core/tokens';
import type { GridPiece } from '@attune/core/tokens';
import { controlAccuracy } from '../evaluate/control.ts';
import type { Control, ControlAccuracy, ControlledPiece } from '../evaluate/control.ts';
import { compareDistributions, profileOf } from '../evaluate/distribution.ts';
import type { DistributionRow } from '../evaluate/distribution.ts';
import { meanFormMeasures } from '../evaluate/form.ts';
import type { FormMeasure } from '../evaluate/form.ts';
import { natsPerNote } from '../evaluate/note-model.ts';
import type { NatsSummary, NoteModel } from '../evaluate/note-model.ts';
import type { Generator } from '../generator.ts';
import { NGRAM_CHAINS } from '../ngram/chains.ts';
import { createNgramModel } from '../ngram/ngram-model.ts';
import type { NgramModel } from '../ngram/ngram-model.ts';
import { originality } from '../originality/originality.ts';
import type { OriginalityIndex } from '../originality/originality.ts';
import { wellFormedness } from '../well-formedness.ts';
import type { MadePiece } from '../transformer/node/corpus.ts';
import { encodePiece, encodeScore, readScores } from './corpus.ts';
import type { CorpusPiece } from './corpus.ts';
import { shippableSets } from './originality-command.ts';
import type { Terminal } from './terminal.ts';

/** Where the held-out pieces come from. */
export interface HeldOut {
  /** A set folder or a folder of set folders; every piece in it is held out. */
  readonly test?: string;
  /** Without `test`: this part of the data sets under `data`. */
  readonly split: Split;
  readonly data: string | undefined;
  /** At most this many pieces a set. */
  readonly limit?: number;
}

/** Nats a note of one style's held-out pieces. */
export interface NatsRow {
  readonly style: string;
  readonly notes: number;
  /** Nats a note by model, in the order of the models given. */
  readonly nats: readonly number[];
}

/** The held-out sets and which of their pieces count. Throws `dataset/missing` as `openDataSets` does. */
export function heldOutSets({ test, data }: HeldOut): DataSet[] {
  if (test !== undefined) return openDataSets(test);
  if (data === undefined) {
    throw new AttuneError(
      'dataset/missing',
      'No data sets were found: name their folder with --data or ATTUNE_DATA_DIR.',
    );
  }
  return shippableSets(data);
}

/**
 * Counts the training pieces of the sets under `data` that are not among the held-out groups, and those made for
 * training beside them.
 */
export function trainBaseline(data: string, terminal: Terminal, made: Iterable<MadePiece> = []): NgramModel {
  const model = createNgramModel(NGRAM_CHAINS, STYLES);
  const sets = shippableSets(data);
  for (const { item, score } of readScores(sets, { splits: ['train'], onProgress: terminal.progress })) {
    model.observe(encodePiece(item, score));
  }
  for (const { id, style, score } of made)
    model.observe(encodeScore(score, { id, set: 'made', style: isStyle(style) ? style : undefined }));
  terminal.clear();
  return model;
}

/** Reads and encodes the held-out pieces. */
export function readHeldOut(heldOut: HeldOut, terminal: Terminal): CorpusPiece[] {
  const pieces: CorpusPiece[] = [];
  const options = {
    ...(heldOut.test === undefined && { splits: [heldOut.split] }),
    ...(heldOut.limit !== undefined && { limit: heldOut.limit }),
    onProgress: terminal.progress,
  };
  for (const { item, score } of readScores(heldOutSets(heldOut), options))
    pieces.push(encodePiece(item, score));
  terminal.clear();
  return pieces;
}

/** Nats a note of each model by style; the last row is over all pieces. */
export async function natsByStyle(
  models: readonly NoteModel[],
  pieces: readonly CorpusPiece[],
): Promise<NatsRow[]> {
  const groups = new Map<string, CorpusPiece[]>();
  for (const piece of pieces) {
    const name = piece.style ?? 'other';
    groups.set(name, [...(groups.get(name) ?? []), piece]);
  }
  const rows: NatsRow[] = [];
  const sums = models.map(() => 0);
  let notes = 0;
  for (const [style, members] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
    const summaries: NatsSummary[] = [];
    for (const model of models) summaries.push(await natsPerNote(model, members));
    const count = summaries[0]?.notes ?? 0;
    rows.push({ style, notes: count, nats: summaries.map((summary) => summary.natsPerNote) });
    summaries.forEach((summary, i) => (sums[i]! += summary.natsPerNote * summary.notes));
    notes += count;
  }
  return [...rows, { style: 'all', notes, nats: sums.map((sum) => sum / notes) }];
}

/** How the composed pieces of one style fared. */
export interface CompositionReport {
  readonly style: Style;
  readonly pieces: number;
  readonly controls: Readonly<Record<Control, ControlAccuracy>>;
  /** Means over the pieces. */
  readonly wellFormedness: number;
  readonly originality: number;
  /** Pieces that share more with the training music than 99 % of real held-out excerpts do. */
  readonly overFloor: number;
  readonly secondsPerPiece: number;
  /** Means over the composed pieces, and over the whole real ones, so that their endings count. */
  readonly form: {
    readonly generated: Readonly<Record<FormMeasure, number>>;
    readonly real: Readonly<Record<FormMeasure, number>>;
  };
  /** Absent where there are fewer than 6 real pieces. */
  readonly distributions?: readonly DistributionRow[];
}

/** Which pieces are composed and judged, and by whom. */
export interface CompositionOptions {
  readonly generator: Generator;
  readonly originality: OriginalityIndex | undefined;
  /** Real pieces of the style: each lends its wishes to one composition, and is what the set is compared with. */
  readonly real: readonly CorpusPiece[];
  readonly style: Style;
  readonly pieces: number;
  readonly bars: number;
  readonly seed: number;
  readonly classifyStyle?: (score: Score) => string | null;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** Composes pieces with the wishes of real held-out ones, in keys drawn anew, and judges them. */
export async function evaluateCompositions(options: CompositionOptions): Promise<CompositionReport> {
  const { generator, real, style, bars } = options;
  const rng = createRng(options.seed).fork(style);
  const made: ControlledPiece[] = [];
  const began = options.now();
  for (let i = 0; i < options.pieces; i++) {
    const model = real[i % real.length]!.conditioning;
    const request: Conditioning = {
      style,
      ...(model.tempo !== undefined && { tempo: Math.round(model.tempo) }),
      ...(model.meter && { meter: model.meter }),
      ...(model.instruments && { instruments: model.instruments }),
      ...(model.density !== undefined && { density: model.density }),
      ...(model.mode && { mode: model.mode, tonic: rng.integer(12) }),
    };
    const piece = await generator.generate(
      { conditioning: request, bars, seed: options.seed + i },
      options.signal ? { signal: options.signal } : {},
    );
    made.push({ request, score: piece.score });
  }
  const seconds = (options.now() - began) / 1000;
  const sounding = made.filter(({ score }) => score.tracks.some((track) => track.notes.length > 0));
  const judged = options.originality
    ? sounding.map(({ score }) => originality(score, options.originality!, { style }))
    : [];
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const excerpts = real
    .map((piece) => fromGrid(excerptOf(piece, bars)))
    .filter((score) => score.tracks.length > 0);
  return {
    style,
    pieces: made.length,
    controls: controlAccuracy(made, options.classifyStyle ? { classifyStyle: options.classifyStyle } : {}),
    wellFormedness: mean(made.map(({ score }) => wellFormedness(score, { bars }).score)),
    originality: mean(judged.map(({ score }) => score)),
    overFloor: judged.filter(({ exceedsFloor }) => exceedsFloor).length,
    secondsPerPiece: seconds / made.length,
    form: {
      generated: meanFormMeasures(made.map(({ score }) => score)),
      real: meanFormMeasures(real.map(({ sequence }) => decodeCompound(sequence))),
    },
    ...(excerpts.length >= 6 && {
      distributions: compareDistributions(
        excerpts.map(profileOf),
        sounding.map(({ score }) => profileOf(score)),
      ),
    }),
  };
}

/** The first bars of a real piece, as long as a composed one. */
function excerptOf({ sequence }: CorpusPiece, bars: number): GridPiece {
  const piece = compoundToGrid(sequence);
  return { ...piece, notes: piece.notes.filter((note) => note.bar < bars), bars: Math.min(bars, piece.bars) };
}
