import type { MidiPitch } from '../../foundation/units.ts';

const SEMITONES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
/** Semitones above the root by quality (ABC 2.1, § 4.18), longest name first. */
const QUALITIES: readonly (readonly [name: string, intervals: readonly number[]])[] = [
  ['maj7', [0, 4, 7, 11]],
  ['dim7', [0, 3, 6, 9]],
  ['sus4', [0, 5, 7]],
  ['sus2', [0, 2, 7]],
  ['min7', [0, 3, 7, 10]],
  ['maj', [0, 4, 7]],
  ['min', [0, 3, 7]],
  ['dim', [0, 3, 6]],
  ['aug', [0, 4, 8]],
  ['sus', [0, 5, 7]],
  ['m7', [0, 3, 7, 10]],
  ['M7', [0, 4, 7, 11]],
  ['m6', [0, 3, 7, 9]],
  ['m', [0, 3, 7]],
  ['+', [0, 4, 8]],
  ['7', [0, 4, 7, 10]],
  ['9', [0, 4, 7, 10, 14]],
  ['6', [0, 4, 7, 9]],
];

/** Pitches of a chord symbol, root from C3 (48) up, with its bass an octave below; a triad for unknown endings. */
export function chordPitches(symbol: string): MidiPitch[] {
  const match = /^([A-G])([#b]?)([^/]*)(?:\/([A-Ga-g])([#b]?))?/.exec(symbol);
  if (!match) return [];
  const root = pitchClass(match[1]!, match[2]);
  const intervals = QUALITIES.find(([name]) => match[3]!.startsWith(name))?.[1] ?? [0, 4, 7];
  const bass = match[4] ? pitchClass(match[4].toUpperCase(), match[5]) : root;
  return [36 + bass, ...intervals.map((interval) => 48 + root + interval)];
}

function pitchClass(letter: string, sign: string | undefined): number {
  return (SEMITONES[letter]! + (sign === '#' ? 1 : sign === 'b' ? 11 : 0)) % 12;
}
