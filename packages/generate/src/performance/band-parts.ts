import type { Track } from '@attune/core';

/** The parts of a band. */
export const BAND_PARTS = ['melody', 'comping', 'pad', 'bass', 'drums'] as const;
/** One of `BAND_PARTS`. */
export type BandPart = (typeof BAND_PARTS)[number];

/** General MIDI programs of basses, and of strings, voices and pads. */
const BASSES = [32, 39] as const;
const PADS: readonly (readonly [number, number])[] = [
  [16, 20],
  [48, 54],
  [88, 95],
];

/** Who plays which part, by instrument: indices of the tracks with notes. `melody` is the track that has the melody. */
export function findBandParts(
  tracks: readonly Track[],
  melody: number | undefined,
): Record<BandPart, number[]> {
  const parts: Record<BandPart, number[]> = {
    melody: melody === undefined ? [] : [melody],
    comping: [],
    pad: [],
    bass: [],
    drums: [],
  };
  tracks.forEach((track, index) => {
    if (track.notes.length === 0 || index === melody) return;
    const { program } = track;
    const isPad = PADS.some(([first, last]) => program >= first && program <= last);
    const part = track.isDrum
      ? 'drums'
      : program >= BASSES[0] && program <= BASSES[1]
        ? 'bass'
        : isPad
          ? 'pad'
          : 'comping';
    parts[part].push(index);
  });
  return parts;
}
