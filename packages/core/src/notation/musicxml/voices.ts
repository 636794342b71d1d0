import type { Note } from '../../score/score.ts';
import type { Bar } from './bars.ts';
import type { Cell } from './rhythm.ts';

/** A note, or the part of it inside one bar or slice; ticks from the bar line. */
export interface Fragment {
  readonly note: Note;
  readonly start: number;
  readonly end: number;
  /** The note began before, or goes on after, this fragment. */
  readonly tiedFrom: boolean;
  readonly tiedTo: boolean;
}

/** Fragments that start and end together, lowest pitch first. */
export type Chord = readonly Fragment[];

/**
 * Parts the fragments of one staff and bar into voices, highest first, each filled with rests. Fragments that
 * start and end together are a chord. More than `maxVoices` at once are written in one voice instead, where the
 * notes are cut at every start and end and tied.
 */
export function voicesOf(
  fragments: readonly Fragment[],
  bar: Pick<Bar, 'length'>,
  maxVoices: number,
): Cell<Chord>[][] {
  const voices = assignVoices(chordsOf(fragments), maxVoices) ?? [chordsOf(cutEverywhere(fragments))];
  return voices.filter((voice, i) => i === 0 || voice.length > 0).map((voice) => fillWithRests(voice, bar));
}

function chordsOf(fragments: readonly Fragment[]): Chord[] {
  const groups = new Map<string, Fragment[]>();
  for (const fragment of fragments) {
    const key = `${fragment.start} ${fragment.end}`;
    const group = groups.get(key);
    if (group) group.push(fragment);
    else groups.set(key, [fragment]);
  }
  const chords = [...groups.values()].map((chord) => chord.sort((a, b) => a.note.pitch - b.note.pitch));
  return chords.sort((a, b) => startOf(a) - startOf(b) || topOf(b) - topOf(a) || endOf(b) - endOf(a));
}

/**
 * Each chord takes the free voice nearest to its rank among the chords that sound with it, counted from the
 * top; undefined where there are too few voices.
 */
function assignVoices(chords: readonly Chord[], maxVoices: number): Chord[][] | undefined {
  const voices: Chord[][] = Array.from({ length: maxVoices }, () => []);
  const ends = new Float64Array(maxVoices);
  for (let i = 0; i < chords.length; i++) {
    const chord = chords[i]!;
    const rank = rankOf(chords, i);
    let best = -1;
    for (let voice = 0; voice < maxVoices; voice++) {
      if (ends[voice]! > startOf(chord)) continue;
      if (best < 0 || Math.abs(voice - rank) < Math.abs(best - rank)) best = voice;
    }
    if (best < 0) return undefined;
    voices[best]!.push(chord);
    ends[best] = endOf(chord);
  }
  return voices;
}

/** How many chords that sound together with this one lie above it. */
function rankOf(chords: readonly Chord[], index: number): number {
  const chord = chords[index]!;
  let rank = 0;
  for (let i = 0; i < chords.length; i++) {
    const other = chords[i]!;
    if (startOf(other) >= endOf(chord)) break; // chords are sorted by start
    const isAbove = topOf(other) > topOf(chord) || (topOf(other) === topOf(chord) && i < index);
    if (endOf(other) > startOf(chord) && isAbove) rank++;
  }
  return rank;
}

function cutEverywhere(fragments: readonly Fragment[]): Fragment[] {
  const cuts = [...new Set(fragments.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  return fragments.flatMap((fragment) => {
    const inside = cuts.filter((cut) => cut > fragment.start && cut < fragment.end);
    const edges = [fragment.start, ...inside, fragment.end];
    return edges.slice(1).map((end, i) => ({
      ...fragment,
      start: edges[i]!,
      end,
      tiedFrom: i > 0 || fragment.tiedFrom,
      tiedTo: i < edges.length - 2 || fragment.tiedTo,
    }));
  });
}

function fillWithRests(voice: readonly Chord[], { length }: Pick<Bar, 'length'>): Cell<Chord>[] {
  const cells: Cell<Chord>[] = [];
  let at = 0;
  for (const chord of voice) {
    if (startOf(chord) > at) cells.push({ start: at, end: startOf(chord), content: undefined });
    at = endOf(chord);
    cells.push({ start: startOf(chord), end: at, content: chord });
  }
  if (at < length) cells.push({ start: at, end: length, content: undefined });
  return cells;
}

function startOf(chord: Chord): number {
  return chord[0]!.start;
}
function endOf(chord: Chord): number {
  return chord[0]!.end;
}
function topOf(chord: Chord): number {
  return chord.at(-1)!.note.pitch;
}
