import { AttuneError } from '@attune/core';
import { dot, solve } from '../algebra/cholesky.ts';
import type { FeatureMap } from './features.ts';
import { priorVariances } from './features.ts';
import { groupSittings } from './group-sittings.ts';
import type { Item } from './item.ts';
import type { Observation, Posterior } from './posterior.ts';
import { correctionObservations, posteriorOf, priorMeanOf, ratingObservations } from './posterior.ts';
import { SITTING_GAP_MS, sittingsOf } from './sittings.ts';
import type { Taste } from './taste.ts';

/** One of the tastes of one person: what they like in one mood or setting. */
export interface Facet {
  /**
   * The first track of its earliest sitting, empty where nothing was said: names this mood while places among the moods change
   * (`facetOfKey`).
   */
  readonly key: string;
  /** What is believed of this mood: its own statements in full, those of other moods at `SHARED_WEIGHT`. */
  readonly posterior: Posterior;
  /** Tracks that were rated or played in this mood, in order of time. */
  readonly itemIds: readonly string[];
  /** Sittings in this mood. */
  readonly sittings: number;
  /** Share of the listener's evidence that is of this mood, 0 … 1; all facets' shares sum to 1. */
  readonly share: number;
  /** Probability that the latest sitting was in this mood. */
  readonly now: number;
  /** What sets this mood apart, the surest first. */
  readonly traits: readonly Trait[];
}

/** One thing that a mood asks for. */
export type Trait =
  | { readonly kind: 'style'; readonly name: string; readonly sureness: number }
  /** `words`: the style dimension's own word for that end, such as "slow". */
  | {
      readonly kind: 'feature';
      readonly name: string;
      readonly direction: 'low' | 'high';
      readonly words: string;
      readonly sureness: number;
    };

/** All tastes of one person. */
export interface Tastes {
  /** The most used first; at least one. */
  readonly facets: readonly Facet[];
  /** Index of the facet that the latest sitting was in, most probably. */
  readonly current: number;
  /** How much better several moods explain what was said than one, in nats; 0 where there is one. */
  readonly gain: number;
  /** One taste for everything: `inferPosterior`. */
  readonly whole: Posterior;
}

/** How moods are told apart. */
export interface FacetOptions {
  /** At most so many facets; 4 if left out. */
  readonly most?: number;
  /** Statements less than this far apart are of one mood; half an hour if left out. */
  readonly sittingGapMs?: number;
}

/** What a statement in one mood weighs for another. */
export const SHARED_WEIGHT = 0.1;
/** Share of the weights' variance that moods have in common. */
const SHARED_VARIANCE = 0.3;
const CONCENTRATION = 1;
/** Moods are told apart by the latest statements, so that the work is bounded; the older ones join the mood that fits. */
const MOST_GROUPED = 100;
/** A trait is named where it is this many deviations away from nothing. */
const NOTABLE = 1;
const MOST_TRAITS = 3;

/**
 * The tastes of one person, each as a posterior of its own, so that everything that takes a `Posterior` (ranking, reasons,
 * wishes for a composer) serves one mood. What is said in one sitting is taken to be of one mood; how many moods there
 * are is inferred (`groupSittings`): one, where that explains as well what was said.
 * @throws `argument/invalid` for options out of range.
 */
export function inferTastes(
  taste: Taste,
  map: FeatureMap,
  itemOf: (id: string) => Item | undefined,
  now: number,
  { most = 4, sittingGapMs = SITTING_GAP_MS }: FacetOptions = {},
): Tastes {
  if (!Number.isInteger(most) || most < 1)
    throw new AttuneError('argument/invalid', `The number of moods is a whole number from 1, not ${most}.`, {
      most,
    });
  if (!(sittingGapMs >= 0))
    throw new AttuneError('argument/invalid', `The gap between sittings is from 0 ms, not ${sittingGapMs}.`, {
      sittingGapMs,
    });
  const said = ratingObservations(taste, map, itemOf, now).sort(
    (a, b) => a.at - b.at || order(a.itemId, b.itemId),
  );
  const general = correctionObservations(taste, map);
  const priorMean = priorMeanOf(taste, map);
  const whole = posteriorOf(map, [...said, ...general], priorMean);
  const sittings = sittingsOf(
    said.map(({ at }) => at),
    sittingGapMs,
  ).map((indices) => indices.map((i) => said[i]!));
  const { groups, gain, last } = groupAll(sittings, map, priorMean, most);
  const count = Math.max(0, ...groups) + 1;
  const posteriors = Array.from({ length: count }, (_, g) => {
    const weighted = sittings.flatMap((sitting, s) => (groups[s] === g ? sitting : sitting.map(weaken)));
    return count === 1 ? whole : posteriorOf(map, [...weighted, ...general], priorMean);
  });
  const total = sum(said);
  const facets = posteriors.map((posterior, g): Facet => {
    const own = sittings.filter((_, s) => groups[s] === g);
    const itemIds = [...new Set(own.flat().flatMap(({ itemId }) => itemId ?? []))];
    return {
      key: itemIds[0] ?? '',
      posterior,
      itemIds,
      sittings: own.length,
      share: total > 0 ? sum(own.flat()) / total : 1,
      now: last[g] ?? 1,
      traits: traitsOf(posterior, posteriors),
    };
  });
  const inOrder = [...facets].sort((a, b) => b.share - a.share);
  const current = inOrder.reduce((best, facet, i) => (facet.now > inOrder[best]!.now ? i : best), 0);
  return { facets: inOrder, current, gain, whole };
}

/**
 * The posterior of one mood whose tracks are known (`Facet.itemIds`), without telling moods apart again: what was said of
 * them in full, everything else at `SHARED_WEIGHT`. @throws as `inferPosterior`.
 */
export function inferMood(
  taste: Taste,
  map: FeatureMap,
  itemOf: (id: string) => Item | undefined,
  now: number,
  itemIds: Iterable<string>,
): Posterior {
  const own = new Set(itemIds);
  const said = ratingObservations(taste, map, itemOf, now).map((observation) =>
    own.has(observation.itemId ?? '') ? observation : weaken(observation),
  );
  return posteriorOf(map, [...said, ...correctionObservations(taste, map)], priorMeanOf(taste, map));
}

/** The mood that `key` is of: the one in which that track was rated or played, whatever else has joined or left it. */
export function facetOfKey({ facets }: Pick<Tastes, 'facets'>, key: string): Facet | undefined {
  return facets.find(({ itemIds }) => itemIds.includes(key));
}

/** A short name of a facet from its traits, such as "slow, sparse · hymn"; empty where nothing sets it apart. */
export function nameFacet({ traits }: Facet): string {
  const words = traits.flatMap((trait) => (trait.kind === 'feature' ? [trait.words] : []));
  const styles = traits.flatMap((trait) => (trait.kind === 'style' ? [trait.name] : []));
  return [words.join(', '), styles.join(', ')].filter((part) => part !== '').join(' · ');
}

/** Groups of all sittings: the latest by `groupSittings`, the older by which mood foretells them best. */
function groupAll(
  sittings: readonly (readonly Observation[])[],
  map: FeatureMap,
  priorMean: Float64Array,
  most: number,
): { groups: number[]; gain: number; last: readonly number[] } {
  const variances = priorVariances(map);
  let from = sittings.length;
  for (let n = 0; from > 0 && (n += sittings[from - 1]!.length) <= MOST_GROUPED;) from--;
  const recent = sittings.slice(from).map((sitting) => sitting.slice(-MOST_GROUPED));
  const kept = recent.length > 0 ? recent : sittings.slice(-1).map((sitting) => sitting.slice(-MOST_GROUPED));
  const rules = { shared: SHARED_VARIANCE, concentration: CONCENTRATION };
  const { groups, score, last } = groupSittings(kept, variances, priorMean, { ...rules, most });
  const older = sittings.slice(0, sittings.length - kept.length);
  const count = Math.max(0, ...groups) + 1;
  if (count === 1) return { groups: sittings.map(() => 0), gain: 0, last };
  const single = groupSittings(kept, variances, priorMean, { ...rules, most: 1 }).score;
  const models = Array.from({ length: count }, (_, g) =>
    posteriorOf(
      map,
      kept.flatMap((sitting, s) => (groups[s] === g ? sitting : sitting.map(weaken))),
      priorMean,
    ),
  );
  const placed = older.map((sitting) => {
    const errors = models.map((model) =>
      sitting.reduce(
        (total, { features, liking, precision }) =>
          total + precision * (liking - dot(model.mean, features)) ** 2,
        0,
      ),
    );
    return errors.indexOf(Math.min(...errors));
  });
  return { groups: [...placed, ...groups], gain: score - single, last };
}

function weaken(observation: Observation): Observation {
  const { precision, behind } = observation;
  const weaker = { ...observation, precision: precision * SHARED_WEIGHT };
  return behind ? { ...weaker, behind: { ...behind, precision: behind.precision * SHARED_WEIGHT } } : weaker;
}

/** What this mood asks for, by how sure it is; where there are other moods, what it asks for more than they do. */
function traitsOf(posterior: Posterior, all: readonly Posterior[]): Trait[] {
  const { map } = posterior;
  const others = all.filter((other) => other !== posterior);
  const surenessOf = (part: Float64Array): number => {
    const deviation = Math.sqrt(dot(part, solve(posterior.precision, part)));
    const rest =
      others.reduce((total, other) => total + dot(other.mean, part), 0) / Math.max(1, others.length);
    return (dot(posterior.mean, part) - rest) / deviation;
  };
  const features = map.space.dimensions.map((dimension, j): Trait => {
    const part = new Float64Array(map.length);
    part[map.offsets.linear + j] = 1;
    const t = surenessOf(part);
    const direction = t < 0 ? 'low' : 'high';
    return {
      kind: 'feature',
      name: dimension.name,
      direction,
      words: dimension[direction],
      sureness: Math.abs(t),
    };
  });
  const styles = map.styles.map((name, s): Trait => {
    const part = new Float64Array(map.length);
    for (let k = 0; k < map.styles.length; k++)
      part[map.offsets.style + k] = (k === s ? 1 : 0) - 1 / map.styles.length;
    return { kind: 'style', name, sureness: surenessOf(part) };
  });
  return [...features, ...styles]
    .filter(({ sureness }) => sureness >= NOTABLE)
    .sort((a, b) => b.sureness - a.sureness)
    .slice(0, MOST_TRAITS);
}

function sum(observations: readonly Observation[]): number {
  return observations.reduce((total, { precision }) => total + precision, 0);
}

function order(a: string | undefined, b: string | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
