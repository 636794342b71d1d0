import { describe, expect, it } from 'vitest';
import { coLiking } from './co-liking.ts';
import { combine } from './hybrid.ts';
import { createInteractions } from './interactions.ts';
import { popularity } from './popularity.ts';

/** a is liked by three of four listeners, b by two of those, c by one of those and one other. */
const LIKES = { one: 'ab', two: 'ab', three: 'ac', four: 'c' };
const set = createInteractions(
  Object.entries(LIKES).flatMap(([listener, items]) =>
    [...items].map((item) => ({ listener, item, liking: 1 })),
  ),
);
const scoresOf = (model: ReturnType<typeof coLiking.fit>, told: string): Record<string, number> => {
  const scores = model.score(model.foldIn([...told].map((item) => ({ item, liking: 1 }))));
  return Object.fromEntries(model.catalogue.items.map((item, i) => [item, scores[i]!]));
};

describe('co-liking', () => {
  it('is Bayes by hand: shares among those who like a, drawn towards all by one listener', () => {
    const { b, c } = scoresOf(coLiking.fit(set, { prior: 1, dependence: 0 }), 'a');
    expect(Math.exp(b!)).toBeCloseTo((2 + 0.5) / (3 + 1), 3);
    expect(Math.exp(c!)).toBeCloseTo((1 + 0.5) / (3 + 1), 3);
  });

  it('takes the mean of what several likes say where they are taken to say the same', () => {
    const { b } = scoresOf(coLiking.fit(set, { prior: 1, dependence: 1 }), 'ac');
    const lifts = [(2 + 0.5) / 4 / 0.5, (0 + 0.5) / 3 / 0.5];
    expect(b).toBeCloseTo(Math.log(0.5) + (Math.log(lifts[0]!) + Math.log(lifts[1]!)) / 2, 3);
  });

  it('fades in a hybrid as a history grows', () => {
    const members = [popularity.fit(set), coLiking.fit(set)];
    const sure = combine(members, [0, 1], new Float32Array(3), [0, 2]);
    const [one, two] = ['a', 'ac'].map((told) =>
      Math.max(...Object.values(scoresOf(sure, told)).map(Math.abs)),
    );
    const plain = combine(members, [0, 1], new Float32Array(3));
    const [first, second] = ['a', 'ac'].map((told) =>
      Math.max(...Object.values(scoresOf(plain, told)).map(Math.abs)),
    );
    expect(one).toBeCloseTo(first!, 5);
    expect(two! / second!).toBeCloseTo(1 / 4, 5);
  });
});
