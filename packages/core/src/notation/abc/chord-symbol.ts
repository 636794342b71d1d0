import type { MidiPitch } from '../../foundation/units.ts';
import { parseColouredChord } from '../../harmony/chord-colour.ts';

const MAJOR = [0, 4, 7];

/** Pitches of a chord symbol, root from C3 (48) up, with its bass an octave below; a triad for unknown colours. */
export function chordPitches(symbol: string): MidiPitch[] {
  const known = parseColouredChord(symbol);
  const chord = known ?? parseColouredChord(/^[A-G][#b]?/.exec(symbol)?.[0] ?? '');
  if (!chord) return [];
  const intervals = known?.intervals ?? MAJOR;
  return [36 + chord.bass, ...intervals.map((interval) => 48 + chord.root + interval)];
}
