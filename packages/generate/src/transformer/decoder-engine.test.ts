import { createRng, type Rng } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TransformerShape } from './config.ts';
import { DecoderEngine } from './decoder-engine.ts';
import { createDecoderWeights, loadDecoderKernels, PRECISIONS } from './decoder-weights.ts';
import { createDecoders, Decoder, DecoderPool } from './decoder.ts';
import { MAX_ACTIVE_ROWS } from './input-layout.ts';
import { randomParameters, TINY_SHAPE } from './test-checkpoint.ts';
import { floatProduct, referenceLogits, wholeProduct, type TestStep } from './test-decoder.ts';

/** Sizes that fill no vector and no group of rows. */
const ODD_SHAPE: TransformerShape = {
  ...TINY_SHAPE,
  width: 24,
  layers: 2,
  heads: 2,
  feedForward: 30,
  headWidth: 12,
};
/** Heads of 48, as in the shipped model: columns in groups of 16. */
const WIDE_SHAPE: TransformerShape = { ...TINY_SHAPE, width: 96, heads: 2, feedForward: 40, headWidth: 16 };

/** What softmax in single precision changes of logits of a few units. */
const EXPONENTIAL_TOLERANCE = 1e-5;

function randomSteps(count: number, rng: Rng): TestStep[] {
  const { inputRows, fieldSizes } = TINY_SHAPE;
  return Array.from({ length: count }, (_, t) => ({
    rows: Array.from({ length: 1 + rng.integer(12) }, () => rng.integer(inputRows)),
    time: t / 3,
    values: fieldSizes.map((size) => rng.integer(size)),
  }));
}

/** Logits of every field after one step. */
function take(decoder: Decoder, { rows, time, values }: TestStep): Float32Array[] {
  decoder.step(Int32Array.from(rows), rows.length, time);
  return readFields(decoder, values);
}
function readFields(decoder: Decoder, values: readonly number[]): Float32Array[] {
  return values.map((value, field) => {
    const logits = decoder.fieldLogits(field).slice();
    decoder.setField(field, value);
    return logits;
  });
}

function largestDifference(a: readonly Float32Array[][], b: readonly Float32Array[][]): number {
  let most = 0;
  a.forEach((fields, t) =>
    fields.forEach((logits, k) =>
      logits.forEach((value, v) => (most = Math.max(most, Math.abs(value - b[t]![k]![v]!)))),
    ),
  );
  return most;
}

describe('the decoder engine', () => {
  it.each([
    ['tiny', TINY_SHAPE],
    ['odd', ODD_SHAPE],
    ['wide', WIDE_SHAPE],
  ])('gives what plain float32 loops give: %s sizes', (_, shape) => {
    const parameters = randomParameters(shape, 7);
    const steps = randomSteps(29, createRng(3));
    const decoder = new Decoder(createDecoderWeights(shape, parameters));
    const expected = referenceLogits(shape, parameters, steps, floatProduct);
    // Products have the same bits; exponentials are of single precision there and of double precision here.
    const taken = steps.map((step) => take(decoder, step));
    expect(largestDifference(taken, expected)).toBeLessThan(EXPONENTIAL_TOLERANCE);
  });

  it('gives the very bits where nothing is attended to but the step itself', () => {
    const parameters = randomParameters(ODD_SHAPE, 7);
    const steps = randomSteps(1, createRng(3));
    const decoder = new Decoder(createDecoderWeights(ODD_SHAPE, parameters));
    expect(steps.map((step) => take(decoder, step))).toEqual(
      referenceLogits(ODD_SHAPE, parameters, steps, floatProduct),
    );
  });

  it.each([
    ['tiny', TINY_SHAPE],
    ['odd', ODD_SHAPE],
    ['wide', WIDE_SHAPE],
  ])('in int8 gives what whole numbers give: %s sizes', (_, shape) => {
    const parameters = randomParameters(shape, 8);
    const steps = randomSteps(29, createRng(4));
    const decoder = new Decoder(createDecoderWeights(shape, parameters, { precision: 'int8' }));
    const expected = referenceLogits(shape, parameters, steps, wholeProduct);
    // Sums are exact; a value between two whole numbers may be rounded to either, one in some 10⁴ to 10⁵.
    expect(
      largestDifference(
        steps.map((step) => take(decoder, step)),
        expected,
      ),
    ).toBeLessThan(1e-3);
  });

  it('gives the same bits alone and in any company', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PRECISIONS),
        fc.constantFrom(TINY_SHAPE, ODD_SHAPE),
        fc.array(fc.tuple(fc.nat(2), fc.boolean()), { minLength: 1, maxLength: 24 }),
        (precision, shape, turns) => {
          const weights = createDecoderWeights(shape, randomParameters(shape, 9), { precision });
          const together = createDecoders(weights, 3);
          const alone = together.map(() => new Decoder(weights));
          const rng = createRng(5);
          for (const [lane, asks] of turns) {
            const { rows, time, values } = randomSteps(1, rng)[0]!;
            const pair = [together[lane]!, alone[lane]!];
            for (const decoder of pair) decoder.step(Int32Array.from(rows), rows.length, time, asks);
            if (!asks) continue; // noted down, and taken when someone asks
            const [a, b] = pair.map((decoder) => readFields(decoder, values));
            expect(a).toEqual(b);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('takes the steps of all lanes together when one asks', () => {
    const weights = createDecoderWeights(TINY_SHAPE, randomParameters(TINY_SHAPE, 9));
    const engine = new DecoderEngine(weights, 3);
    const decoders = [0, 1, 2].map((lane) => new Decoder(weights, engine, lane));
    for (const { rows, time, values } of randomSteps(4, createRng(2))) {
      // In turn, as compositions do: each reads what its last step gave, and notes down the next one.
      for (const decoder of decoders) {
        if (decoder.steps > 0) readFields(decoder, values);
        decoder.step(Int32Array.from(rows), rows.length, time);
      }
    }
    expect(engine.calls).toBe(3); // the fourth steps wait
  });

  it('forgets a step that waits when it is reset', () => {
    const weights = createDecoderWeights(ODD_SHAPE, randomParameters(ODD_SHAPE, 9));
    const [first, second] = randomSteps(2, createRng(8)) as [TestStep, TestStep];
    const decoder = new Decoder(weights);
    decoder.step(Int32Array.from(first.rows), first.rows.length, first.time);
    decoder.reset();
    expect(take(decoder, second)).toEqual(take(new Decoder(weights), second));
  });

  it('takes a prompt of more steps than a batch holds', () => {
    const parameters = randomParameters(ODD_SHAPE, 2);
    const steps = randomSteps(21, createRng(6));
    const decoder = new Decoder(createDecoderWeights(ODD_SHAPE, parameters));
    steps.forEach(({ rows, time }, t) =>
      decoder.step(Int32Array.from(rows), rows.length, time, t === steps.length - 1),
    );
    const expected = referenceLogits(ODD_SHAPE, parameters, steps, floatProduct).at(-1);
    const read = readFields(decoder, steps.at(-1)!.values);
    expect(largestDifference([read], [expected!])).toBeLessThan(EXPONENTIAL_TOLERANCE);
  });

  it('keeps the memory that it began with', () => {
    const engine = new DecoderEngine(createDecoderWeights(TINY_SHAPE, randomParameters(TINY_SHAPE, 1)), 2);
    const before = engine.bytes;
    const decoder = new Decoder(engine.weights, engine, 1);
    for (let round = 0; round < 3; round++) {
      decoder.reset();
      for (const step of randomSteps(TINY_SHAPE.window, createRng(round))) take(decoder, step);
    }
    expect(engine.bytes).toBe(before);
  });

  it('refuses more input rows than a step can have', () => {
    const decoder = new Decoder(createDecoderWeights(TINY_SHAPE, randomParameters(TINY_SHAPE, 1)));
    const count = MAX_ACTIVE_ROWS + 1;
    expect(() => decoder.step(new Int32Array(count), count, 0)).toThrow(/input rows/);
  });

  it('runs on kernels compiled beforehand', async () => {
    const parameters = randomParameters(TINY_SHAPE, 1);
    const [step] = randomSteps(1, createRng(1));
    const kernels = await loadDecoderKernels();
    const first = new Decoder(createDecoderWeights(TINY_SHAPE, parameters, { kernels }));
    const second = new Decoder(createDecoderWeights(TINY_SHAPE, parameters));
    expect(take(first, step!)).toEqual(take(second, step!));
  });
});

describe('DecoderPool', () => {
  it('lends as many decoders as are asked for, each to one at a time, and takes them back', async () => {
    const pool = new DecoderPool(createDecoderWeights(TINY_SHAPE, randomParameters(TINY_SHAPE, 1)));
    const lent = new Set<Decoder>();
    let release = (): void => undefined;
    const wait = new Promise<void>((resolve) => (release = resolve));
    const works = Array.from({ length: 11 }, () =>
      pool.use(async (decoder) => {
        lent.add(decoder);
        await wait;
      }),
    );
    expect(lent.size).toBe(11);
    release();
    await Promise.all(works);
    await pool.use((decoder) => Promise.resolve(expect(lent.has(decoder)).toBe(true)));
    await expect(pool.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
