import { AttuneError } from '../foundation/errors.ts';

/** The 16 families of General MIDI level 1 (MMA, RP-003), eight programs each, in program order. */
export const GENERAL_MIDI_FAMILIES = [
  'Piano',
  'Chromatic percussion',
  'Organ',
  'Guitar',
  'Bass',
  'Strings',
  'Ensemble',
  'Brass',
  'Reed',
  'Pipe',
  'Synth lead',
  'Synth pad',
  'Synth effects',
  'Ethnic',
  'Percussive',
  'Sound effects',
] as const;
/** One of the sixteen families of eight programs. */
export type GeneralMidiFamily = (typeof GENERAL_MIDI_FAMILIES)[number];

/** Names of the 128 programs, 0-based. */
export const GENERAL_MIDI_PROGRAMS: readonly string[] = [
  ...['Acoustic grand piano', 'Bright acoustic piano', 'Electric grand piano', 'Honky-tonk piano'],
  ...['Electric piano 1', 'Electric piano 2', 'Harpsichord', 'Clavinet'],
  ...[
    'Celesta',
    'Glockenspiel',
    'Music box',
    'Vibraphone',
    'Marimba',
    'Xylophone',
    'Tubular bells',
    'Dulcimer',
  ],
  ...[
    'Drawbar organ',
    'Percussive organ',
    'Rock organ',
    'Church organ',
    'Reed organ',
    'Accordion',
    'Harmonica',
  ],
  'Tango accordion',
  ...[
    'Nylon-string guitar',
    'Steel-string guitar',
    'Jazz guitar',
    'Clean electric guitar',
    'Muted electric guitar',
  ],
  ...['Overdriven guitar', 'Distortion guitar', 'Guitar harmonics'],
  ...[
    'Acoustic bass',
    'Fingered electric bass',
    'Picked electric bass',
    'Fretless bass',
    'Slap bass 1',
    'Slap bass 2',
  ],
  ...['Synth bass 1', 'Synth bass 2'],
  ...[
    'Violin',
    'Viola',
    'Cello',
    'Contrabass',
    'Tremolo strings',
    'Pizzicato strings',
    'Orchestral harp',
    'Timpani',
  ],
  ...[
    'String ensemble 1',
    'String ensemble 2',
    'Synth strings 1',
    'Synth strings 2',
    'Choir aahs',
    'Voice oohs',
  ],
  ...['Synth voice', 'Orchestra hit'],
  ...[
    'Trumpet',
    'Trombone',
    'Tuba',
    'Muted trumpet',
    'French horn',
    'Brass section',
    'Synth brass 1',
    'Synth brass 2',
  ],
  ...['Soprano sax', 'Alto sax', 'Tenor sax', 'Baritone sax', 'Oboe', 'English horn', 'Bassoon', 'Clarinet'],
  ...['Piccolo', 'Flute', 'Recorder', 'Pan flute', 'Blown bottle', 'Shakuhachi', 'Whistle', 'Ocarina'],
  ...[
    'Square lead',
    'Sawtooth lead',
    'Calliope lead',
    'Chiff lead',
    'Charang lead',
    'Voice lead',
    'Fifths lead',
  ],
  'Bass and lead',
  ...[
    'New age pad',
    'Warm pad',
    'Polysynth pad',
    'Choir pad',
    'Bowed pad',
    'Metallic pad',
    'Halo pad',
    'Sweep pad',
  ],
  ...['Rain', 'Soundtrack', 'Crystal', 'Atmosphere', 'Brightness', 'Goblins', 'Echoes', 'Sci-fi'],
  ...['Sitar', 'Banjo', 'Shamisen', 'Koto', 'Kalimba', 'Bagpipe', 'Fiddle', 'Shanai'],
  ...[
    'Tinkle bell',
    'Agogo',
    'Steel drums',
    'Woodblock',
    'Taiko drum',
    'Melodic tom',
    'Synth drum',
    'Reverse cymbal',
  ],
  ...[
    'Guitar fret noise',
    'Breath noise',
    'Seashore',
    'Bird tweet',
    'Telephone ring',
    'Helicopter',
    'Applause',
    'Gunshot',
  ],
];

const FIRST_DRUM = 35;
/** Names of the General MIDI percussion keys 35–81, in order. */
const DRUM_NAMES: readonly string[] = [
  ...[
    'Acoustic bass drum',
    'Bass drum',
    'Side stick',
    'Acoustic snare',
    'Hand clap',
    'Electric snare',
    'Low floor tom',
  ],
  ...[
    'Closed hi-hat',
    'High floor tom',
    'Pedal hi-hat',
    'Low tom',
    'Open hi-hat',
    'Low-mid tom',
    'High-mid tom',
  ],
  ...[
    'Crash cymbal 1',
    'High tom',
    'Ride cymbal 1',
    'Chinese cymbal',
    'Ride bell',
    'Tambourine',
    'Splash cymbal',
  ],
  ...[
    'Cowbell',
    'Crash cymbal 2',
    'Vibraslap',
    'Ride cymbal 2',
    'High bongo',
    'Low bongo',
    'Mute high conga',
  ],
  ...[
    'Open high conga',
    'Low conga',
    'High timbale',
    'Low timbale',
    'High agogo',
    'Low agogo',
    'Cabasa',
    'Maracas',
  ],
  ...[
    'Short whistle',
    'Long whistle',
    'Short guiro',
    'Long guiro',
    'Claves',
    'High woodblock',
    'Low woodblock',
  ],
  ...['Mute cuica', 'Open cuica', 'Mute triangle', 'Open triangle'],
];

/** Name of a General MIDI program, 0–127; else `argument/invalid`. */
export function programName(program: number): string {
  const name = GENERAL_MIDI_PROGRAMS[program];
  if (name === undefined) {
    throw new AttuneError(
      'argument/invalid',
      `A General MIDI program is a whole number from 0 to 127, not ${program}.`,
      { program },
    );
  }
  return name;
}

/** The family of a General MIDI program, 0–127; else `argument/invalid`. */
export function programFamily(program: number): GeneralMidiFamily {
  programName(program);
  return GENERAL_MIDI_FAMILIES[Math.floor(program / 8)]!;
}

/** Name of a percussion key; undefined outside 35–81. */
export function drumName(pitch: number): string | undefined {
  return DRUM_NAMES[pitch - FIRST_DRUM];
}
