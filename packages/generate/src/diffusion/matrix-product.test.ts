import { createRng } from '@attune/core';
import { expect, it } from 'vitest';
import { createMatrixProducts } from './matrix-product.ts';

/** y[r, o] = bias[o] + Σ x[r, i] w[i, o] in the kernel's order, rounded to single precision after each operation. */
function reference(x: Float32Array, weight: Float32Array, outputs: number, bias: Float32Array): number[] {
  const inputs = weight.length / outputs;
  return Array.from({ length: (x.length / inputs) * outputs }, (_, at) => {
    const [row, column] = [Math.floor(at / outputs), at % outputs];
    let sum = bias[column]!;
    for (let i = 0; i < inputs; i++) {
      sum = Math.fround(sum + Math.fround(x[row * inputs + i]! * weight[i * outputs + column]!));
    }
    return sum;
  });
}

it('computes what single precision says to the last bit, for rows and columns of any number', () => {
  const rng = createRng(3);
  const values = (length: number): Float32Array => Float32Array.from({ length }, () => rng.normal());
  const products = createMatrixProducts();
  for (const [rows, inputs, outputs] of [
    [1, 1, 1],
    [4, 3, 8],
    [5, 7, 9],
    [9, 20, 12],
    [130, 33, 17], // more than the memory that was there before
  ] as const) {
    const [x, weight, bias] = [values(rows * inputs), values(inputs * outputs), values(outputs)];
    expect([...products.layer(weight, outputs, bias)(x)]).toEqual(reference(x, weight, outputs, bias));
    expect([...products.multiply(x, weight, outputs)]).toEqual(
      reference(x, weight, outputs, new Float32Array(outputs)),
    );
  }
});

it('keeps layers apart, whatever is multiplied in between', () => {
  const products = createMatrixProducts();
  const first = products.layer(Float32Array.of(1, 2, 3, 4), 2, Float32Array.of(10, 20));
  const second = products.layer(Float32Array.of(1, 0, 0, 1), 2);
  expect([...first(Float32Array.of(1, 1))]).toEqual([14, 26]);
  products.multiply(new Float32Array(4000).fill(1), new Float32Array(4000).fill(1), 1000);
  expect([...first(Float32Array.of(1, 1, 2, 0))]).toEqual([14, 26, 12, 24]);
  expect([...second(Float32Array.of(7, -8))]).toEqual([7, -8]);
});
