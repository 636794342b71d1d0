import type { OnProgress, Rng } from '@attune/core';
import { throwIfCancelled } from '@attune/core';
import {
  createLayerSearch,
  listsOf,
  startOf,
  type Found,
  type Graph,
  type LayerSearch,
} from './graph-search.ts';

/** What building a graph costs and gives. */
export interface GraphOptions {
  /** Links a node (M of the paper). */
  readonly links: number;
  /** Candidates weighed for each new node (efConstruction). */
  readonly breadth: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A graph with the node that searches start from. */
export interface BuiltGraph {
  readonly graph: Graph;
  readonly entry: number;
}

const HIGHEST_LAYER = 15;
/** Rows between two looks at the caller's signal. */
const REPORT_EVERY = 1024;

/**
 * Hierarchical navigable small world (Malkov & Yashunin 2018): rows are inserted in order; each gets a random highest
 * layer (exponential with 1 / ln M), is linked on every layer to neighbours chosen by their Algorithm 4 (a candidate is
 * kept where it is nearer to the new node than to any that was kept; the list is filled up with the nearest of the
 * rest), and links back. A list of another that is full by that is pruned in the same way but not filled up again, which leaves
 * it room for many more links and nearly halves the work of a build. Same rows and same `rng` give the same graph.
 */
export function buildGraph(values: Float32Array, width: number, options: GraphOptions, rng: Rng): BuiltGraph {
  const rows = values.length / width;
  const graph = emptyGraph(rows, options.links, rng);
  const search = createLayerSearch(graph, values, width, Math.max(options.breadth, 2 * options.links + 1));
  const query = new Float64Array(width);
  let entry = 0;
  for (let node = 1; node < rows; node++) {
    if (node % REPORT_EVERY === 0) {
      throwIfCancelled(options.signal);
      options.onProgress?.({ done: node, total: rows, stage: 'linking rows' });
    }
    for (let j = 0; j < width; j++) query[j] = values[node * width + j]!;
    const level = graph.levels[node]!;
    const top = graph.levels[entry]!;
    let from = entry;
    for (let layer = top; layer > level; layer--) from = search.descend(query, from, layer);
    for (let layer = Math.min(level, top); layer >= 0; layer--) {
      const found = search.walk(query, from, layer, options.breadth);
      from = found.nodes[0]!;
      link(graph, node, layer, chooseNeighbours(found, options.links, search, true), search);
    }
    if (level > top) entry = node;
  }
  options.onProgress?.({ done: rows, total: rows, stage: 'linking rows' });
  return { graph, entry };
}

function emptyGraph(rows: number, links: number, rng: Rng): Graph {
  const levels = Uint8Array.from({ length: rows }, () =>
    Math.min(HIGHEST_LAYER, Math.floor(-Math.log(1 - rng.uniform()) / Math.log(links))),
  );
  const upperAt = new Int32Array(rows).fill(-1);
  let size = 0;
  levels.forEach((level, node) => {
    if (level === 0) return;
    upperAt[node] = size;
    size += level * (1 + links);
  });
  return {
    links,
    levels,
    upperAt,
    ground: new Int32Array(rows * (1 + 2 * links)),
    upper: new Int32Array(size),
  };
}

/** `found`: nearest first. `fill`: whether places left are given to the nearest of those not kept. */
function chooseNeighbours(found: Found, most: number, search: LayerSearch, fill: boolean): number[] {
  const kept: number[] = [];
  const rest: number[] = [];
  for (let i = 0; i < found.count && kept.length < most; i++) {
    const node = found.nodes[i]!;
    if (isApart(node, found.distances[i]!, kept, search)) kept.push(node);
    else if (fill && rest.length < most) rest.push(node);
  }
  return fill ? [...kept, ...rest.slice(0, most - kept.length)] : kept;
}

function isApart(node: number, distance: number, kept: readonly number[], search: LayerSearch): boolean {
  for (let k = 0; k < kept.length; k++) if (search.between(node, kept[k]!) <= distance) return false;
  return true;
}

function link(
  graph: Graph,
  node: number,
  layer: number,
  neighbours: readonly number[],
  search: LayerSearch,
): void {
  const array = listsOf(graph, layer);
  const own = startOf(graph, node, layer);
  array[own] = neighbours.length;
  array.set(neighbours, own + 1);
  const room = layer === 0 ? 2 * graph.links : graph.links;
  for (const other of neighbours) {
    const at = startOf(graph, other, layer);
    const count = array[at]!;
    if (count < room) {
      array[at + 1 + count] = node;
      array[at] = count + 1;
      continue;
    }
    const all = [node, ...array.subarray(at + 1, at + 1 + count)]
      .map((each) => ({ each, d: search.between(other, each) }))
      .sort((a, b) => a.d - b.d || a.each - b.each);
    const found = {
      nodes: Int32Array.from(all, ({ each }) => each),
      distances: Float64Array.from(all, ({ d }) => d),
      count: all.length,
    };
    const chosen = chooseNeighbours(found, room, search, false);
    array[at] = chosen.length;
    array.set(chosen, at + 1);
  }
}
