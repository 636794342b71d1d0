import type { MidiPitch } from '../foundation/units.ts';
import { createTrack } from './create-score.ts';
import { drumName } from './general-midi.ts';
import type { Note, Score, Track } from './score.ts';

/** Groups of the General MIDI percussion keys 35–81 as a mixing desk would have them; keys outside are `Percussion`. */
export const DRUM_FAMILIES = ['Bass drum', 'Snare', 'Toms', 'Hi-hat', 'Cymbals', 'Percussion'] as const;
/** One of `DRUM_FAMILIES`. */
export type DrumFamily = (typeof DRUM_FAMILIES)[number];

const MEMBERS: readonly (readonly [DrumFamily, readonly MidiPitch[]])[] = [
  ['Bass drum', [35, 36]],
  ['Snare', [37, 38, 40]],
  ['Toms', [41, 43, 45, 47, 48, 50]],
  ['Hi-hat', [42, 44, 46]],
  ['Cymbals', [49, 51, 52, 53, 55, 57, 59]],
];

/** The family of a percussion key; what no family claims is 'Percussion'. */
export function drumFamily(pitch: MidiPitch): DrumFamily {
  return MEMBERS.find(([, pitches]) => pitches.includes(pitch))?.[0] ?? 'Percussion';
}

/**
 * Puts, in place of each drum track, one for every drum it plays (in order of pitch) or for every family (in order of
 * `DRUM_FAMILIES`), named after them. Controllers and bends stay with the first of them, as all share one channel. A drum
 * track without notes stays as it is. `mergeDrums` is the way back.
 */
export function splitDrums(score: Score, by: 'drum' | 'family' = 'drum'): Score {
  const order = (note: Note): number =>
    by === 'drum' ? note.pitch : DRUM_FAMILIES.indexOf(drumFamily(note.pitch));
  const name = (place: number): string =>
    by === 'drum' ? (drumName(place) ?? `Drum ${place}`) : DRUM_FAMILIES[place]!;
  const split = (track: Track): Track[] => {
    if (!track.isDrum || track.notes.length === 0) return [track];
    const groups = new Map<number, Note[]>();
    for (const note of track.notes) {
      const group = groups.get(order(note));
      if (group) group.push(note);
      else groups.set(order(note), [note]);
    }
    const places = [...groups.keys()].sort((a, b) => a - b);
    return places.map((place, i) => ({
      ...track,
      name: name(place),
      notes: groups.get(place)!,
      controls: i === 0 ? track.controls : [],
      bends: i === 0 ? track.bends : [],
    }));
  };
  return { ...score, tracks: score.tracks.flatMap(split) };
}

/** Joins all drum tracks into one called `name`, in the place of the first; a score without drums stays as it is. */
export function mergeDrums(score: Score, name = 'Drums'): Score {
  const drums = score.tracks.filter((track) => track.isDrum);
  const first = drums[0];
  if (!first) return score;
  const merged = createTrack({
    ...first,
    name,
    notes: drums.flatMap((track) => track.notes),
    controls: drums.flatMap((track) => track.controls),
    bends: drums.flatMap((track) => track.bends),
  });
  return {
    ...score,
    tracks: score.tracks.flatMap((track) => (track === first ? [merged] : track.isDrum ? [] : [track])),
  };
}
