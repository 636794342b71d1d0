import { expect, it } from 'vitest';
import { stepFrom } from './row-step.ts';

it('goes to the next row, over the end of what was loaded, and says where there is no more', () => {
  expect(stepFrom(3, 1, { count: 25, hasMore: true })).toEqual({ kind: 'row', index: 4 });
  expect(stepFrom(24, 1, { count: 25, hasMore: true })).toEqual({ kind: 'fetch' });
  expect(stepFrom(24, 1, { count: 25, hasMore: false })).toEqual({ kind: 'end' });
  expect(stepFrom(0, -1, { count: 25, hasMore: true })).toEqual({ kind: 'end' });
  expect(stepFrom(1, -1, { count: 25, hasMore: true })).toEqual({ kind: 'row', index: 0 });
});
