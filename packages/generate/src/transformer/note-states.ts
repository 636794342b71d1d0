import type { Backend, FileMap, Tensor2D } from '@attune/core/nn';
import { barStepsOf } from '@attune/core/tokens';
import type { EncodedPiece } from '../evaluate/note-model.ts';
import { createBatch, type PlacedExcerpt } from './batch.ts';
import { OPEN } from './conditions.ts';
import { batchTensors, runTrunk } from './model.ts';
import { readNetwork } from './read-network.ts';
import { wholePieceExcerpts } from './windows.ts';

/** What the network makes of a piece, for learners of something else than the next note. */
export interface NoteStates {
  /** Name and version of the network. */
  readonly name: string;
  readonly layers: number;
  readonly width: number;
  /**
   * [layers][2 · width]: mean over the notes of the hidden state after each layer, then its deviation. Every note is read once,
   * with the notes before it in its window of half overlap; the network is told nothing else (no style, no metre wished).
   */
  statesOf(piece: EncodedPiece): Float32Array[];
  dispose(): void;
}

/** How much of a piece is read. */
export interface NoteStatesOptions {
  /** Of a longer piece only so many windows from its start are read. Default: all. */
  readonly mostWindows?: number;
}

/** Windows run together. */
const ROWS = 4;

/** The hidden states of the Transformer of a checkpoint, on a tensor backend. Throws as `readCheckpoint` does. */
export function createNoteStates(
  { tf }: Pick<Backend, 'tf'>,
  files: FileMap,
  { mostWindows = Infinity }: NoteStatesOptions = {},
): NoteStates {
  const network = readNetwork(tf, files);
  const { config, layout, parameters } = network;
  const { shape } = config;
  const { layers, width } = shape;
  return {
    name: config.version,
    layers,
    width,
    dispose: () => network.dispose(),
    statesOf({ sequence }) {
      const { steps, barOf, bars, meter } = sequence;
      const excerpts = wholePieceExcerpts(
        { steps, barOf, bars, barSteps: barStepsOf(meter) },
        shape.window,
        OPEN,
        false,
      ).slice(0, mostWindows);
      const window = Math.min(shape.window, Math.ceil(barOf.length / 32) * 32);
      const sums = Array.from({ length: layers }, () => new Float64Array(2 * width));
      for (let first = 0; first < excerpts.length; first += ROWS) {
        const placed = excerpts
          .slice(first, first + ROWS)
          .map((excerpt, row): PlacedExcerpt => ({ excerpt, row, at: 0 }));
        const batch = createBatch(placed, placed.length, window, shape, layout);
        tf.tidy(() => {
          const add = (state: Tensor2D, layer: number): void => {
            const values = state.dataSync();
            for (const { excerpt, row } of placed) {
              for (let step = excerpt.chargedFrom; step < excerpt.to; step++) {
                addState(sums[layer]!, values.subarray((row * window + step - excerpt.from) * width), width);
              }
            }
          };
          runTrunk(tf, shape, parameters, batchTensors(tf, batch), undefined, add);
        });
      }
      return sums.map((sum) => momentsOf(sum, excerpts.at(-1)!.to, width));
    },
  };
}

/** Adds the state and its squares; a state is taken at root mean square 1, as the next layer reads it. */
function addState(sum: Float64Array, state: ArrayLike<number>, width: number): void {
  let square = 1e-12;
  for (let d = 0; d < width; d++) square += state[d]! ** 2;
  const scale = Math.sqrt(width / square);
  for (let d = 0; d < width; d++) {
    const value = scale * state[d]!;
    sum[d]! += value;
    sum[width + d]! += value * value;
  }
}

function momentsOf(sum: Float64Array, count: number, width: number): Float32Array {
  return Float32Array.from(sum, (value, d) => {
    if (d < width) return value / count;
    const mean = sum[d - width]! / count;
    return Math.sqrt(Math.max(0, value / count - mean * mean));
  });
}
