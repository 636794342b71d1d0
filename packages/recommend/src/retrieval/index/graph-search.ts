/** Neighbour lists of a small-world graph: typed arrays only, so that it is saved as it stands. */
export interface Graph {
  /** Links a node has at most on layers above 0; twice as many on layer 0. */
  readonly links: number;
  /** [rows]: the highest layer of each node. */
  readonly levels: Uint8Array;
  /** [rows, 1 + 2 · links]: count, then neighbours on layer 0. */
  readonly ground: Int32Array;
  /** [rows]: where a node's upper layers begin in `upper`; −1 where it has none. */
  readonly upperAt: Int32Array;
  /** One block of 1 + links a node and layer above 0: count, then neighbours. */
  readonly upper: Int32Array;
}

/** The array that holds the lists of a layer. */
export function listsOf(graph: Graph, layer: number): Int32Array {
  return layer === 0 ? graph.ground : graph.upper;
}

/** Where the list of `node` on `layer` begins in `listsOf` that layer: its count, then its neighbours. */
export function startOf(graph: Graph, node: number, layer: number): number {
  if (layer === 0) return node * (1 + 2 * graph.links);
  return graph.upperAt[node]! + (layer - 1) * (1 + graph.links);
}

/** Nodes with their squared distances, nearest first. */
export interface Found {
  readonly nodes: Int32Array;
  readonly distances: Float64Array;
  readonly count: number;
}

/** Searches one layer of a graph; holds its scratch, so one object serves one thread. */
export interface LayerSearch {
  /** Squared Euclidean distance of two nodes. */
  between(a: number, b: number): number;
  /** The node that greedy steps from `entry` end at. */
  descend(query: Float64Array, entry: number, layer: number): number;
  /** Algorithm 2 of Malkov & Yashunin (2018): the `breadth` nearest nodes that a best-first walk meets. Valid until the next call. */
  walk(query: Float64Array, entry: number, layer: number, breadth: number): Found;
}

/** `values`: [rows, width]. */
export function createLayerSearch(
  graph: Graph,
  values: Float32Array,
  width: number,
  mostBreadth: number,
): LayerSearch {
  const rows = values.length / width;
  const seen = new Int32Array(rows);
  let stamp = 0;
  const nodes = new Int32Array(mostBreadth + 1);
  const distances = new Float64Array(mostBreadth + 1);
  const expanded = new Uint8Array(mostBreadth + 1);

  // Four sums side by side, so that an addition need not wait for the one before.
  const distance = (query: Float64Array, node: number): number => {
    const at = node * width;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let j = 0;
    for (; j + 3 < width; j += 4) {
      const d0 = query[j]! - values[at + j]!;
      const d1 = query[j + 1]! - values[at + j + 1]!;
      const d2 = query[j + 2]! - values[at + j + 2]!;
      const d3 = query[j + 3]! - values[at + j + 3]!;
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; j < width; j++) s0 += (query[j]! - values[at + j]!) ** 2;
    return s0 + s1 + (s2 + s3);
  };

  return {
    between(a, b) {
      let i = a * width;
      let j = b * width;
      const end = i + width;
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (; i + 3 < end; i += 4, j += 4) {
        const d0 = values[i]! - values[j]!;
        const d1 = values[i + 1]! - values[j + 1]!;
        const d2 = values[i + 2]! - values[j + 2]!;
        const d3 = values[i + 3]! - values[j + 3]!;
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
      }
      for (; i < end; i++, j++) s0 += (values[i]! - values[j]!) ** 2;
      return s0 + s1 + (s2 + s3);
    },
    descend(query, entry, layer) {
      let best = entry;
      let nearest = distance(query, entry);
      for (;;) {
        const array = listsOf(graph, layer);
        const at = startOf(graph, best, layer);
        const from = best;
        for (let i = 1; i <= array[at]!; i++) {
          const d = distance(query, array[at + i]!);
          if (d < nearest) [best, nearest] = [array[at + i]!, d];
        }
        if (best === from) return best;
      }
    },
    walk(query, entry, layer, breadth) {
      stamp++;
      const array = listsOf(graph, layer);
      seen[entry] = stamp;
      let count = 1;
      [nodes[0], distances[0], expanded[0]] = [entry, distance(query, entry), 0];
      // One sorted list serves as both queues of the paper: what is not expanded is a candidate.
      for (let next = 0; next < count;) {
        expanded[next] = 1;
        const at = startOf(graph, nodes[next]!, layer);
        let first = count;
        for (let i = 1, end = array[at]!; i <= end; i++) {
          const node = array[at + i]!;
          if (seen[node] === stamp) continue;
          seen[node] = stamp;
          const d = distance(query, node);
          if (count === breadth && d >= distances[count - 1]!) continue;
          let place = Math.min(count, breadth - 1);
          if (count < breadth) count++;
          for (; place > 0 && distances[place - 1]! > d; place--) {
            nodes[place] = nodes[place - 1]!;
            distances[place] = distances[place - 1]!;
            expanded[place] = expanded[place - 1]!;
          }
          [nodes[place], distances[place], expanded[place]] = [node, d, 0];
          if (place < first) first = place;
        }
        next = Math.min(first, next);
        while (next < count && expanded[next] === 1) next++;
      }
      return { nodes, distances, count };
    },
  };
}
