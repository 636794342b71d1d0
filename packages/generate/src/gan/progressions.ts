import type { Rng } from '@attune/core';
import { CHORD_VALUES, WINDOW_QUARTERS } from './band-roll.ts';

const DIGITS = CHORD_VALUES / 4;
const MOST = 64;

/**
 * Chords of some windows as text, 6 hexadecimal digits a quarter, so that a band can play without a given tune: drawn
 * with `rng` among those in which every quarter has a chord, no two alike, at most 64.
 */
export function progressionsOf(windows: readonly { readonly chords: Uint8Array }[], rng: Rng): string[] {
  const full = windows.filter(({ chords }) =>
    Array.from({ length: WINDOW_QUARTERS }, (_, q) => q).every((q) =>
      chords.subarray(q * CHORD_VALUES, (q + 1) * CHORD_VALUES).includes(1),
    ),
  );
  const texts = new Set<string>();
  for (const { chords } of rng.shuffle([...full])) {
    if (texts.size === MOST) break;
    texts.add(formatChords(chords));
  }
  return [...texts];
}

/** [quarters × CHORD_VALUES] of 0 and 1 as text. */
export function formatChords(chords: Uint8Array): string {
  let text = '';
  for (let i = 0; i < chords.length; i += 4) {
    text += (8 * chords[i]! + 4 * chords[i + 1]! + 2 * chords[i + 2]! + chords[i + 3]!).toString(16);
  }
  return text;
}

/** The inverse of `formatChords`. */
export function parseChords(text: string): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((digit) => [3, 2, 1, 0].map((bit) => (parseInt(digit, 16) >> bit) & 1)),
  );
}

/** Quarters of a progression. */
export function quartersOf(text: string): number {
  return text.length / DIGITS;
}
