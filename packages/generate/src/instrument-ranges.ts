import { DRUM_INSTRUMENT } from '@attune/core/tokens';

const PIANO = [21, 108] as const; // 88 keys
const SYNTH = [21, 108] as const;
const UNPITCHED = [0, 127] as const;
/** General MIDI 1 drum map: acoustic bass drum to open triangle. */
const DRUM_KEYS = [35, 81] as const;

/**
 * Lowest and highest sounding MIDI pitch that players reach, by program ranges [first, last, low, high]. Orchestra
 * after Adler, "The Study of Orchestration" (4th ed., appendix), a third wider for solo writing; guitars, basses
 * and folk instruments by their usual tunings and frets; organs with 16′ and 4′ stops.
 */
const RANGES: readonly (readonly [first: number, last: number, low: number, high: number])[] = [
  [0, 5, ...PIANO],
  [6, 6, 29, 89], // harpsichord
  [7, 7, 28, 89], // clavinet
  [8, 8, 60, 108], // celesta
  [9, 9, 72, 108], // glockenspiel
  [10, 10, 53, 108], // music box
  [11, 11, 53, 89], // vibraphone
  [12, 12, 36, 96], // marimba
  [13, 13, 65, 108], // xylophone
  [14, 14, 60, 79], // tubular bells
  [15, 15, 48, 88], // dulcimer
  [16, 20, 24, 108], // organs
  [21, 23, 29, 101], // accordions, harmonica
  [24, 31, 38, 91], // guitars, low string to D
  [32, 39, 23, 72], // basses, five strings
  [40, 40, 55, 105], // violin
  [41, 41, 48, 93], // viola
  [42, 42, 36, 84], // cello
  [43, 43, 24, 67], // contrabass, with C extension
  [44, 45, 28, 105], // tremolo and pizzicato strings
  [46, 46, 23, 104], // harp
  [47, 47, 36, 60], // timpani
  [48, 51, 24, 105], // string ensembles
  [52, 54, 36, 88], // voices
  [55, 55, 24, 108], // orchestra hit
  [56, 56, 52, 88], // trumpet
  [57, 57, 34, 77], // trombone
  [58, 58, 24, 67], // tuba
  [59, 59, 52, 88], // muted trumpet
  [60, 60, 33, 79], // horn
  [61, 63, 24, 96], // brass section, synth brass
  [64, 64, 56, 92], // soprano sax
  [65, 65, 49, 85], // alto sax
  [66, 66, 44, 80], // tenor sax
  [67, 67, 36, 73], // baritone sax
  [68, 68, 58, 93], // oboe
  [69, 69, 52, 84], // English horn
  [70, 70, 34, 79], // bassoon
  [71, 71, 50, 96], // clarinet
  [72, 72, 74, 108], // piccolo
  [73, 73, 59, 100], // flute
  [74, 79, 53, 98], // recorder, pan flute, bottle, shakuhachi, whistle, ocarina
  [80, 103, ...SYNTH],
  [104, 104, 48, 84], // sitar
  [105, 105, 43, 88], // banjo
  [106, 107, 43, 84], // shamisen, koto
  [108, 108, 48, 84], // kalimba
  [109, 109, 43, 82], // bagpipe
  [110, 110, 55, 105], // fiddle
  [111, 111, 55, 86], // shanai
  [112, 127, ...UNPITCHED],
];

const BY_PROGRAM = RANGES.flatMap(([first, last, low, high]) =>
  Array.from({ length: last - first + 1 }, () => [low, high] as const),
);

/** Lowest and highest pitch of a General MIDI program, or drum key of `DRUM_INSTRUMENT`, that can be played. */
export function instrumentRange(instrument: number): readonly [low: number, high: number] {
  return instrument === DRUM_INSTRUMENT ? DRUM_KEYS : (BY_PROGRAM[instrument] ?? UNPITCHED);
}
