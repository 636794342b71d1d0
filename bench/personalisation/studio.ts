import type { Classifiers } from '@attune/classify/node';
import type { Rng, Score } from '@attune/core';
import type { Conditioning } from '@attune/core/style';
import { analyseScore, styleVectorOf } from '@attune/core/style';
import type { Generator, OriginalityIndex } from '@attune/generate';
import { formMerit, originality, wellFormedness } from '@attune/generate';
import type { Anchor, CandidateMerits, Item } from '@attune/recommend';

/** A composed piece, and what speaks for it beside liking, as the app weighs it. */
export interface Made {
  readonly item: Item;
  readonly anchor: Anchor;
  readonly merits: Omit<CandidateMerits, 'liking'>;
  /** Shares more with the training music than real pieces do: the app never shows it. */
  readonly copies: boolean;
}

/** Composes, and remembers pieces by what was asked, so that listeners who ask the same may get the same piece. */
export interface Studio {
  /** Pieces that nobody asked anything of. */
  pool(size: number, seed: number): Promise<Made[]>;
  /** A piece for the rounded wish: one of `VARIANTS` of it, picked by `rng`. */
  piece(conditioning: Conditioning, rng: Rng): Promise<Made>;
  /** How many were composed and how many were asked for. */
  readonly counts: { composed: number; asked: number };
}

/** Different pieces that one wish can get. */
export const VARIANTS = 4;

/** Wishes are rounded, tempo to 10 bpm and moods to fifths, so that they recur. */
export function createStudio(
  generator: Generator,
  index: OriginalityIndex | undefined,
  { classifyScore }: Pick<Classifiers, 'classifyScore'>,
  bars: number,
): Studio {
  const cache = new Map<string, Made>();
  const counts = { composed: 0, asked: 0 };
  const agreementOf = (score: Score, style: string | undefined): number | null => {
    if (style === undefined) return null;
    const { probabilities } = classifyScore(score);
    return probabilities.find(({ label }) => label === style)?.probability ?? 0;
  };
  const compose = async (conditioning: Conditioning, seed: number, id: string): Promise<Made> => {
    counts.composed++;
    const piece = await generator.generate({ conditioning, bars, seed });
    const { style } = piece.conditioning;
    const found = index && originality(piece.score, index, style === undefined ? {} : { style });
    const item: Item = {
      id,
      vector: styleVectorOf(piece.score),
      style: style ?? null,
      instruments: analyseScore(piece.score).instruments,
    };
    return {
      item,
      anchor: { item, conditioning: piece.conditioning },
      merits: {
        wellFormedness: wellFormedness(piece.score, { bars: piece.bars }).score,
        originality: found?.score ?? null,
        agreement: agreementOf(piece.score, conditioning.style),
        form: formMerit(piece.score, piece.bars, piece.conditioning.form) ?? null,
      },
      copies: found?.exceedsFloor === true,
    };
  };
  return {
    counts,
    pool: async (size, seed) => {
      const made: Made[] = [];
      for (let i = 0; i < size; i++) made.push(await compose({}, seed + i, `p${seed + i}`));
      return made;
    },
    piece: async (conditioning, rng) => {
      counts.asked++;
      const wish = round(conditioning);
      const key = `${rng.integer(VARIANTS)} ${JSON.stringify(wish)}`;
      const known = cache.get(key);
      if (known) return known;
      const made = await compose(wish, rng.integer(2 ** 31), key);
      cache.set(key, made);
      return made;
    },
  };
}

function round(wish: Conditioning): Conditioning {
  const { tempo, energy, valence, tension, density, ...rest } = wish;
  const fifth = (value: number): number => Math.round(5 * value) / 5;
  return {
    ...rest,
    ...(tempo !== undefined && { tempo: Math.round(tempo / 10) * 10 }),
    ...(density !== undefined && { density: Math.round(2 * density) / 2 || 0.5 }),
    ...(energy !== undefined && { energy: fifth(energy) }),
    ...(valence !== undefined && { valence: fifth(valence) }),
    ...(tension !== undefined && { tension: fifth(tension) }),
  };
}
