import { createRng } from '@attune/core';
import { readCheckpoint, selectBackend } from '@attune/core/nn';
import { FIELD_COUNT, FIELD_SIZES } from '@attune/core/tokens';
import { expect, it } from 'vitest';
import { natsPerNote } from '../evaluate/note-model.ts';
import { createDecoderWeights, Decoder } from './decoder.ts';
import { natsOf } from './draw.ts';
import { OPEN } from './conditions.ts';
import { createInputLayout } from './input-layout.ts';
import { createTransformerNoteModel, UNIFORM_SHARE } from './note-model.ts';
import { NoteStream } from './note-stream.ts';
import { createTinyCheckpoint, TINY_CONDITIONS, TINY_SHAPE } from './test-checkpoint.ts';
import { testPiece } from './test-piece.ts';

it('charges what the decoder gives, step by step, the closing step for its bar alone', async () => {
  const backend = await selectBackend({ prefer: ['cpu'] });
  const files = createTinyCheckpoint(6);
  const model = createTransformerNoteModel(backend, files, { told: 'nothing' });
  const piece = testPiece(20, createRng(2));
  const encoded = { id: 'x', sequence: { ...piece, shift: 0 }, conditioning: {} };
  const nats = await model.natsOf(encoded);

  const decoder = new Decoder(createDecoderWeights(TINY_SHAPE, readCheckpoint(files).parameters));
  const layout = createInputLayout(TINY_CONDITIONS);
  let sum = 0;
  for (let step = 0; step <= 20; step++) {
    // Fed by hand, since this model is not told how many bars remain.
    const rows = new Int32Array(200);
    const bar = step === 0 ? 0 : piece.barOf[step - 1]!;
    let count =
      step === 0
        ? layout.start('start', rows, 0)
        : layout.note(piece.steps, (step - 1) * FIELD_COUNT, rows, 0);
    count = layout.metre(bar, -1, rows, count);
    count = layout.conditions(OPEN, rows, count);
    decoder.step(
      rows,
      count,
      bar + (step === 0 ? 0 : piece.steps[(step - 1) * FIELD_COUNT + 1]! / piece.barSteps),
    );
    let own = 0;
    for (let field = 0; field < (step === 20 ? 1 : FIELD_COUNT); field++) {
      const value = piece.steps[step * FIELD_COUNT + field]!;
      const p = Math.exp(-natsOf(decoder.fieldLogits(field), value));
      own -= Math.log((1 - UNIFORM_SHARE) * p + UNIFORM_SHARE / FIELD_SIZES[field]!);
      decoder.setField(field, value);
    }
    expect(nats[step]).toBeCloseTo(own, 3);
    sum += own;
  }
  expect((await natsPerNote(model, [encoded])).natsPerNote).toBeCloseTo(sum / 20, 3);
  model.dispose();
});

it('charges each step of a piece longer than its window', async () => {
  const backend = await selectBackend({ prefer: ['cpu'] });
  const model = createTransformerNoteModel(backend, createTinyCheckpoint(6), { told: 'all', rows: 2 });
  const piece = testPiece(100, createRng(2));
  const nats = await model.natsOf({
    id: 'x',
    sequence: { ...piece, shift: 0 },
    conditioning: { style: 'folk', tempo: 100 },
  });
  expect(nats).toHaveLength(101);
  const guess = FIELD_SIZES.reduce((total, size) => total + Math.log(size), 0);
  for (const value of nats) {
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(3 * guess);
  }
  model.dispose();
});

it('a stream that outgrows its window goes on with half of it as context', () => {
  const decoder = new Decoder(
    createDecoderWeights(TINY_SHAPE, readCheckpoint(createTinyCheckpoint(6)).parameters),
  );
  const stream = new NoteStream(decoder, createInputLayout(TINY_CONDITIONS), OPEN);
  const long = testPiece(60, createRng(1));
  const piece = { steps: long.steps, barOf: [] as number[], bars: long.bars, barSteps: long.barSteps };
  stream.prime(piece);
  const lengths: number[] = [];
  for (let i = 0; i < 60; i++) {
    piece.barOf.push(long.barOf[i]!);
    stream.advance(piece);
    lengths.push(decoder.steps);
  }
  expect(lengths[30]).toBe(32); // the start and 31 notes
  // Then the start and the last 16 notes or more, from a bar line.
  expect(lengths[31]).toBeGreaterThanOrEqual(17);
  expect(lengths[31]).toBeLessThan(17 + 8);
  expect(Math.max(...lengths)).toBe(TINY_SHAPE.window);
});
