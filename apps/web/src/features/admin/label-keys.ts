/**
 * Keys that set labels, in the order of the labels: the digits first, then the letters that mean nothing else here (s, n,
 * l and u rate, plus and minus zoom).
 */
export const LABEL_KEYS = [...'123456789abcdefghijkmopqrtvwxyz'] as readonly string[];

/** The key that goes to the field where a label is typed. */
export const PICKER_KEY = '0';

/** The key of the n-th label; labels beyond the last key have none. */
export function keyOfLabel(index: number): string | null {
  return LABEL_KEYS[index] ?? null;
}

/** The label that a key sets, or null. */
export function labelOfKey(labels: readonly string[], key: string): string | null {
  const index = LABEL_KEYS.indexOf(key.toLowerCase());
  return index < 0 ? null : (labels[index] ?? null);
}
