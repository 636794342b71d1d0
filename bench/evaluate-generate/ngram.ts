import { findDataDir } from '@attune/core/node';
import { DISTRIBUTION_FEATURES, distributionDistance, natsPerNote } from '@attune/generate';
import { trainBaseline, type Terminal } from '@attune/generate/node';
import { arrangedPieces } from '../../packages/generate/src/arrangement/node/arranged-corpus.ts';
import { sampleNgram, type SetOptions } from './compose-sets.ts';
import { excerptOf, upToNotes, type HeldOutPieces } from './held-out.ts';
import { FEWEST_REAL, MOST_REAL, profilesOf } from './likeness.ts';
import type { NgramResult } from './results.ts';

/** The interpolated n-gram, counted on the training pieces and arrangements: nats, and how like real pieces its samples are. */
export async function measureNgram(
  heldOut: HeldOutPieces,
  mostNotes: number,
  set: SetOptions,
  terminal: Terminal,
): Promise<NgramResult[]> {
  const data = findDataDir();
  if (data === undefined) return [];
  const model = trainBaseline(data, terminal, arrangedPieces(data, 'train'));
  const rows: NgramResult[] = [];
  for (const [style, pieces] of heldOut.byStyle) {
    const { natsPerNote: nats, notes } = await natsPerNote(model, upToNotes(pieces, mostNotes));
    const real = profilesOf(pieces.slice(0, MOST_REAL).flatMap((piece) => excerptOf(piece, set.bars) ?? []));
    const samples = profilesOf(sampleNgram(model, style, pieces, set));
    const isEnough = real.length >= FEWEST_REAL && samples.length > 0;
    const likeness = isEnough
      ? DISTRIBUTION_FEATURES.map((feature) => ({
          feature,
          distance: distributionDistance(real, samples, feature),
        }))
      : [];
    rows.push({ style, notes, nats, likeness });
  }
  return rows;
}
