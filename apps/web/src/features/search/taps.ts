/** Taps of a rhythm, in seconds from the first. */
export interface Taps {
  readonly onsets: readonly number[];
  /** When the last tap came, kept or not. */
  readonly last: number;
}

export const NO_TAPS: Taps = { onsets: [], last: -Infinity };
export const FEWEST_TAPS = 4;
const MOST_TAPS = 60;
/** Two taps nearer than this are one: a key that bounces, or a touch that is also a click. */
const BOUNCE_SECONDS = 0.04;
/** After a longer pause a new rhythm begins. */
const PAUSE_SECONDS = 4;

/** With one more tap, at `seconds` of any clock that goes on evenly. */
export function addTap({ onsets, last }: Taps, seconds: number): Taps {
  if (seconds - last > PAUSE_SECONDS) return { onsets: [seconds], last: seconds };
  const isKept = seconds - last >= BOUNCE_SECONDS && onsets.length < MOST_TAPS;
  return { onsets: isKept ? [...onsets, seconds] : onsets, last: seconds };
}

/** In seconds from the first tap, as the server wants them. */
export function tapTimes({ onsets }: Pick<Taps, 'onsets'>): number[] {
  return onsets.map((onset) => Math.round((onset - onsets[0]!) * 1000) / 1000);
}
