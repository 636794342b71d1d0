import { AttuneError } from '@attune/core';
import type { NamedArray } from '@attune/core/nn';

/**
 * The values of a checkpoint by name. Throws `checkpoint/mismatch` naming the first parameter that is missing, unknown,
 * of another shape or not finite.
 */
export function checkedParameters(
  shapes: Readonly<Record<string, readonly number[]>>,
  parameters: ReadonlyMap<string, NamedArray>,
): ReadonlyMap<string, Float32Array> {
  const checked = new Map<string, Float32Array>();
  for (const [name, shape] of Object.entries(shapes)) {
    const found = parameters.get(name);
    const wrong = !found
      ? 'is missing'
      : found.shape.length !== shape.length || found.shape.some((n, i) => n !== shape[i])
        ? `has shape [${found.shape.join(', ')}], and [${shape.join(', ')}] is needed`
        : !found.data.every(Number.isFinite)
          ? 'has values that are not finite'
          : undefined;
    if (wrong)
      throw new AttuneError('checkpoint/mismatch', `Parameter ${name} ${wrong}.`, { parameter: name });
    checked.set(name, Float32Array.from(found!.data));
  }
  const extra = [...parameters.keys()].find((name) => !checked.has(name));
  if (extra !== undefined) {
    throw new AttuneError('checkpoint/mismatch', `The model has no parameter ${extra}.`, {
      parameter: extra,
    });
  }
  return checked;
}
