import { AttuneError } from '@attune/core';

/** The row of a file, as it is. Throws `feature/invalid`, naming feature and file, for a value that is no finite number. */
export function requireFinite(row: Float64Array, names: readonly string[], file: string): Float64Array {
  const wrong = row.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return row;
  const feature = names[wrong] ?? `number ${wrong}`;
  throw new AttuneError(
    'feature/invalid',
    `The feature ${feature} of ${file} is ${row[wrong]}, and no finite number.`,
    { feature, file },
  );
}
