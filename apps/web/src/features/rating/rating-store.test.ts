import { beforeEach, expect, it } from 'vitest';
import type { RatingValue, TrackSummary } from '@/api/types.ts';
import { RatingStore } from './rating-store.ts';

const track = (id: string, myRating: RatingValue | null = null): TrackSummary => ({
  id,
  title: id,
  kind: 'score',
  source: 'catalogue',
  style: null,
  seconds: 1,
  tempo: null,
  key: null,
  instruments: [],
  mine: false,
  myRating,
  thumbnail: [],
  createdAt: '2026-01-01T00:00:00.000Z',
});

let store: RatingStore;
beforeEach(() => {
  store = new RatingStore();
});

it('speaks over the rating that a list was fetched with', () => {
  const rated = track('a', 2);
  expect(store.valueOf(rated)).toBe(2);
  store.rate(rated, 5);
  expect(store.valueOf(rated)).toBe(5);
});

it('takes back the latest step first, down to what was there before', () => {
  const a = track('a');
  const b = track('b', 3);
  store.rate(a, 4);
  store.rate(a, 5);
  store.rate(b, 'skip');
  expect(store.takeBack()?.track.id).toBe('b');
  expect(store.valueOf(b)).toBe(3);
  store.takeBack();
  expect(store.valueOf(a)).toBe(4);
  store.takeBack();
  expect(store.valueOf(a)).toBeNull();
  expect(store.takeBack()).toBeNull();
});

it('takes back a step of one track though others came later', () => {
  const a = track('a');
  store.rate(a, 4);
  store.rate(track('b'), 1);
  expect(store.takeBack('a')?.value).toBe(4);
  expect(store.valueOf(a)).toBeNull();
});

it('a refused step goes back, unless something newer was said', () => {
  const a = track('a');
  const first = store.rate(a, 4);
  store.refuse(first);
  expect(store.valueOf(a)).toBeNull();
  expect(store.takeBack()).toBeNull();

  const second = store.rate(a, 2);
  store.rate(a, 3);
  store.refuse(second);
  expect(store.valueOf(a)).toBe(3);
});

it('tells its listeners and changes its revision', () => {
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  const before = store.getRevision();
  store.rate(track('a'), 1);
  expect(told).toBe(1);
  expect(store.getRevision()).not.toBe(before);
});
