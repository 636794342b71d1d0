import { AttuneError } from '@attune/core';

/** One stroke of a pattern: what to play, from which sixteenth, for how many sixteenths. */
export interface Stroke {
  readonly symbol: string;
  readonly step: number;
  readonly steps: number;
}

/**
 * A bar in sixteenths, one character each: `.` rests, `-` holds what was struck, anything else strikes. `R-..5-..` is
 * an eighth on the root and one on the fifth. Throws `argument/invalid` for a bar that begins with a hold.
 */
export function parsePattern(text: string): Stroke[] {
  const strokes: { symbol: string; step: number; steps: number }[] = [];
  let sounding = false;
  [...text].forEach((symbol, step) => {
    if (symbol === '-') {
      if (!sounding)
        throw new AttuneError('argument/invalid', `"${text}" holds at step ${step} what was not struck.`);
      strokes.at(-1)!.steps++;
      return;
    }
    sounding = symbol !== '.';
    if (sounding) strokes.push({ symbol, step, steps: 1 });
  });
  return strokes;
}
