import { expect, it } from 'vitest';
import { certaintyWords, leanWords, likingWords, scalePercent } from './taste-words.ts';

const tempo = { lowWord: 'slow', highWord: 'fast' };

it('places values on the scale and keeps them on it', () => {
  expect([-2, -1, 0, 0.5, 1, 3].map(scalePercent)).toEqual([0, 0, 50, 75, 100, 100]);
});

it('says which way and how much', () => {
  expect([-0.9, -0.5, -0.2, 0, 0.2, 0.5, 0.9].map((value) => leanWords(tempo, value))).toEqual([
    'very slow',
    'slow',
    'a little slow',
    'no clear lean between slow and fast',
    'a little fast',
    'fast',
    'very fast',
  ]);
});

it('says how sure, at both ends too', () => {
  expect([0, 0.3, 1].map(certaintyWords)).toEqual(['not sure at all', 'a guess', 'very sure']);
});

it('says how much something is liked', () => {
  expect([-1, 0, 0.3, 0.9].map(likingWords)).toEqual(['dislike', 'neutral', 'like', 'love']);
});
