import { createRng } from '@attune/core';
import { STYLE_SPACE } from '@attune/core/style';
import type { DimensionBelief } from '@attune/recommend';
import { describeTaste as readTaste } from '@attune/recommend';
import type { TasteDimension, TasteView } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { styleName } from '../music/words.ts';
import type { Deps } from './deps.ts';
import type { Listener } from './listener.ts';
import { loadListener, SLIDER_REACH } from './listener.ts';
import { starsOf } from './recommend-tracks.ts';
import { saveTaste } from './save-taste.ts';
import { INSTRUMENT_DIMENSIONS, wordOf } from './taste-words.ts';

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'moods' | 'now'>;

const SPOKEN_CERTAINTY = 0.25;
const SPOKEN_DISTANCE = 0.35;

export async function describeTaste(deps: Needs, actor: Actor): Promise<TasteView> {
  return viewOf(await loadListener(deps, actor.id));
}

/** `value` −1 … 1 between the ends of a dimension; null takes the statement back. */
export async function correctTaste(
  deps: Needs,
  actor: Actor,
  { dimension, value }: { dimension: string; value: number | null },
): Promise<TasteView> {
  if (!STYLE_SPACE.dimensions.some(({ name }) => name === dimension)) {
    throw new DomainError('dimension/unknown', `Taste has no dimension called ${dimension}.`);
  }
  await deps.listeners.correct(actor.id, dimension, value ?? undefined, deps.now());
  const listener = await loadListener(deps, actor.id);
  await saveTaste(deps, actor.id, listener);
  return viewOf(listener);
}

/** Forgets everything the listener said and heard, and what was learned from it; tracks and account stay. */
export async function resetTaste(
  deps: Needs & Pick<Deps, 'forgetFactors'>,
  actor: Actor,
): Promise<TasteView> {
  await deps.ratings.clear(actor.id);
  await deps.listeners.clear(actor.id);
  deps.moods.forget(actor.id);
  deps.forgetFactors();
  return describeTaste(deps, actor);
}

function viewOf(listener: Listener): TasteView {
  const belief = readTaste(listener.posterior, createRng(1));
  const dimensions = belief.dimensions.map((dimension) => dimensionOf(dimension, listener));
  const styles = belief.styles
    .map(({ style, mean, deviation }) => ({
      name: style,
      liking: Math.max(-1, Math.min(1, mean)),
      // Before any rating the deviation of a style's weight is that of its prior, √0.2 (centred).
      certainty: Math.max(0, Math.min(1, 1 - deviation / Math.sqrt(0.2))),
    }))
    .sort((a, b) => b.liking - a.liking);
  const instruments = dimensions
    .filter(({ name }) => INSTRUMENT_DIMENSIONS.has(name))
    .map(({ name, mean, certainty }) => ({ name: wordOf(name, 'high'), liking: mean, certainty }))
    .sort((a, b) => b.liking - a.liking);
  return {
    ratings: listener.taste.ratings.length,
    dimensions,
    styles,
    instruments,
    chips: listener.steering.map(({ kind, name, direction, label, action }) => ({
      kind,
      name,
      direction,
      label,
      action,
    })),
    sentence: sentenceOf(listener.taste.ratings.length, dimensions, styles),
  };
}

function dimensionOf(belief: DimensionBelief, { taste, tracks }: Listener): TasteDimension {
  const correction = taste.corrections.find(({ dimension }) => dimension === belief.name);
  const titles = new Map(tracks.map((track) => [track.id, track.title]));
  const verdicts = new Map(taste.ratings.map(({ itemId, verdict }) => [itemId, verdict]));
  const evidence = belief.evidence.flatMap(({ itemId }) => {
    const title = titles.get(itemId);
    const verdict = verdicts.get(itemId);
    if (title === undefined || verdict === undefined) return [];
    return [{ trackId: itemId, title, stars: typeof verdict === 'number' ? verdict : IN_STARS[verdict] }];
  });
  const scale = (value: number): number => Math.max(-1, Math.min(1, value / SLIDER_REACH));
  // Where little is known the best guess is the middle of the interval; what the listener set by hand stands as set.
  const guess =
    belief.certainty * belief.preferred + (1 - belief.certainty) * ((belief.low + belief.high) / 2);
  const mean = correction?.value ?? guess;
  return {
    name: belief.name,
    lowWord: wordOf(belief.name, 'low'),
    highWord: wordOf(belief.name, 'high'),
    mean: scale(mean),
    low: scale(Math.min(belief.low, mean)),
    high: scale(Math.max(belief.high, mean)),
    certainty: belief.certainty,
    corrected: correction !== undefined,
    evidence,
  };
}

const IN_STARS = { skip: starsOf(-0.3), 'not-for-me': 1, 'more-like-this': 5 } as const;

/** "You like slow, minor and strings pieces, above all hymn." — only what is fairly sure. */
function sentenceOf(
  ratings: number,
  dimensions: readonly TasteDimension[],
  styles: readonly { name: string; liking: number; certainty: number }[],
): string {
  if (ratings === 0) return 'Nothing is known of your taste yet: rate a few tracks.';
  const spoken = dimensions
    .filter(({ mean, certainty }) => Math.abs(mean) >= SPOKEN_DISTANCE && certainty >= SPOKEN_CERTAINTY)
    .sort((a, b) => b.certainty - a.certainty)
    .slice(0, 3)
    .map(({ mean, lowWord, highWord }) => (mean < 0 ? lowWord : highWord));
  const style = styles.find(({ liking }) => liking > 0.1);
  const parts = [
    ...(spoken.length > 0 ? [`what is ${listOf(spoken)}`] : []),
    ...(style ? [`${styleName(style.name)}`] : []),
  ];
  if (parts.length === 0) return 'Your taste is still open: a few more ratings will show where it leans.';
  return `You seem to like ${parts.join(', and above all ')}.`;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
