import { createRng, type Score } from '@attune/core';
import type { Conditioning, Style } from '@attune/core/style';
import { decodeCompound } from '@attune/core/tokens';
import { originality, type GeneratedPiece, type Generator, type OriginalityIndex } from '@attune/generate';
import type { CorpusPiece } from '@attune/generate/node';
import type { NgramModel } from '../../packages/generate/src/ngram/ngram-model.ts';

/** A composed piece with what was asked for. */
export interface Composed {
  readonly request: Conditioning;
  readonly piece: GeneratedPiece;
}

export interface SetOptions {
  readonly pieces: number;
  readonly bars: number;
  readonly seed: number;
}

const TOGETHER = 8;

/** The wishes of real pieces in turn, in keys drawn anew. */
export function wishesOf(
  style: Style,
  real: readonly CorpusPiece[],
  { pieces, seed }: SetOptions,
): Conditioning[] {
  const rng = createRng(seed).fork(style);
  return Array.from({ length: pieces }, (_, i) => {
    const model = real[i % real.length]!.conditioning;
    return {
      style,
      ...(model.tempo !== undefined && { tempo: Math.min(400, Math.max(10, Math.round(model.tempo))) }),
      ...(model.meter && { meter: model.meter }),
      ...(model.instruments && { instruments: model.instruments }),
      ...(model.density !== undefined && { density: Math.min(100, model.density) }),
      ...(model.mode && { mode: model.mode, tonic: rng.integer(12) }),
    };
  });
}

/** One piece for each wish; several are written at the same time. */
export async function composeAll(
  generator: Generator,
  wishes: readonly Conditioning[],
  { bars, seed }: SetOptions,
): Promise<Composed[]> {
  const made: Composed[] = [];
  for (let first = 0; first < wishes.length; first += TOGETHER) {
    const some = wishes.slice(first, first + TOGETHER);
    const pieces = await Promise.all(
      some.map((conditioning, i) => generator.generate({ conditioning, bars, seed: seed + first + i })),
    );
    pieces.forEach((piece, i) => made.push({ request: some[i]!, piece }));
  }
  return made;
}

/** Pieces drawn from the n-gram for the same instruments, meters and bars, in the canonical key. */
export function sampleNgram(
  model: NgramModel,
  style: Style,
  real: readonly CorpusPiece[],
  { pieces, bars, seed }: SetOptions,
): Score[] {
  const rng = createRng(seed).fork(`n-gram ${style}`);
  return Array.from({ length: pieces }, (_, i) => {
    const { sequence, conditioning } = real[i % real.length]!;
    const { meter } = sequence;
    const steps = model.sample({ style, meter, bars, instruments: conditioning.instruments ?? [0], rng });
    return decodeCompound({ steps: Int16Array.from(steps), meter, shift: 0 }, { tempo: 120, title: '' });
  });
}

/** How the check before showing fared: a piece over the floor is written anew with other seeds. */
export interface CheckedCopies {
  readonly pieces: number;
  /** Over the floor as composed, and among those that were shown in the end. */
  readonly over: number;
  readonly overShown: number;
  /** None of the tries stayed under the floor: nothing is shown. */
  readonly refused: number;
  /** Of all as composed: notes of the longest shared run, and mean share of runs that are shared. */
  readonly longestRun: number;
  readonly meanShare: number;
}

const TRIES = 8;

export async function checkCopies(
  generator: Generator,
  composed: readonly Composed[],
  index: OriginalityIndex,
  { bars, seed }: SetOptions,
): Promise<CheckedCopies> {
  let [over, refused, longestRun, share] = [0, 0, 0, 0];
  const shown: { score: Score; style: string | undefined }[] = [];
  for (const { request, piece } of composed) {
    let { score } = piece;
    let found = originality(score, index, { style: request.style });
    longestRun = Math.max(longestRun, found.longestRun);
    share += found.sharedShare;
    if (found.exceedsFloor) over++;
    for (let attempt = 1; attempt < TRIES && found.exceedsFloor; attempt++) {
      ({ score } = await generator.generate({
        conditioning: request,
        bars,
        seed: seed + 1_000_000 + attempt,
      }));
      found = originality(score, index, { style: request.style });
    }
    if (found.exceedsFloor) refused++;
    else shown.push({ score, style: request.style });
  }
  const overShown = shown.filter(
    ({ score, style }) => originality(score, index, { style }).exceedsFloor,
  ).length;
  return {
    pieces: composed.length,
    over,
    overShown,
    refused,
    longestRun,
    meanShare: share / composed.length,
  };
}
