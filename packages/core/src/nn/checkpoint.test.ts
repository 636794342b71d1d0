import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { mapBatches, shuffledBatches } from './batches.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readTrainingState, writeTrainingState, type TrainingState } from './training-state.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const checkpoint: Checkpoint = {
  kind: 'perceptron',
  config: { width: 3, labels: ['a', 'b'] },
  parameters: new Map([
    ['layer/weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 1 / 3) }],
    ['layer/order', { shape: [2], data: Int32Array.of(7, -1) }],
  ]),
  metrics: [{ step: 1, loss: 0.5 }, { step: 2, loss: 0.25 }], // prettier-ignore
  modelCard: '# Card\n',
};

describe('checkpoints', () => {
  it('come back as they were written', () => {
    const files = writeCheckpoint(checkpoint);
    expect(Object.keys(files)).toEqual([
      'config.json',
      'weights.safetensors',
      'metrics.jsonl',
      'MODEL_CARD.md',
    ]);
    const back = readCheckpoint(files, { kind: 'perceptron' });
    expect(back).toMatchObject({ ...checkpoint, parameters: expect.anything() as unknown });
    for (const [name, array] of checkpoint.parameters) expect(back.parameters.get(name)).toMatchObject(array);
  });

  it('may do without metrics and card, and may be stored in half precision', () => {
    const { metrics: _m, modelCard: _c, ...bare } = checkpoint;
    const [files, half] = [writeCheckpoint(bare), writeCheckpoint(bare, { half: true })];
    expect(Object.keys(files)).toHaveLength(2);
    const { parameters } = readCheckpoint(half);
    expect(parameters.get('layer/weight')!.data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 0.333251953125));
    expect(parameters.get('layer/order')!.data).toEqual(Int32Array.of(7, -1));
    expect(half['weights.safetensors']!.length).toBeLessThan(files['weights.safetensors']!.length);
    const none = writeCheckpoint(bare, { half: (name) => name !== 'layer/weight' });
    expect(readCheckpoint(none).parameters.get('layer/weight')!.data).toEqual(
      checkpoint.parameters.get('layer/weight')!.data,
    );
  });

  it.each([
    ['another kind', { 'config.json': text('{"kind":"gan","formatVersion":1,"config":{}}') }, 'This checkpoint is a gan, and a perceptron is needed.'],
    ['another format', { 'config.json': text('{"kind":"perceptron","formatVersion":9,"config":{}}') }, 'This checkpoint has format version 9, and version 1 is read here.'],
    ['no format', { 'config.json': text('{"kind":"perceptron","config":{}}') }, 'This checkpoint has format version none, and version 1 is read here.'],
    ['no kind', { 'config.json': text('{}') }, 'config.json does not say which kind of model it is.'],
    ['no config', { 'config.json': text('{"kind":"perceptron","formatVersion":1,"config":[]}') }, 'config.json has no config object.'],
    ['no JSON', { 'config.json': text('kind: perceptron') }, 'config.json is not JSON.'],
    ['a list', { 'config.json': text('[1]') }, 'config.json is not a JSON object.'],
    ['broken metrics', { 'metrics.jsonl': text('{"a":1}\n{') }, 'metrics.jsonl is not JSON.'],
    ['broken weights', { 'weights.safetensors': text('{}') }, 'A safetensors file has at least 8 bytes; this has 2.'],
  ])('with %s are refused in one sentence', (_, changed, message) => {
    const read = (): unknown => readCheckpoint({ ...writeCheckpoint(checkpoint), ...changed }, { kind: 'perceptron' });
    expect(read).toThrow(new RegExp(`^${message.replace(/[.[\]]/g, '\\$&')}$`));
  }); // prettier-ignore

  it('name a missing file', () => {
    for (const name of ['config.json', 'weights.safetensors']) {
      const files = Object.fromEntries(
        Object.entries(writeCheckpoint(checkpoint)).filter(([key]) => key !== name),
      );
      expect(() => readCheckpoint(files)).toThrow(`The checkpoint has no file ${name}.`);
    }
  });
});

describe('training state', () => {
  const state: TrainingState = {
    step: 12,
    parameters: checkpoint.parameters,
    optimiser: new Map([['steps', { shape: [1], data: Int32Array.of(12) }]]),
    rng: createRng(5).state(),
    cursor: { epochStart: [1, 2, 3, 4], position: 3 },
    sinceBest: 1,
    best: { step: 10, score: 0.25, parameters: checkpoint.parameters },
  };

  it('comes back as it was written, with and without a best', () => {
    const back = readTrainingState(writeTrainingState(state));
    expect(back).toMatchObject({ step: 12, rng: state.rng, cursor: state.cursor, sinceBest: 1, best: { step: 10, score: 0.25 } }); // prettier-ignore
    expect(back.optimiser.get('steps')!.data).toEqual(Int32Array.of(12));
    for (const group of [back.parameters, back.best!.parameters]) {
      for (const [name, array] of checkpoint.parameters) expect(group.get(name)).toMatchObject(array);
    }
    const { best: _, ...young } = state;
    expect(readTrainingState(writeTrainingState(young)).best).toBeUndefined();
  });

  it('is refused when of another format or incomplete', () => {
    const files = writeTrainingState(state);
    const changed = (json: string) => ({ ...files, 'training-state.json': text(json) });
    expect(() => readTrainingState(changed('{"formatVersion":2}'))).toThrow(/format version 2, not 1/);
    expect(() => readTrainingState(changed('{"formatVersion":1,"step":1}'))).toThrow(/lacks its step/);
    expect(() => readTrainingState({})).toThrow(/no file training-state.json/);
  });
});

describe('shuffled batches', () => {
  it('bring every item once an epoch, in a new order each time', () => {
    const source = shuffledBatches(10, 5, createRng(1));
    const epochs = [0, 1, 2].map(() => [...source.next(), ...source.next()]);
    for (const epoch of epochs)
      expect([...epoch].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(3);
  });

  it('fill a batch across epochs, also one larger than the set', () => {
    const source = shuffledBatches(3, 7, createRng(1));
    const seen = [...source.next(), ...source.next(), ...source.next()];
    for (let epoch = 0; epoch < 7; epoch++)
      expect(new Set(seen.slice(epoch * 3, epoch * 3 + 3)).size).toBe(3);
  });

  it('go on from any cursor, through JSON', () => {
    const source = mapBatches(shuffledBatches(5, 2, createRng(9)), (items) => items.join());
    for (let i = 0; i < 12; i++) {
      const cursor = JSON.parse(JSON.stringify(source.cursor())) as never;
      const other = mapBatches(shuffledBatches(5, 2, createRng(1)), (items) => items.join());
      other.restore(cursor);
      const ahead = [source.next(), source.next(), source.next()];
      expect([other.next(), other.next(), other.next()]).toEqual(ahead);
    }
  });

  it('refuse a cursor of another set, and empty sets', () => {
    const source = shuffledBatches(5, 2, createRng(9));
    expect(() => shuffledBatches(6, 2, createRng(9)).restore(source.cursor())).toThrow(/source of 6 items/);
    expect(() => source.restore(null)).toThrow(/source of 5 items/);
    expect(() => shuffledBatches(0, 2, createRng(1))).toThrow(/from 0 items/);
  });
});
