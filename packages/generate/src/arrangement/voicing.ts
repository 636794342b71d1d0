import { CHORD_INTERVALS, type Chord, type MidiPitch } from '@attune/core';

/** The pitch of a class nearest to `near`, the lower of two equally near. */
export function nearestPitch(pitchClass: number, near: MidiPitch): MidiPitch {
  const up = (((pitchClass - near) % 12) + 12) % 12;
  return up <= 6 && near + up <= 127 ? (up === 6 && near - 6 >= 0 ? near - 6 : near + up) : near + up - 12;
}

/** Chord tones in close position inside an octave around `centre`, lowest first: common tones stay, others step. */
export function voiceChord(chord: Chord, centre: MidiPitch): MidiPitch[] {
  return [...new Set(toneClasses(chord).map((pitchClass) => nearestPitch(pitchClass, centre)))].sort(
    (a, b) => a - b,
  );
}

/** Pitch class that a bass symbol means over a chord; 7 is the octave where the chord has no seventh. */
export function bassClass(symbol: string, chord: Chord, isFirst: boolean): number {
  const tones = toneClasses(chord);
  switch (symbol) {
    case '3':
      return tones[1]!;
    case '5':
      return tones[2]!;
    case '7':
      return tones[3] ?? chord.root;
    case '8':
      return chord.root;
    default:
      return isFirst ? chord.bass : chord.root;
  }
}

/** Root, third or suspension, fifth and, where there is one, seventh. */
function toneClasses({ root, quality }: Chord): number[] {
  return CHORD_INTERVALS[quality].map((interval) => (root + interval) % 12);
}
