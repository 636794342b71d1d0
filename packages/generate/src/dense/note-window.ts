import { barStepsOf, BAR, END, FIELD_COUNT, FIELD_SIZES, MAX_BAR_STEPS, POSITION } from '@attune/core/tokens';
import type { EncodedPiece } from '../evaluate/note-model.ts';

/** Values that stand for "no note yet" come after those of a field. */
export const SEEN_SIZES: readonly number[] = FIELD_SIZES.map((size) => size + 1);
/** Width of a field's row in the input, in field order. */
export const SEEN_WIDTHS: readonly number[] = [4, 12, 12, 16, 8, 4];
/** Width of one seen note. */
export const NOTE_WIDTH = SEEN_WIDTHS.reduce((sum, width) => sum + width, 0);
/** Facts told beside the notes: steps since the last onset's bar began and length of a bar, both as shares. */
export const FACTS = 2;

/**
 * Fills `ids` [notes × FIELD_COUNT] with the notes before `step`, the last first; where there is none, with the value
 * after those of the field.
 */
export function seenNotes(
  steps: ArrayLike<number>,
  step: number,
  notes: number,
  ids: Int32Array,
  at = 0,
): void {
  for (let back = 1; back <= notes; back++) {
    for (let field = 0; field < FIELD_COUNT; field++) {
      const from = step - back;
      ids[at++] = from < 0 ? FIELD_SIZES[field]! : steps[from * FIELD_COUNT + field]!;
    }
  }
}

/** Where in its bar the last note began and how long a bar is, both as shares of the longest bar: [FACTS]. */
export function factsOf(
  steps: ArrayLike<number>,
  step: number,
  barSteps: number,
  facts: Float32Array,
  at = 0,
): void {
  facts[at] = step === 0 ? 0 : steps[(step - 1) * FIELD_COUNT + POSITION]! / MAX_BAR_STEPS;
  facts[at + 1] = barSteps / MAX_BAR_STEPS;
}

/** Rows of training: note windows with what came next. */
export interface NoteBatch {
  /** [rows × notes × FIELD_COUNT]. */
  readonly seen: Int32Array;
  /** [rows]: index of the style, or the number of styles where it is not known. */
  readonly styles: Int32Array;
  /** [rows × FACTS]. */
  readonly facts: Float32Array;
  /** [rows × FIELD_COUNT], and 1 for each field that is charged: of a closing step the bar alone. */
  readonly next: Int32Array;
  readonly charged: Float32Array;
}

/** The batch of steps of pieces. */
export function batchOf(
  pieces: readonly EncodedPiece[],
  rows: readonly (readonly [piece: number, step: number])[],
  notes: number,
  styles: readonly string[],
): NoteBatch {
  const batch = {
    seen: new Int32Array(rows.length * notes * FIELD_COUNT),
    styles: new Int32Array(rows.length),
    facts: new Float32Array(rows.length * FACTS),
    next: new Int32Array(rows.length * FIELD_COUNT),
    charged: new Float32Array(rows.length * FIELD_COUNT),
  };
  rows.forEach(([index, step], row) => {
    const { sequence, conditioning } = pieces[index]!;
    seenNotes(sequence.steps, step, notes, batch.seen, row * notes * FIELD_COUNT);
    factsOf(sequence.steps, step, barStepsOf(sequence.meter), batch.facts, row * FACTS);
    const style = styles.indexOf(conditioning.style ?? '');
    batch.styles[row] = style < 0 ? styles.length : style;
    const at = step * FIELD_COUNT;
    for (let field = 0; field < FIELD_COUNT; field++)
      batch.next[row * FIELD_COUNT + field] = sequence.steps[at + field]!;
    const fields = sequence.steps[at + BAR] === END ? 1 : FIELD_COUNT;
    batch.charged.fill(1, row * FIELD_COUNT, row * FIELD_COUNT + fields);
  });
  return batch;
}
