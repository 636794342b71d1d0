/** A written note length: `quarters` = 4 × its fraction of a whole note, dots included. */
export interface NoteValue {
  readonly type: NoteType;
  readonly dots: 0 | 1 | 2;
  readonly quarters: number;
}

/** MusicXML 4.0 `note-type-value`, longest first; each is half the one before. */
const NOTE_TYPES = [
  ...(['maxima', 'long', 'breve', 'whole', 'half', 'quarter', 'eighth'] as const),
  ...(['16th', '32nd', '64th', '128th', '256th', '512th', '1024th'] as const),
];
export type NoteType = (typeof NOTE_TYPES)[number];

const DOT_FACTORS = [1, 1.5, 1.75] as const;
const ALL_VALUES: readonly NoteValue[] = NOTE_TYPES.flatMap((type, index) =>
  ([2, 1, 0] as const).map((dots) => ({ type, dots, quarters: 32 * 2 ** -index * DOT_FACTORS[dots] })),
).sort((a, b) => b.quarters - a.quarters);

/** The one note value of this length, if there is one with at most `maxDots` dots. */
export function noteValueOf(quarters: number, maxDots: 0 | 1 | 2): NoteValue | undefined {
  return ALL_VALUES.find((value) => value.dots <= maxDots && Math.abs(value.quarters - quarters) < 1e-9);
}

/** The longest note value with at most one dot that is not longer. */
export function longestNoteValue(quarters: number): NoteValue {
  return (
    ALL_VALUES.find((value) => value.dots <= 1 && value.quarters <= quarters + 1e-9) ?? ALL_VALUES.at(-1)!
  );
}

/** Beams or flags: 1 for an eighth, 2 for a sixteenth …; 0 for a quarter and longer. */
export function flagsOf(type: NoteType): number {
  return Math.max(0, NOTE_TYPES.indexOf(type) - NOTE_TYPES.indexOf('quarter'));
}
