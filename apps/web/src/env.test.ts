import { expect, it } from 'vitest';
import { readEnv } from './env.ts';

it('shares taste openly unless told otherwise, with a budget of ε = 4 in four releases, a month apart', () => {
  expect(readEnv({}).sharedTaste).toEqual({ mode: 'on', epsilon: 4, delta: 1e-5, releases: 4, days: 30 });
  const chosen = readEnv({
    ATTUNE_SHARED_TASTE: 'private',
    ATTUNE_PRIVACY_EPSILON: '1.5',
    ATTUNE_PRIVACY_DAYS: '7',
  });
  expect(chosen.sharedTaste).toMatchObject({ mode: 'private', epsilon: 1.5, days: 7 });
});

it('names a setting that cannot be used', () => {
  expect(() => readEnv({ ATTUNE_SHARED_TASTE: 'yes' })).toThrow('ATTUNE_SHARED_TASTE');
  expect(() => readEnv({ ATTUNE_PRIVACY_EPSILON: '0' })).toThrow('ATTUNE_PRIVACY_EPSILON');
  expect(() => readEnv({ ATTUNE_PRIVACY_DELTA: '0.5' })).toThrow('ATTUNE_PRIVACY_DELTA');
});
