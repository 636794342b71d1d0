import { expect, it } from 'vitest';
import { requireFinite } from './finite-row.ts';

it('lets finite rows pass, and names the feature and the file of others', () => {
  const row = Float64Array.of(0, -1e300);
  expect(requireFinite(row, ['tempo', 'density'], 'a/b.mid')).toBe(row);
  expect(() => requireFinite(Float64Array.of(0, NaN), ['tempo', 'density'], 'a/b.mid')).toThrow(
    expect.objectContaining({
      code: 'feature/invalid',
      message: 'The feature density of a/b.mid is NaN, and no finite number.',
      place: { feature: 'density', file: 'a/b.mid' },
    }),
  );
  expect(() => requireFinite(Float64Array.of(-Infinity), [], 'c.wav')).toThrow(
    /number 0 of c\.wav is -Infinity/,
  );
});
