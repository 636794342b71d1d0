/**
 * As much of ONNX's protobuf format as a graph of float32 operators needs (onnx.proto3 of ONNX 1.14, IR version 8,
 * operator set 17).
 */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly number[];
}
export type OnnxAttributes = Readonly<Record<string, number | readonly number[]>>;

const [FLOAT, INT64] = [1, 7]; // TensorProto.DataType
const [ATTRIBUTE_INT, ATTRIBUTE_INTS] = [2, 7]; // AttributeProto.AttributeType

export class OnnxGraph {
  private readonly nodes: Uint8Array[] = [];
  private readonly constants: Uint8Array[] = [];
  private made = 0;

  constant(name: string, dims: readonly number[], data: OnnxTensor['data']): string {
    const type = data instanceof Float32Array ? FLOAT : INT64;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.constants.push(
      join([...dims.map((n) => number(1, n)), number(2, type), text(8, name), bytesOf(9, bytes)]),
    );
    return name;
  }

  /** Adds an operator; gives the names of its `outputs` (default: one new name). */
  add(operator: string, inputs: readonly string[], attributes: OnnxAttributes = {}, outputs = 1): string[] {
    const names = Array.from({ length: outputs }, () => `t${this.made++}`);
    this.named(operator, inputs, names, attributes);
    return names;
  }

  /** As `add`, with given names of the outputs. */
  named(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: OnnxAttributes = {},
  ): void {
    this.nodes.push(
      join([
        ...inputs.map((name) => text(1, name)),
        ...outputs.map((name) => text(2, name)),
        text(4, operator),
        ...Object.entries(attributes).map(([name, value]) => bytesOf(5, attribute(name, value))),
      ]),
    );
  }

  file(inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): Uint8Array {
    const graph = join([
      ...this.nodes.map((node) => bytesOf(1, node)),
      text(2, 'step'),
      ...this.constants.map((tensor) => bytesOf(5, tensor)),
      ...inputs.map((value) => bytesOf(11, valueInfo(value))),
      ...outputs.map((value) => bytesOf(12, valueInfo(value))),
    ]);
    return join([number(1, 8), bytesOf(7, graph), bytesOf(8, join([text(1, ''), number(2, 17)]))]);
  }
}

function attribute(name: string, value: number | readonly number[]): Uint8Array {
  return typeof value === 'number'
    ? join([text(1, name), number(3, value), number(20, ATTRIBUTE_INT)])
    : join([text(1, name), ...value.map((each) => number(8, each)), number(20, ATTRIBUTE_INTS)]);
}

function valueInfo({ name, dims }: OnnxValue): Uint8Array {
  const shape = join(dims.map((n) => bytesOf(1, number(1, n))));
  const tensor = join([number(1, FLOAT), bytesOf(2, shape)]);
  return join([text(1, name), bytesOf(2, bytesOf(1, tensor))]);
}

/** Varint of a signed 64-bit number. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Uint8Array.from([...bytes, Number(left)]);
}
function number(field: number, value: number): Uint8Array {
  return join([varint(field << 3), varint(value)]);
}
function bytesOf(field: number, bytes: Uint8Array): Uint8Array {
  return join([varint((field << 3) | 2), varint(bytes.length), bytes]);
}
function text(field: number, value: string): Uint8Array {
  return bytesOf(field, new TextEncoder().encode(value));
}
function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
