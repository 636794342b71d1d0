import { AttuneError, createByteReader, createByteWriter } from '@attune/core';
import type { BuiltGraph } from './build-graph.ts';
import type { EuclideanRows, Metric } from './euclidean-rows.ts';

/** What an index file holds. */
export interface IndexParts {
  readonly metric: Metric;
  /** Values a row, as the caller counts them. */
  readonly width: number;
  readonly rows: EuclideanRows;
  /** [width]: what stands for values that a query does not know. */
  readonly means: Float32Array;
  readonly built: BuiltGraph;
}

/** "AVI2": Attune vector index, version 2. */
const MAGIC = 0x32495641;
const METRICS: readonly Metric[] = ['dot', 'cosine', 'euclidean'];

/** Little-endian: magic, metric, width, stored width, rows, links, entry, size of the upper layers; then the arrays. */
export function packIndex({ metric, width, rows, means, built }: IndexParts): Uint8Array<ArrayBuffer> {
  const { graph, entry } = built;
  const count = graph.levels.length;
  const writer = createByteWriter(64 + rows.values.byteLength + graph.ground.byteLength);
  const header = [
    MAGIC,
    METRICS.indexOf(metric),
    width,
    rows.width,
    count,
    graph.links,
    entry,
    graph.upper.length,
  ];
  for (const word of header) writer.uint32LE(word);
  writer.bytes(graph.levels);
  for (const array of [graph.ground, graph.upperAt, graph.upper]) writer.bytes(bytesOf(array));
  writer.bytes(bytesOf(rows.values));
  writer.bytes(bytesOf(means));
  return writer.toBytes();
}

/** @throws `checkpoint/malformed` */
export function unpackIndex(bytes: Uint8Array): IndexParts {
  const reader = createByteReader(bytes, 'checkpoint/malformed');
  if (reader.uint32LE() !== MAGIC) reader.fail('These bytes are no vector index.', 0);
  const metric = METRICS[reader.uint32LE()] ?? reader.fail('The metric of a vector index is not known.', 4);
  const [width, stored, count, links, entry, upperSize] = [0, 0, 0, 0, 0, 0].map(() => reader.uint32LE()) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wanted = count * (1 + 4 * (2 + 2 * links) + 4 * stored) + 4 * upperSize + 4 * width;
  const shape =
    width > 0 && stored === width + (metric === 'dot' ? 1 : 0) && count > 0 && links >= 4 && links <= 64;
  if (!shape || entry >= count || reader.remaining !== wanted) {
    reader.fail(`The vector index states ${count} rows of ${width} and holds ${reader.remaining} bytes.`, 8);
  }
  const levels = reader.bytes(count).slice();
  const ints = (size: number): Int32Array => new Int32Array(aligned(reader.bytes(4 * size)));
  const graph = {
    links,
    levels,
    ground: ints(count * (1 + 2 * links)),
    upperAt: ints(count),
    upper: ints(upperSize),
  };
  const values = new Float32Array(aligned(reader.bytes(4 * count * stored)));
  const means = new Float32Array(aligned(reader.bytes(4 * width)));
  if (!values.every(Number.isFinite) || !means.every(Number.isFinite)) malformed('a vector is not finite');
  checkGraph(graph);
  return { metric, width, rows: { values, width: stored }, means, built: { graph, entry } };
}

/** A search follows every list without further checks, so each must point to a node that has that layer. */
function checkGraph({ links, levels, ground, upperAt, upper }: BuiltGraph['graph']): void {
  const check = (array: Int32Array, at: number, room: number, layer: number): void => {
    if (array[at]! < 0 || array[at]! > room) malformed('a list of neighbours is too long');
    for (let i = 1; i <= array[at]!; i++) {
      const node = array[at + i]!;
      if (!(levels[node]! >= layer)) malformed('a neighbour is not there'); // also where the node is out of range
    }
  };
  let size = 0;
  levels.forEach((level, node) => {
    check(ground, node * (1 + 2 * links), 2 * links, 0);
    if (upperAt[node] !== (level === 0 ? -1 : size)) malformed('the upper layers are out of order');
    size += level * (1 + links);
  });
  if (size !== upper.length) malformed('the upper layers have another size');
  levels.forEach((level, node) => {
    for (let layer = 1; layer <= level; layer++) {
      check(upper, upperAt[node]! + (layer - 1) * (1 + links), links, layer);
    }
  });
}

function malformed(what: string): never {
  throw new AttuneError('checkpoint/malformed', `The vector index is broken: ${what}.`, { what });
}

function bytesOf(array: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A copy: typed arrays must begin at a multiple of their element's size. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
