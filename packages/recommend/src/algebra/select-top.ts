import { AttuneError } from '@attune/core';

/**
 * The `take` highest of `scores`, best first; of equal scores the lower index comes first. Indices for which `skip`
 * says so, and scores that are NaN or −∞, are left out, so fewer may come back. Exact: one pass with a bounded heap.
 */
export function selectTop(
  scores: ArrayLike<number>,
  take: number,
  skip: (index: number) => boolean = () => false,
): Uint32Array {
  checkTake(take);
  const heap = new Uint32Array(Math.min(take, scores.length)); // the worst kept stands on top
  let size = 0;
  let floor = -Infinity; // the worst score kept, once the heap is full
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (!(score > floor) || skip(i)) continue;
    if (size < heap.length) {
      heap[size] = i;
      siftUp(heap, scores, size++);
      if (size < heap.length) continue;
    } else {
      heap[0] = i;
      siftDown(heap, scores, size);
    }
    floor = scores[heap[0]!]!;
  }
  return heap.slice(0, size).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** As `selectTop`, but of equal scores the lower id comes first; `take` may be Infinity. */
export function selectTopById(
  scores: ArrayLike<number>,
  take: number,
  idOf: (index: number) => string,
): number[] {
  const best = selectTop(scores, Math.max(1, Math.min(take, scores.length)));
  if (take < 1 || best.length === 0) return [];
  const least = scores[best[best.length - 1]!]!;
  const byId = (a: number, b: number): number => (idOf(a) < idOf(b) ? -1 : 1);
  const above = Array.from(best).filter((i) => scores[i]! > least);
  const room = Math.min(take, scores.length) - above.length;
  const level: number[] = []; // the lowest ids of the last score, of which there may be very many
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] !== least || (level.length >= room && byId(i, level[room - 1]!) > 0)) continue;
    level.push(i);
    if (level.length < 2 * room && level.length !== room) continue;
    level.sort(byId).length = room;
  }
  level.sort(byId);
  return [...above.sort((a, b) => scores[b]! - scores[a]! || byId(a, b)), ...level.slice(0, room)];
}

/** @throws `argument/invalid` where `take` is no whole number from 1. */
export function checkTake(take: number): void {
  if (Number.isInteger(take) && take >= 1) return;
  throw new AttuneError('argument/invalid', `The number to take is a whole number from 1, not ${take}.`, {
    take,
  });
}

/** Whether a is worse than b: lower, or as low and later. */
function isWorse(scores: ArrayLike<number>, a: number, b: number): boolean {
  return scores[a]! < scores[b]! || (scores[a]! === scores[b]! && a > b);
}

function siftUp(heap: Uint32Array, scores: ArrayLike<number>, from: number): void {
  for (let at = from; at > 0;) {
    const parent = (at - 1) >> 1;
    if (!isWorse(scores, heap[at]!, heap[parent]!)) return;
    [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
    at = parent;
  }
}

function siftDown(heap: Uint32Array, scores: ArrayLike<number>, size: number): void {
  for (let at = 0; ;) {
    let worst = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < size && isWorse(scores, heap[child]!, heap[worst]!)) worst = child;
    }
    if (worst === at) return;
    [heap[at], heap[worst]] = [heap[worst]!, heap[at]!];
    at = worst;
  }
}
