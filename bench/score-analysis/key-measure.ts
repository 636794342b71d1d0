import type { LabelledSpan } from './pop909.ts';

export interface Key {
  /** Pitch class. */
  readonly tonic: number;
  readonly mode: 'major' | 'minor';
}

const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** A key of the annotations, such as `Gb:maj`. */
export function parseKey(label: string): Key {
  const match = /^([A-G])([#b]?):(maj|min)$/.exec(label);
  if (!match) throw new Error(`No key: ${label}`);
  const shift = match[2] === '#' ? 1 : match[2] === 'b' ? 11 : 0;
  return { tonic: (LETTERS[match[1]!]! + shift) % 12, mode: match[3] === 'maj' ? 'major' : 'minor' };
}

/**
 * The weighted key score of MIREX: 1 for the key itself, 0.5 for the key a fifth above, 0.3 for the relative, 0.2 for the
 * parallel key, else 0.
 */
export function weightKey(reference: Key, estimate: Key): number {
  const interval = (estimate.tonic - reference.tonic + 12) % 12;
  if (reference.mode === estimate.mode) return interval === 0 ? 1 : interval === 7 ? 0.5 : 0;
  if (interval === 0) return 0.2;
  return interval === (reference.mode === 'major' ? 9 : 3) ? 0.3 : 0;
}

/** The key annotated for the longest time. */
export function mainKey(spans: readonly LabelledSpan[]): Key {
  const seconds = new Map<string, number>();
  for (const { start, end, label } of spans) seconds.set(label, (seconds.get(label) ?? 0) + end - start);
  return parseKey([...seconds].sort((a, b) => b[1] - a[1])[0]![0]);
}
