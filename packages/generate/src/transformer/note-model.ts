import type { Backend, FileMap } from '@attune/core/nn';
import { barStepsOf, FIELD_COUNT, FIELD_SIZES } from '@attune/core/tokens';
import type { EncodedPiece, NoteModel } from '../evaluate/note-model.ts';
import { createBatch, type PlacedExcerpt } from './batch.ts';
import { binsOfConditioning, OPEN, type ConditionBins } from './conditions.ts';
import { readNetwork } from './read-network.ts';
import { natsOfBatch } from './train.ts';
import { wholePieceExcerpts } from './windows.ts';

/**
 * What the model is told of each piece. 'nothing': the notes before, as an n-gram has them; 'style': the style
 * too; 'all': style, mode, tempo, meter, instruments, density, mood, and how many bars remain.
 */
export type Told = 'nothing' | 'style' | 'all';

/** What the model is told, and how many windows run at once. */
export interface TransformerNoteModelOptions {
  readonly told?: Told; // 'nothing'
  /** Windows run together. Default 4. */
  readonly rows?: number;
}

/**
 * Share of a uniform distribution mixed into each field, so that one value never met in training (an instrument new
 * to a style) cannot cost without bound. Chosen among 0, 1e-4, 1e-3, 3e-3, 1e-2, 2e-2, 4e-2 on validation pieces.
 */
export const UNIFORM_SHARE = 1e-3;

/** −ln((1 − share) · p + share / size) for a value of −ln p = `nats`. */
function withUniform(nats: number, size: number): number {
  return -Math.log((1 - UNIFORM_SHARE) * Math.exp(-nats) + UNIFORM_SHARE / size);
}

/**
 * The Transformer of a checkpoint as a note model, on a tensor backend. Long pieces run in windows that overlap by
 * half; each step is charged once. Throws as `readCheckpoint` does.
 */
export function createTransformerNoteModel(
  backend: Backend,
  files: FileMap,
  options: TransformerNoteModelOptions = {},
): NoteModel & { dispose(): void } {
  const { told = 'nothing', rows = 4 } = options;
  const { tf } = backend;
  const network = readNetwork(tf, files);
  const { shape, conditions, version } = network.config;
  const { layout, parameters } = network;

  const binsOf = (piece: EncodedPiece): ConditionBins => {
    if (told === 'nothing') return OPEN;
    const all = binsOfConditioning(conditions, piece.conditioning);
    return told === 'style' ? { ...OPEN, style: all.style } : all;
  };

  return {
    name: `${version}${told === 'nothing' ? '' : ` told ${told}`}`,
    natsOf(piece) {
      const { steps, barOf, bars, meter } = piece.sequence;
      const count = barOf.length;
      const input = { steps, barOf, bars, barSteps: barStepsOf(meter) };
      const excerpts = wholePieceExcerpts(input, shape.window, binsOf(piece), told === 'all');
      // A short piece runs in a window of its own length, rounded up.
      const window = Math.min(shape.window, Math.ceil(count / 32) * 32);
      const nats = new Float64Array(count);
      for (let first = 0; first < excerpts.length; first += rows) {
        const placed: PlacedExcerpt[] = excerpts
          .slice(first, first + rows)
          .map((excerpt, row) => ({ excerpt, row, at: 0 }));
        const batch = createBatch(placed, placed.length, window, shape, layout);
        const values = natsOfBatch(tf, shape, parameters, batch);
        for (const { excerpt, row } of placed) {
          for (let step = excerpt.chargedFrom; step < excerpt.to; step++) {
            const at = (row * window + step - excerpt.from) * FIELD_COUNT;
            const fields = step === count - 1 ? 1 : FIELD_COUNT; // of the closing step the bar alone
            for (let field = 0; field < fields; field++) {
              nats[step]! += withUniform(values[at + field]!, FIELD_SIZES[field]!);
            }
          }
        }
      }
      return nats;
    },
    dispose: () => network.dispose(),
  };
}
