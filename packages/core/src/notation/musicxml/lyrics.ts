import type { Tick } from '../../foundation/units.ts';
import type { Score, TextEvent } from '../../score/score.ts';
import type { Part } from './parts.ts';

/** One syllable as MusicXML has it. */
export interface Syllable {
  readonly text: string;
  readonly syllabic: 'single' | 'begin' | 'middle' | 'end';
}

/** The lyrics of a score, by the start of the note that carries them. */
export interface Lyrics {
  /** Index of the part that sings; −1 where there are no lyrics. */
  readonly part: number;
  readonly syllables: ReadonlyMap<Tick, Syllable>;
  /** Syllables for which the part has no note: printed as words. */
  readonly loose: readonly TextEvent[];
}

/**
 * Gives the lyrics to the part that has a note under most of them (the earlier part of two). Hyphens at the end
 * join syllables; karaoke's line marks (/ and \ in front) go.
 */
export function lyricsOf(score: Score, parts: readonly Part[]): Lyrics {
  const events = score.texts
    .filter(({ kind }) => kind === 'lyric')
    .map((event) => ({ ...event, text: event.text.replace(/^[/\\]+/, '').trim() }))
    .filter(({ text }) => text !== '' && text !== '-');
  const starts = parts.map(
    (part) => new Set(part.staves.flatMap((staff) => staff.notes.map((note) => note.start))),
  );
  const covered = parts.map((part, i) =>
    part.isDrum ? -1 : events.filter(({ tick }) => starts[i]!.has(tick)).length,
  );
  const most = Math.max(...covered);
  const part = most > 0 ? covered.indexOf(most) : -1;
  const syllables = new Map<Tick, Syllable>();
  let joins = false;
  for (const { tick, text } of events) {
    if (part < 0 || !starts[part]!.has(tick) || syllables.has(tick)) continue;
    const goesOn = text.endsWith('-');
    const syllabic = goesOn ? (joins ? 'middle' : 'begin') : joins ? 'end' : 'single';
    syllables.set(tick, { text: goesOn ? text.slice(0, -1) : text, syllabic });
    joins = goesOn;
  }
  const loose = events.filter(({ tick }) => part < 0 || !starts[part]!.has(tick));
  return { part, syllables, loose };
}
