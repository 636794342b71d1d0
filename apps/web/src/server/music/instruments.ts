import { DRUMS } from '@attune/core/style';

/** General MIDI level 1 sound set (MMA RP-003), programs 0–127, in the words of a listener. */
const NAMES = [
  ['piano', 'bright piano', 'electric grand', 'honky-tonk piano', 'electric piano', 'chorused piano', 'harpsichord', 'clavinet'],
  ['celesta', 'glockenspiel', 'music box', 'vibraphone', 'marimba', 'xylophone', 'tubular bells', 'dulcimer'],
  ['drawbar organ', 'percussive organ', 'rock organ', 'church organ', 'reed organ', 'accordion', 'harmonica', 'tango accordion'],
  ['nylon guitar', 'steel guitar', 'jazz guitar', 'clean guitar', 'muted guitar', 'overdriven guitar', 'distorted guitar', 'guitar harmonics'],
  ['acoustic bass', 'fingered bass', 'picked bass', 'fretless bass', 'slap bass 1', 'slap bass 2', 'synth bass 1', 'synth bass 2'],
  ['violin', 'viola', 'cello', 'contrabass', 'tremolo strings', 'pizzicato strings', 'harp', 'timpani'],
  ['strings', 'slow strings', 'synth strings 1', 'synth strings 2', 'choir', 'voice', 'synth voice', 'orchestra hit'],
  ['trumpet', 'trombone', 'tuba', 'muted trumpet', 'French horn', 'brass', 'synth brass 1', 'synth brass 2'],
  ['soprano sax', 'alto sax', 'tenor sax', 'baritone sax', 'oboe', 'English horn', 'bassoon', 'clarinet'],
  ['piccolo', 'flute', 'recorder', 'pan flute', 'bottle', 'shakuhachi', 'whistle', 'ocarina'],
  ['square lead', 'saw lead', 'calliope lead', 'chiff lead', 'charang lead', 'voice lead', 'fifths lead', 'bass lead'],
  ['new age pad', 'warm pad', 'polysynth pad', 'choir pad', 'bowed pad', 'metal pad', 'halo pad', 'sweep pad'],
  ['rain', 'soundtrack', 'crystal', 'atmosphere', 'brightness', 'goblins', 'echoes', 'sci-fi'],
  ['sitar', 'banjo', 'shamisen', 'koto', 'kalimba', 'bagpipe', 'fiddle', 'shanai'],
  ['tinkle bell', 'agogo', 'steel drums', 'woodblock', 'taiko', 'melodic tom', 'synth drum', 'reverse cymbal'],
  ['fret noise', 'breath', 'seashore', 'birds', 'telephone', 'helicopter', 'applause', 'gunshot'],
].flat();

/** "cello", "drums"; `program` 0–127, or 128 for the drum kit. */
export function instrumentName(program: number): string {
  return program === DRUMS ? 'drums' : (NAMES[program] ?? `program ${program}`);
}
