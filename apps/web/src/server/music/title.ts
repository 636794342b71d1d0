import type { Rng } from '@attune/core';
import type { Conditioning, Style } from '@attune/core/style';

/** Words by mood: [calm and dark, calm and bright, lively and dark, lively and bright]. */
const QUALITIES = [
  ['Grey', 'Still', 'Late', 'Hollow', 'Winter', 'Distant', 'Faded', 'Quiet', 'Evening', 'Slow'],
  ['Pale', 'Gentle', 'Morning', 'Soft', 'Clear', 'Summer', 'Open', 'Warm', 'Silver', 'Floating'],
  ['Dark', 'Restless', 'Iron', 'Northern', 'Storm', 'Broken', 'Hidden', 'Crooked', 'Sudden', 'Black'],
  ['Bright', 'Golden', 'Running', 'Merry', 'Quick', 'Scarlet', 'Dancing', 'High', 'Painted', 'Wild'],
] as const;

const PLACES = [
  'Harbour',
  'Orchard',
  'Meadow',
  'River',
  'Lantern',
  'Garden',
  'Mill',
  'Bridge',
  'Attic',
  'Valley',
  'Window',
  'Island',
  'Market',
  'Chapel',
  'Forest',
  'Courtyard',
  'Ferry',
  'Canal',
  'Hill',
  'Terrace',
] as const;

const FORMS: Readonly<Record<Style, readonly string[]>> = {
  'art-song': ['Song', 'Lied', 'Serenade'],
  baroque: ['Prelude', 'Allemande', 'Gavotte', 'Invention'],
  classical: ['Andante', 'Minuet', 'Rondo', 'Sonatina'],
  'drums-funk': ['Groove', 'Pocket'],
  'drums-jazz': ['Brushes', 'Swing'],
  'drums-latin': ['Clave', 'Tumbao'],
  'drums-rock': ['Beat', 'Backbeat'],
  folk: ['Reel', 'Jig', 'Air', 'Tune'],
  game: ['Quest', 'Theme', 'Adventure'],
  hymn: ['Hymn', 'Chorale'],
  march: ['March', 'Parade'],
  ragtime: ['Rag', 'Two-Step'],
  renaissance: ['Pavane', 'Madrigal', 'Galliard'],
  romantic: ['Nocturne', 'Romance', 'Intermezzo', 'Waltz'],
  standards: ['Ballad', 'Blues', 'Chorus'],
  'string-quartet': ['Quartet', 'Allegretto', 'Scherzo'],
  pop: ['Tune', 'Chorus', 'Refrain'],
  rock: ['Anthem', 'Riff', 'Shuffle'],
  jazz: ['Swing', 'Stomp', 'Changes'],
  latin: ['Bossa', 'Samba', 'Montuno'],
  funk: ['Jam', 'Groove', 'Strut'],
  electronic: ['Loop', 'Pulse', 'Signal'],
};
/** What a piece made from another one is called after it. */
const TASK_ENDINGS = {
  continue: 'continued',
  infill: 'rewritten',
  accompany: 'with others',
  reorchestrate: 'rearranged',
  vary: 'varied',
} as const;

/** "Pale Harbour Song, varied"; an ending that is there already is replaced. */
export function taskTitleOf(source: string, kind: keyof typeof TASK_ENDINGS): string {
  const known = Object.values(TASK_ENDINGS).find((ending) => source.endsWith(`, ${ending}`));
  const base = known ? source.slice(0, -known.length - 2) : source;
  return `${base}, ${TASK_ENDINGS[kind]}`;
}

const ANY_FORM = ['Piece', 'Study', 'Sketch', 'Fantasy'] as const;

/** A title drawn by `rng` from what the piece is: "Restless Harbour March". The same draw gives the same title. */
export function titleOf(conditioning: Conditioning, rng: Rng): string {
  const lively = (conditioning.energy ?? 0.5) >= 0.5 ? 2 : 0;
  const bright = (conditioning.valence ?? (conditioning.mode === 'minor' ? 0 : 1)) >= 0.5 ? 1 : 0;
  const pick = (words: readonly string[]): string => words[rng.integer(words.length)]!;
  return `${pick(QUALITIES[lively + bright]!)} ${pick(PLACES)} ${pick(conditioning.style ? FORMS[conditioning.style] : ANY_FORM)}`;
}
