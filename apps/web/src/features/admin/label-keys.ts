/** Keys that set labels, in the order of the labels: the digits first, then letters that mean nothing else here. */
export const LABEL_KEYS = [
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  'g',
] as const;

/** The key of the n-th label; labels beyond the last key have none. */
export function keyOfLabel(index: number): string | null {
  return LABEL_KEYS[index] ?? null;
}

/** The label that a key sets, or null. */
export function labelOfKey(labels: readonly string[], key: string): string | null {
  const index = (LABEL_KEYS as readonly string[]).indexOf(key.toLowerCase());
  return index < 0 ? null : (labels[index] ?? null);
}
