import { AttuneError } from '@attune/core';
import type { NamedArray } from '@attune/core/nn';
import { validateCsr, type CsrMatrix } from './csr-matrix.ts';
import { floats, integers } from './recommender.ts';

/** A sparse matrix as three tensors whose names begin with `name`. */
export function saveCsr(name: string, { offsets, indices, values }: CsrMatrix): [string, NamedArray][] {
  return [
    [`${name}/offsets`, { shape: [offsets.length], data: offsets }],
    [`${name}/indices`, { shape: [indices.length], data: indices }],
    [`${name}/values`, { shape: [values.length], data: values }],
  ];
}

/** The matrix that `saveCsr` stored. @throws `checkpoint/mismatch` where a tensor is missing, `checkpoint/malformed` */
export function readCsr(
  parameters: ReadonlyMap<string, NamedArray>,
  name: string,
  columns: number,
): CsrMatrix {
  const offsets = integers(parameters, `${name}/offsets`);
  const indices = integers(parameters, `${name}/indices`);
  const values = floats(parameters, `${name}/values`, [indices.length]);
  if (offsets.length === 0) {
    throw new AttuneError('checkpoint/malformed', `The sparse matrix ${name} has no offsets.`, {
      tensor: name,
    });
  }
  return validateCsr({ rows: offsets.length - 1, columns, offsets, indices, values }, name);
}
