import type { VoiceEvent } from './voice.ts';

type Notes = Extract<VoiceEvent, { kind: 'notes' }>;

/**
 * Aligns a w: line (ABC 2.1, § 5.1) with the notes of the music line above: a space or hyphen goes to the next
 * note, `_` and `*` hold or skip one, `~` is a space inside a syllable, `|` is passed over. Further verses are
 * left out: a note keeps its first syllable.
 */
export function alignLyrics(text: string, notes: readonly Notes[]): void {
  const syllables = text.replaceAll('\\-', '\u0001').match(/[^\s\-_*|]+-?|[-_*]/g) ?? [];
  let at = 0;
  for (const syllable of syllables) {
    const note = notes[at++];
    if (!note) return;
    if (/^[-_*]$/.test(syllable)) continue;
    note.lyric ??= syllable.replaceAll('~', ' ').replaceAll('\u0001', '-');
  }
}
