import { createRng } from '@attune/core';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '@attune/core/nn';
import { randomScore } from '@attune/core/testing';
import { compoundTokenizer, encodeCompound } from '@attune/core/tokens';
import { describe, expect, it } from 'vitest';
import type { EncodedPiece } from '../evaluate/note-model.ts';
import { chainsOfOrder, createNgramSampler, NGRAM_KIND, readNgram } from './config.ts';
import { createNgramModel } from './ngram-model.ts';
import { createNotePriors } from './note-priors.ts';

const pieceOf = (seed: number): EncodedPiece => ({
  id: String(seed),
  sequence: encodeCompound(randomScore(createRng(seed))),
  conditioning: { style: 'folk', tempo: 120, instruments: [0, 40] },
});
const PIECES = Array.from({ length: 6 }, (_, i) => pieceOf(i));

function checkpointOf(): Checkpoint {
  const model = createNgramModel(chainsOfOrder(3), ['folk']);
  PIECES.forEach((piece) => model.observe(piece));
  const config = {
    version: 'test',
    tokenizer: compoundTokenizer.name,
    order: 3,
    styles: ['folk'],
    priors: createNotePriors(PIECES, createRng(1)),
    training: {},
  };
  return { kind: NGRAM_KIND, config: config, parameters: model.save() };
}

describe('n-gram checkpoint', () => {
  it('written and read gives every piece the nats that it had', () => {
    const before = createNgramModel(chainsOfOrder(3), ['folk']);
    PIECES.forEach((piece) => before.observe(piece));
    const read = readNgram(readCheckpoint(writeCheckpoint(checkpointOf()), { kind: NGRAM_KIND })).model;
    for (const piece of [...PIECES, pieceOf(77)]) expect(read.natsOf(piece)).toEqual(before.natsOf(piece));
    expect(read.size).toEqual(before.size);
  });

  it('draws the same pieces for a seed, of the length asked for', async () => {
    const sampler = createNgramSampler(checkpointOf());
    const request = { seed: 3, count: 2, inputs: [], settings: { bars: 2, style: 'folk' } };
    const samples = await sampler.sample(request);
    expect(await sampler.sample(request)).toEqual(samples);
    for (const { score } of samples) expect(score!.tracks.some(({ notes }) => notes.length > 0)).toBe(true);
  });

  it('refuses counts that do not belong together and configurations that lack a field', () => {
    const { parameters, ...rest } = checkpointOf();
    const short = new Map(parameters).set('symbols', { shape: [1], data: Uint8Array.of(1) });
    expect(() => readNgram({ ...rest, parameters: short })).toThrowError(/do not belong/);
    const without = new Map(parameters);
    without.delete('lows');
    expect(() => readNgram({ ...rest, parameters: without })).toThrowError(/no lows/);
    expect(() => readNgram({ ...rest, parameters, config: { version: 'x' } })).toThrowError(/tokenizer/);
  });
});
