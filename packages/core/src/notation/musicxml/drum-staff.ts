import type { Spelling } from './spelling.ts';

/** Where a drum stands on the five-line staff (treble positions) and its notehead. */
export interface DrumPlace {
  readonly step: Spelling['step'];
  readonly octave: number;
  readonly notehead?: 'x' | 'circle-x' | 'diamond' | 'triangle';
}

/** Positions after Weinberg (1998), the convention of most notation programs, for General MIDI keys 35–81. */
const PLACES: Readonly<Record<number, DrumPlace>> = {
  22: { step: 'G', octave: 5, notehead: 'x' }, // hi-hat edges of electronic kits
  26: { step: 'G', octave: 5, notehead: 'circle-x' },
  35: { step: 'E', octave: 4 },
  36: { step: 'F', octave: 4 },
  37: { step: 'C', octave: 5, notehead: 'x' },
  38: { step: 'C', octave: 5 },
  39: { step: 'C', octave: 5, notehead: 'triangle' },
  40: { step: 'C', octave: 5 },
  41: { step: 'G', octave: 4 },
  42: { step: 'G', octave: 5, notehead: 'x' },
  43: { step: 'A', octave: 4 },
  44: { step: 'D', octave: 4, notehead: 'x' },
  45: { step: 'B', octave: 4 },
  46: { step: 'G', octave: 5, notehead: 'circle-x' },
  47: { step: 'D', octave: 5 },
  48: { step: 'D', octave: 5 },
  49: { step: 'A', octave: 5, notehead: 'x' },
  50: { step: 'E', octave: 5 },
  51: { step: 'F', octave: 5, notehead: 'x' },
  52: { step: 'B', octave: 5, notehead: 'circle-x' },
  53: { step: 'F', octave: 5, notehead: 'diamond' },
  54: { step: 'E', octave: 5, notehead: 'triangle' },
  55: { step: 'B', octave: 5, notehead: 'x' },
  56: { step: 'E', octave: 5, notehead: 'x' },
  57: { step: 'A', octave: 5, notehead: 'x' },
  59: { step: 'F', octave: 5, notehead: 'x' },
};

/** The place of a General MIDI drum key; percussion beyond the kit stands above or below it by key. */
export function drumPlace(key: number): DrumPlace {
  const place = PLACES[key];
  if (place) return place;
  const steps = ['C', 'D', 'E', 'F', 'G', 'A', 'B'] as const;
  return { step: steps[key % 7]!, octave: key > 59 ? 5 : 4, notehead: 'diamond' };
}
