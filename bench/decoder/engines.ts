import type { DecoderArray } from '../../packages/generate/src/transformer/decoder-weights.ts';
import type { TransformerShape } from '../../packages/generate/src/transformer/config.ts';
import {
  FIELD_OFFSETS,
  rotationPeriods,
  writeAngles,
} from '../../packages/generate/src/transformer/input-layout.ts';

export type Parameters = ReadonlyMap<string, DecoderArray>;

/** One note as every engine gets it: input rows, time, and the values of its fields, told from the start. */
export interface BenchNote {
  readonly rows: Int32Array;
  readonly time: number;
  readonly values: readonly number[];
}

/** Something that takes one note for each of `batch` pieces, with `context` notes before it. */
export interface Engine {
  readonly name: string;
  /** Forgets everything and takes the notes before. */
  fill(notes: readonly BenchNote[]): Promise<void> | void;
  /** Logits of all fields, side by side, of the last piece of the batch. */
  take(note: BenchNote): Promise<Float32Array> | Float32Array;
  /** CPU seconds spent so far, of an engine in a process of its own. */
  cpuSeconds?(): number;
  dispose?(): Promise<void> | void;
}

/** A network step as [batch, …] arrays: what rivals get instead of rows. */
export interface StepInputs {
  readonly embedded: Float32Array; // [B, D]
  readonly cosines: Float32Array; // [P]
  readonly sines: Float32Array; // [P]
  readonly told: Float32Array; // [B, F·G]: what the fields before tell each field's head, bias included
}

export function stepInputs(
  shape: TransformerShape,
  parameters: Parameters,
  note: BenchNote,
  at: number,
  batch: number,
): StepInputs {
  const { width, heads, headWidth, fieldSizes } = shape;
  const pairs = width / heads / 2;
  const angles = new Float64Array(pairs);
  writeAngles(rotationPeriods(pairs), note.time, at, angles, 0);
  const embed = parameters.get('embed')!.data;
  const one = new Float32Array(width);
  for (const row of note.rows) for (let d = 0; d < width; d++) one[d]! += embed[row * width + d]!;
  const all = fieldSizes.length * headWidth;
  const told = Float32Array.from(parameters.get('head.bias')!.data);
  const fields = parameters.get('head.fields')!.data;
  note.values.forEach((value, field) => {
    const row = (FIELD_OFFSETS[field]! + value) * all;
    for (let i = (field + 1) * headWidth; i < all; i++) told[i]! += fields[row + i]!;
  });
  return {
    embedded: repeat(one, batch),
    cosines: Float32Array.from(angles, Math.cos),
    sines: Float32Array.from(angles, Math.sin),
    told: repeat(told, batch),
  };
}

function repeat(row: Float32Array, times: number): Float32Array {
  const all = new Float32Array(row.length * times);
  for (let i = 0; i < times; i++) all.set(row, i * row.length);
  return all;
}
