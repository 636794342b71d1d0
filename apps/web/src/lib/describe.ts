import type { RatingValue, TrackSummary } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { formatList, humanise } from './format.ts';

/** A style for people: "String quartet". */
export function styleName(style: string | null): string {
  return style === null ? strings.common.unknownStyle : (strings.styles[style] ?? humanise(style));
}

/** Tempo in a word; bounds as musicians use them (adagio, andante–moderato, allegro, presto). */
export function tempoWord(bpm: number): string {
  const { slow, moderate, lively, fast } = strings.words;
  if (bpm < 76) return slow;
  if (bpm < 112) return moderate;
  return bpm < 152 ? lively : fast;
}

/** "slow, minor, piano and cello": what one would say about a track in passing. */
export function describeTrack(track: TrackSummary): string {
  const words: string[] = [];
  if (track.tempo !== null) words.push(tempoWord(track.tempo));
  if (track.key?.endsWith('minor')) words.push(strings.words.minor);
  if (track.key?.endsWith('major')) words.push(strings.words.major);
  if (track.instruments.length > 0) words.push(formatList(shorten(track.instruments)).toLowerCase());
  return words.join(', ');
}

function shorten(instruments: readonly string[]): string[] {
  const distinct = [...new Set(instruments)];
  return distinct.length <= 3 ? distinct : [...distinct.slice(0, 2), `${distinct.length - 2} more`];
}

/** What the listener said: "4 stars", "skipped". */
export function ratingWords(value: RatingValue): string {
  return typeof value === 'number' ? strings.rating.stars(value) : strings.rating.mine[value];
}
