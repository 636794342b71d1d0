import type { BitWriter } from './bit-writer.ts';

/** How a residual is written: 2^order partitions, each with its Rice parameter (RFC 9639, 9.2.7). */
export interface RicePlan {
  readonly partitionOrder: number;
  /** [2^partitionOrder] */
  readonly parameters: Uint8Array;
  /** Close estimate of the size of the coded residual. */
  readonly bits: number;
}

const MAX_PARTITION_ORDER = 6;
const MAX_PARAMETER = 30;
/** Above this parameter the five-bit coding method is needed. */
const MAX_SHORT_PARAMETER = 14;

/** The cheapest partitions for `residual`, of which the first `order` entries are warm-up and not coded. */
export function planRice(residual: Int32Array, order: number): RicePlan {
  const length = residual.length;
  let partitionOrder = 0;
  while (
    partitionOrder < MAX_PARTITION_ORDER &&
    length % 2 ** (partitionOrder + 1) === 0 &&
    length >> (partitionOrder + 1) > order
  )
    partitionOrder++;
  let sums = partitionSums(residual, order, 1 << partitionOrder);
  let best: RicePlan | undefined;
  for (; partitionOrder >= 0; partitionOrder--) {
    const plan = planPartitions(sums, length, order, partitionOrder);
    if (best === undefined || plan.bits <= best.bits) best = plan;
    sums = sums.subarray(0, sums.length / 2).map((_, i) => sums[2 * i]! + sums[2 * i + 1]!);
  }
  return best!;
}

/** Writes the coding method, the partition order and the residual. */
export function writeResidual(writer: BitWriter, residual: Int32Array, order: number, plan: RicePlan): void {
  const isLong = plan.parameters.some((parameter) => parameter > MAX_SHORT_PARAMETER);
  writer.write(isLong ? 1 : 0, 2);
  writer.write(plan.partitionOrder, 4);
  const size = residual.length >> plan.partitionOrder;
  plan.parameters.forEach((parameter, partition) => {
    writer.write(parameter, isLong ? 5 : 4);
    const end = (partition + 1) * size;
    for (let i = Math.max(order, partition * size); i < end; i++) {
      const folded = fold(residual[i]!);
      writer.writeUnary(folded >>> parameter);
      writer.write(folded, parameter);
    }
  });
}

/** 0, −1, 1, −2, 2 … become 0, 1, 2, 3, 4 … */
function fold(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** [count]: the sum of the folded values of each partition. */
function partitionSums(residual: Int32Array, order: number, count: number): Float64Array {
  const sums = new Float64Array(count);
  const size = residual.length / count;
  for (let partition = 0; partition < count; partition++) {
    let sum = 0;
    for (let i = Math.max(order, partition * size); i < (partition + 1) * size; i++)
      sum += fold(residual[i]!);
    sums[partition] = sum;
  }
  return sums;
}

function planPartitions(sums: Float64Array, length: number, order: number, partitionOrder: number): RicePlan {
  const size = length >> partitionOrder;
  const parameters = new Uint8Array(sums.length);
  let bits = 6;
  let largest = 0;
  sums.forEach((sum, partition) => {
    const count = partition === 0 ? size - order : size;
    const parameter = bestParameter(sum, count);
    parameters[partition] = parameter;
    largest = Math.max(largest, parameter);
    bits += codedBits(sum, count, parameter);
  });
  return { partitionOrder, parameters, bits: bits + sums.length * (largest > MAX_SHORT_PARAMETER ? 5 : 4) };
}

function bestParameter(sum: number, count: number): number {
  let parameter = Math.max(0, Math.min(MAX_PARAMETER, Math.floor(Math.log2((sum + 1) / Math.max(1, count)))));
  while (parameter > 0 && codedBits(sum, count, parameter - 1) <= codedBits(sum, count, parameter))
    parameter--;
  while (parameter < MAX_PARAMETER && codedBits(sum, count, parameter + 1) < codedBits(sum, count, parameter))
    parameter++;
  return parameter;
}

/** Size of `count` values of this sum: the low bits, the stop bit, and the quotients, which lose half a step each. */
function codedBits(sum: number, count: number, parameter: number): number {
  const step = 2 ** parameter;
  return count * (parameter + 1) + Math.max(0, sum - (count * (step - 1)) / 2) / step;
}
