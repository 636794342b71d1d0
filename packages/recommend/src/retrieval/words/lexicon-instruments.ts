import { GENERAL_MIDI_FAMILIES, GENERAL_MIDI_PROGRAMS } from '@attune/core';
import { DRUMS } from '@attune/core/style';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Everyday names → General MIDI programs; 128 is the drum kit. Where it has several of a kind, all of them. */
const PLAIN: readonly (readonly [string, readonly number[]])[] = [
  ['piano|pianoforte', range(0, 5)],
  ['grand piano', range(0, 2)],
  ['electric piano|rhodes', [4, 5]],
  ['keyboard', [...range(0, 7), ...range(16, 20)]],
  ['harpsichord|cembalo', [6]],
  ['clavichord', [7]],
  ['bells|bell', [9, 14, 112]],
  ['mallet|mallets', range(11, 13)],
  ['vibes', [11]],
  ['dulcimer|hammered dulcimer', [15]],
  ['organ', range(16, 20)],
  ['pipe organ', [19]],
  ['hammond', [16, 17, 18]],
  ['accordion|concertina', [21, 23]],
  ['mouth organ|blues harp', [22]],
  ['bandoneon', [23]],
  ['guitar', range(24, 31)],
  ['acoustic guitar', [24, 25]],
  ['classical guitar|spanish guitar', [24]],
  ['electric guitar', range(26, 31)],
  ['distorted guitar', [29, 30]],
  ['bass|bass guitar|bassline', range(32, 39)],
  ['electric bass', range(33, 37)],
  ['synth bass', [38, 39]],
  ['double bass|upright bass|string bass|contrabass', [32, 43]],
  ['violin', [40]],
  ['fiddle', [40, 110]],
  ['cello|violoncello', [42]],
  ['strings|string|string section|bowed strings', [...range(40, 45), ...range(48, 51)]],
  ['pizzicato', [45]],
  ['harp', [46]],
  ['kettledrum|kettle drum', [47]],
  ['orchestra|orchestral', [...range(40, 51), ...range(56, 61), ...range(68, 73)]],
  ['choir|chorus|vocals|vocal|voice|singing|singer', range(52, 54)],
  ['brass', range(56, 63)],
  ['trumpet', [56, 59]],
  ['horn', [60]],
  ['cor anglais', [69]],
  ['sax|saxophone', range(64, 67)],
  ['woodwind|winds|wind', range(64, 79)],
  ['reed', range(64, 71)],
  ['flute', [73]],
  ['panpipe|pan pipe', [75]],
  ['tin whistle|penny whistle', [78]],
  ['synth|synthesiser|synthesizer|electronic', [38, 39, 50, 51, 62, 63, ...range(80, 103)]],
  ['pad', range(88, 95)],
  ['bagpipe|pipes', [109]],
  ['thumb piano|mbira', [108]],
  ['steelpan', [114]],
  ['drum|drum kit|drumkit|drum set|percussion|beat|beats', [DRUMS]],
];

/** Synthesiser effects are called rain, soundtrack, atmosphere …: words for music, not for instruments. */
const FIRST_EFFECT = 96;
const LAST_EFFECT = 103;

/** [name, programs]: General MIDI names (but of effects) and families, then the everyday names, which win where both have a word. */
export const INSTRUMENT_NAMES: readonly (readonly [string, readonly number[]])[] = [
  ...GENERAL_MIDI_FAMILIES.map((name, i) => [name, range(8 * i, 8 * i + 7)] as const),
  ...GENERAL_MIDI_PROGRAMS.map((name, program) => [name, [program]] as const).filter(
    (_, program) => program < FIRST_EFFECT || program > LAST_EFFECT,
  ),
  ...PLAIN,
];
