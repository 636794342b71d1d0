import type { Score } from '@attune/core';
import { AttuneError } from '@attune/core';

/** One voice: notes in order of time. What is tapped has no pitches. */
export interface Melody {
  /** [notes]: rising, in any unit of time: only ratios count. */
  readonly onsets: readonly number[];
  /** [notes]: MIDI pitches, with fractions where they were sung; absent of a tapped rhythm. */
  readonly pitches?: readonly number[];
}

/** Melodies are compared by their moves from note to note, so that transposition and tempo do not matter. */
export interface MelodyMoves {
  /** [moves]: semitones to the next note; absent of a tapped rhythm. */
  readonly steps: Float64Array | undefined;
  /** [moves]: log₂ of the time to the next onset over the time before; 0 for the first. */
  readonly ratios: Float64Array;
}

/** Times between onsets are compared within this factor, so that a pause is not everything. */
const WIDEST_RATIO = 3;

/**
 * The upper line of a score by the skyline rule (Uitdenbogerd & Zobel 1999: of notes that begin together the highest),
 * drums left out; onsets in quarters. Empty where nothing is pitched.
 */
export function melodyOf(score: Score): Melody {
  const highest = new Map<number, number>();
  for (const track of score.tracks) {
    if (track.isDrum) continue;
    for (const { start, pitch } of track.notes) highest.set(start, Math.max(pitch, highest.get(start) ?? -1));
  }
  const line = [...highest].sort(([a], [b]) => a - b);
  return {
    onsets: line.map(([start]) => start / score.ticksPerQuarter),
    pitches: line.map(([, pitch]) => pitch),
  };
}

/** @throws `argument/invalid` where onsets do not rise, or pitches and onsets are not finite and as many. */
export function movesOf({ onsets, pitches }: Melody): MelodyMoves {
  if (pitches && pitches.length !== onsets.length) {
    const place = { onsets: onsets.length, pitches: pitches.length };
    throw new AttuneError(
      'argument/invalid',
      `A melody has as many pitches as onsets, not ${pitches.length} and ${onsets.length}.`,
      place,
    );
  }
  onsets.forEach((onset, note) => {
    const pitch = pitches?.[note] ?? 0;
    if (Number.isFinite(onset) && Number.isFinite(pitch) && (note === 0 || onset > onsets[note - 1]!)) return;
    throw new AttuneError(
      'argument/invalid',
      `Note ${note} of a melody is at ${onset} with pitch ${pitch}: onsets rise and all is finite.`,
      { note },
    );
  });
  const moves = Math.max(0, onsets.length - 1);
  const ratios = new Float64Array(moves);
  for (let i = 1; i < moves; i++) {
    const ratio = Math.log2((onsets[i + 1]! - onsets[i]!) / (onsets[i]! - onsets[i - 1]!));
    ratios[i] = Math.max(-WIDEST_RATIO, Math.min(WIDEST_RATIO, ratio));
  }
  return {
    ratios,
    steps: pitches && Float64Array.from({ length: moves }, (_, i) => pitches[i + 1]! - pitches[i]!),
  };
}
