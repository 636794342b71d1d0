import type { Conditioning } from '@attune/core/style';
import { DRUMS } from '@attune/core/style';
import type { ConditionSpace } from './config.ts';

/**
 * What a wish for a mood means for tempo, density and harmony, from the definitions of the mood axes in
 * `@attune/core/style` (mood.ts): a model that is told a mood follows it loosely, since the axes are made of just
 * these quantities.
 */

/** Weights of the energy axis, as mood.ts has them, and typical loudness and register. */
const ENERGY = { rate: 0.45 / 5, loudness: 0.3, drums: 0.15, register: 0.1 } as const;
const TYPICAL_LOUDNESS = 0.63;
const TYPICAL_REGISTER = 0.5;
const DRUM_SHARE_IN_BAND = 0.4;
/** Bounds of a density made from energy, notes a quarter; below, the band's instruments would have to fall silent. */
const LEAST_DENSITY = 0.5;
const LEAST_OF_INSTRUMENT = 0.6;
const LEAST_OF_DRUMS = 2;
const MOST_DENSITY = 12;

/** Notes a quarter at which a piece of this tempo has the wished energy; undefined where none is wished. */
export function densityOfEnergy(
  space: ConditionSpace,
  wish: Pick<Conditioning, 'energy' | 'instruments'>,
  tempo: number,
): number | undefined {
  if (wish.energy === undefined) return undefined;
  const raw = rawOfQuantile(space.moodEdges.energy, wish.energy);
  const instruments = wish.instruments ?? [];
  const others = instruments.filter((instrument) => instrument !== DRUMS).length;
  const drums = others === instruments.length ? 0 : others === 0 ? 1 : DRUM_SHARE_IN_BAND;
  const rest = ENERGY.loudness * TYPICAL_LOUDNESS + ENERGY.drums * drums + ENERGY.register * TYPICAL_REGISTER;
  const notesPerSecond = 2 ** ((raw - rest) / ENERGY.rate) - 1;
  const least = LEAST_OF_INSTRUMENT * others + (drums > 0 ? LEAST_OF_DRUMS : 0);
  return Math.min(MOST_DENSITY, Math.max(LEAST_DENSITY, least, (notesPerSecond * 60) / tempo));
}

/** The raw value at a quantile: linear between the edges of equal shares, and on beyond the outer ones. */
export function rawOfQuantile(edges: readonly number[], quantile: number): number {
  const bins = edges.length + 1;
  if (edges.length < 2) return edges[0] ?? 0;
  const at = quantile * bins - 1; // edge i lies at quantile (i + 1) / bins
  const low = Math.min(edges.length - 2, Math.max(0, Math.floor(at)));
  return edges[low]! + (at - low) * (edges[low + 1]! - edges[low]!);
}

/** Where in the range of tempos a mood pulls, 0 … 1; undefined where none is wished. */
export function tempoQuantileOf({
  energy,
  valence,
}: Pick<Conditioning, 'energy' | 'valence'>): number | undefined {
  const wished = [energy, valence].filter((value) => value !== undefined);
  return wished.length === 0 ? undefined : wished.reduce((sum, value) => sum + value, 0) / wished.length;
}
