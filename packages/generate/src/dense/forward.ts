import type { NamedArray } from '@attune/core/nn';
import {
  BAR,
  barStepsOf,
  COMPOUND_FIELDS,
  createCompoundGrammar,
  END,
  FIELD_COUNT,
  FIELD_SIZES,
} from '@attune/core/tokens';
import type { EncodedPiece, NoteModel } from '../evaluate/note-model.ts';
import { checkedParameters } from '../family/checked-parameters.ts';
import { applyDense, rectify, type DenseLayer } from '../family/dense-layer.ts';
import type { NgramWish } from '../ngram/ngram-model.ts';
import { createDrawScratch, drawValue, natsOf } from '../transformer/draw.ts';
import type { DenseConfig } from './config.ts';
import { denseShapes } from './model.ts';
import { FACTS, factsOf, NOTE_WIDTH, SEEN_WIDTHS, seenNotes } from './note-window.ts';

/** A sample that has not ended by then is cut. */
const MOST_NOTES = 4000;

/** The dense network without a tensor library: it judges and draws notes one by one. */
export interface DenseModel extends NoteModel {
  natsOf(piece: EncodedPiece): Float64Array;
  /** [notes × FIELD_COUNT], drawn among what the grammar lets through, as `NgramModel.sample` does. */
  sample(wish: NgramWish): number[];
}

/** Throws `checkpoint/mismatch` naming the first parameter that does not fit. */
export function createDenseModel(
  { shape, styles }: Pick<DenseConfig, 'shape' | 'styles'>,
  parameters: ReadonlyMap<string, NamedArray>,
): DenseModel {
  const values = checkedParameters(denseShapes(shape, styles.length), parameters);
  const layer = (name: string, inputs: number, outputs: number): DenseLayer => ({
    inputs,
    outputs,
    weight: values.get(`${name}/weight`)!,
    bias: values.get(`${name}/bias`)!,
  });
  const { notes, width, headWidth } = shape;
  const styleTable = values.get('style/table')!;
  const styleWidth = styleTable.length / (styles.length + 1);
  const input = new Float32Array(notes * NOTE_WIDTH + styleWidth + FACTS);
  const [first, trunk] = [new Float32Array(width), new Float32Array(width)];
  const layers = [layer('first', input.length, width), layer('second', width, width)] as const;
  const heads = COMPOUND_FIELDS.map((name) => layer(`head/${name}`, width, headWidth));
  const outputs = COMPOUND_FIELDS.map((name, field) =>
    layer(`values/${name}`, headWidth, FIELD_SIZES[field]!),
  );
  const seen = new Int32Array(notes * FIELD_COUNT);
  const told = new Float32Array(headWidth);
  const head = new Float32Array(headWidth);
  const logits = FIELD_SIZES.map((size) => new Float32Array(size));

  /** Takes the notes before `step` in; `fieldLogits` and `tell` then go through its fields in order. */
  const look = (steps: ArrayLike<number>, step: number, style: number, barSteps: number): void => {
    seenNotes(steps, step, notes, seen);
    let at = 0;
    for (let note = 0; note < notes; note++) {
      COMPOUND_FIELDS.forEach((name, field) => {
        const rowWidth = SEEN_WIDTHS[field]!;
        const table = values.get(`seen/${name}/table`)!;
        const id = seen[note * FIELD_COUNT + field]!;
        input.set(table.subarray(id * rowWidth, (id + 1) * rowWidth), at);
        at += rowWidth;
      });
    }
    const row = style < 0 ? styles.length : style;
    input.set(styleTable.subarray(row * styleWidth, (row + 1) * styleWidth), at);
    factsOf(steps, step, barSteps, input, at + styleWidth);
    applyDense(layers[0], input, first);
    rectify(first);
    applyDense(layers[1], first, trunk);
    rectify(trunk);
    told.fill(0);
  };
  const fieldLogits = (field: number): Float32Array => {
    applyDense(heads[field]!, trunk, head);
    for (let i = 0; i < head.length; i++) head[i]! += told[i]!;
    rectify(head);
    applyDense(outputs[field]!, head, logits[field]!);
    return logits[field]!;
  };
  const tell = (field: number, value: number): void => {
    const table = values.get(`told/${COMPOUND_FIELDS[field]!}/table`);
    if (table) for (let i = 0; i < headWidth; i++) told[i]! += table[value * headWidth + i]!;
  };

  return {
    name: 'dense network',
    natsOf({ sequence, conditioning }) {
      const count = sequence.steps.length / FIELD_COUNT;
      const nats = new Float64Array(count);
      const style = styles.indexOf(conditioning.style ?? '');
      for (let step = 0; step < count; step++) {
        look(sequence.steps, step, style, barStepsOf(sequence.meter));
        const fields = sequence.steps[step * FIELD_COUNT + BAR] === END ? 1 : FIELD_COUNT;
        for (let field = 0; field < fields; field++) {
          const value = sequence.steps[step * FIELD_COUNT + field]!;
          nats[step]! += natsOf(fieldLogits(field), value);
          tell(field, value);
        }
      }
      return nats;
    },
    sample({ style, meter, bars, instruments, rng }) {
      const steps: number[] = [];
      const grammar = createCompoundGrammar({ meter, instruments, minBars: bars, maxBars: bars });
      const mask = new Uint8Array(Math.max(...FIELD_SIZES));
      const scratch = createDrawScratch(Math.max(...FIELD_SIZES));
      let state = grammar.start();
      while (!state.ended && steps.length < MOST_NOTES * FIELD_COUNT) {
        look(steps, steps.length / FIELD_COUNT, styles.indexOf(style), barStepsOf(meter));
        const step = new Int16Array(FIELD_COUNT);
        for (let field = 0; field < FIELD_COUNT; field++) {
          grammar.mask(field, state, step, mask);
          const value = drawValue(fieldLogits(field), mask, 1, 1, rng, scratch);
          step[field] = value;
          if (field === BAR && value === END) break;
          tell(field, value);
        }
        state = grammar.accept(state, step);
        if (!state.ended) steps.push(...step);
      }
      return steps;
    },
  };
}
