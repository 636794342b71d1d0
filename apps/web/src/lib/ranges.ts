/** Lowest and highest MIDI pitch. */
export type PitchRange = readonly [lowest: number, highest: number];

/** Ranges that a listener can ask for by name. */
export const RANGES: Readonly<Record<string, PitchRange>> = {
  low: [24, 60],
  middle: [48, 84],
  high: [60, 108],
};

/** The name of a range in RANGES; undefined for any other. */
export function rangeName([low, high]: PitchRange): string | undefined {
  return Object.keys(RANGES).find((name) => RANGES[name]![0] === low && RANGES[name]![1] === high);
}
