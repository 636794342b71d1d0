import { createRng } from '@attune/core';
import { readCheckpoint, type NamedArray } from '@attune/core/nn';
import { describe, expect, it } from 'vitest';
import { OPEN } from './conditions.ts';
import { parseTransformerConfig, type TransformerConfig, type TransformerShape } from './config.ts';
import { createDecoderWeights, Decoder } from './decoder.ts';
import { createInputLayout } from './input-layout.ts';
import { NoteStream } from './note-stream.ts';
import { createTinyCheckpoint } from './test-checkpoint.ts';
import { testPiece } from './test-piece.ts';
import { warmStart } from './warm-start.ts';

const checkpoint = readCheckpoint(createTinyCheckpoint(3));
const whole = parseTransformerConfig(checkpoint.config);
/** As a model that knew fewer styles: the rows of two of them are gone. */
const fewer: TransformerConfig = {
  ...whole,
  conditions: { ...whole.conditions, styles: whole.conditions.styles.slice(0, -2) },
};
const rows = createInputLayout(fewer.conditions).rows;
const old: TransformerConfig = { ...fewer, shape: { ...fewer.shape, inputRows: rows } };
const parameters = new Map<string, NamedArray>(checkpoint.parameters);
const embed = checkpoint.parameters.get('embed')!;
parameters.set('embed', {
  shape: [rows, old.shape.width],
  data: Float32Array.from(embed.data).subarray(0, rows * old.shape.width),
});

/** Logits of the first field after a piece, told a style. */
function logitsOf(
  config: Pick<TransformerConfig, 'conditions' | 'abilities'>,
  shape: TransformerShape,
  values: ReadonlyMap<string, NamedArray>,
): number[] {
  const decoder = new Decoder(createDecoderWeights(shape, values));
  const bins = { ...OPEN, style: config.conditions.styles.indexOf('folk') };
  const piece = testPiece(20, createRng(8));
  const barOf = [...piece.barOf.subarray(0, 20)];
  new NoteStream(decoder, createInputLayout(config.conditions, config.abilities), bins).prime({
    ...{ steps: piece.steps, barOf, bars: piece.bars, barSteps: piece.barSteps },
  });
  return [...decoder.fieldLogits(0)];
}

describe('warmStart', () => {
  it('says of plain music what the old model says, though styles and abilities came to the table', () => {
    const abilities = ['tasks', 'form'] as const;
    const { conditions, shape, parameters: values } = warmStart(old, parameters, abilities);
    expect(conditions.styles).toEqual(whole.conditions.styles);
    expect(shape.inputRows).toBeGreaterThan(rows + 200);
    expect(logitsOf({ conditions, abilities }, shape, values)).toEqual(logitsOf(old, old.shape, parameters));
  });

  it('begins new rows at zero and keeps all other parameters', () => {
    const { conditions, shape, parameters: values } = warmStart(old, parameters, ['tasks']);
    const { names } = createInputLayout(conditions, ['tasks']);
    const row = names.indexOf('task=infill');
    const table = Float32Array.from(values.get('embed')!.data);
    expect([...table.subarray(row * shape.width, (row + 1) * shape.width)].every((x) => x === 0)).toBe(true);
    for (const [name, value] of parameters) if (name !== 'embed') expect(values.get(name)).toBe(value);
  });
});

describe('createInputLayout', () => {
  it('names every row once, and leaves the table of a model without abilities as it was', () => {
    const { names } = createInputLayout(whole.conditions, ['tasks', 'form']);
    const plain = createInputLayout(whole.conditions);
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(0, plain.rows)).toEqual(plain.names);
    expect(plain.rows).toBe(whole.shape.inputRows);
  });
});
