import { isAttuneError } from '@attune/core';
import { readCheckpoint, writeCheckpoint, type FileMap, type JsonObject } from '@attune/core/nn';
import { describe, expect, it } from 'vitest';
import { bayesianRanking } from './bayesian-ranking.ts';
import { combine, hybrid } from './hybrid.ts';
import { implicitAls } from './implicit-als.ts';
import { createInteractions } from './interactions.ts';
import { itemNeighbours } from './item-neighbours.ts';
import { loadRecommender } from './load-recommender.ts';
import { popularity } from './popularity.ts';

const SET = createInteractions(
  Array.from({ length: 24 }, (_, i) => ({ listener: `l${i % 6}`, item: `i${(i * 5) % 7}`, liking: 1 })),
);

/** The files with one field of the configuration another, or left out. */
function withField(files: FileMap, field: string, value: JsonObject[string] | undefined): FileMap {
  const { kind } = JSON.parse(new TextDecoder().decode(files['config.json'])) as { kind: string };
  const { config, parameters } = readCheckpoint(files, { kind });
  const { [field]: _, ...rest } = config;
  return {
    ...files,
    ...writeCheckpoint({
      kind,
      config: value === undefined ? rest : { ...rest, [field]: value },
      parameters,
    }),
  };
}

/** The files without a tensor, or with its first value another. */
function withTensor(files: FileMap, name: string, value?: number): FileMap {
  const { kind } = JSON.parse(new TextDecoder().decode(files['config.json'])) as { kind: string };
  const { config, parameters } = readCheckpoint(files, { kind });
  const changed = new Map(parameters);
  const { shape, data } = parameters.get(name)!;
  if (value === undefined) changed.delete(name);
  else changed.set(name, { shape, data: Float32Array.from(data, (each, i) => (i === 0 ? value : each)) });
  return { ...files, ...writeCheckpoint({ kind, config, parameters: changed }) };
}

describe('a hybrid’s files', () => {
  const members = [
    { kind: 'item-neighbours', weight: 1 },
    { kind: 'popularity', weight: 0.5, fade: 1 },
  ];
  const files = hybrid.fit(SET, { members }).save();

  it('are read back as they are', () => {
    expect(loadRecommender(withField(files, 'weights', [1, 0.5])).kind).toBe('hybrid');
  });

  it.each([
    ['weights', [1, '0.5'], 'weights[1]'],
    ['weights', [null, 1], 'weights[0]'],
    ['weights', [1, 5000], 'weight'],
    ['weights', [1], 'members'],
    ['fades', [0, []], 'fades[1]'],
    ['fades', [0, -1], 'fade'],
    ['members', [], 'members'],
  ] as const)('with %s %j are malformed, by name', (field, value, naming) => {
    expect(fault(() => loadRecommender(withField(files, field, value as never)))).toMatchObject({
      code: 'checkpoint/malformed',
      where: expect.stringContaining(naming) as string,
    });
  });

  it('with a member of an unknown kind or another catalogue are refused as files', () => {
    for (const kind of ['oracle', 'hybrid', 7])
      expect(
        fault(() => loadRecommender(withField(files, 'members', ['item-neighbours', kind]))),
      ).toMatchObject({
        code: 'checkpoint/mismatch',
        where: expect.stringContaining('members[1]') as string,
      });
    const other = itemNeighbours.fit(createInteractions([{ listener: 'a', item: 'x', liking: 1 }])).save();
    const strange = Object.fromEntries(
      Object.entries(other).map(([name, bytes]) => [`member-0/${name}`, bytes]),
    );
    expect(fault(() => loadRecommender({ ...files, ...strange })).code).toBe('checkpoint/malformed');
  });
});

describe('tensors', () => {
  it('that are not finite are malformed, by name and place', () => {
    const files = implicitAls.fit(SET, { rank: 2, iterations: 2 }).save();
    for (const value of [NaN, Infinity, -Infinity])
      expect(fault(() => loadRecommender(withTensor(files, 'factors', value)))).toEqual({
        code: 'checkpoint/malformed',
        where: JSON.stringify({ tensor: 'factors', at: 0 }),
      });
    expect(loadRecommender(withTensor(files, 'factors', 0.25)).kind).toBe('implicit-als');
  });

  it('of biases are needed by a Bayesian ranking, and its rule is checked as the file’s', () => {
    const files = bayesianRanking.fit(SET, { rank: 2, epochs: 2 }).save();
    expect(fault(() => loadRecommender(withTensor(files, 'bias')))).toEqual({
      code: 'checkpoint/mismatch',
      where: JSON.stringify({ tensor: 'bias' }),
    });
    expect(fault(() => loadRecommender(withField(files, 'epochs', 0))).code).toBe('checkpoint/malformed');
  });
});

describe('combine', () => {
  it('refuses no members, and other numbers of weights than of members', () => {
    const one = popularity.fit(SET);
    const likes = Float32Array.from(one.catalogue.items, () => 1);
    expect(fault(() => combine([], [], likes)).code).toBe('model/invalid');
    expect(fault(() => hybrid.fit(SET, { members: [] })).code).toBe('model/invalid');
    expect(fault(() => combine([one], [1, 2], likes)).code).toBe('model/invalid');
    expect(fault(() => combine([one], [NaN], likes)).code).toBe('model/invalid');
    expect(combine([one], [1], likes).kind).toBe('hybrid');
  });
});

function fault(work: () => unknown): { code: string; where: string } {
  try {
    work();
  } catch (error) {
    if (isAttuneError(error)) return { code: error.code, where: JSON.stringify(error.place) };
    throw error;
  }
  throw new Error('Nothing was refused.');
}
