import type { Score } from '@attune/core';
import { toGrid, type GridNote } from '@attune/core/tokens';
import { FORM_MEASURES, formMeasures, type Generator, type FormMeasure } from '@attune/generate';
import { noteOverlap } from '../../packages/generate/src/transformer/form/form-of-notes.ts';
import { composeAll, wishesOf, type SetOptions } from './compose-sets.ts';
import { excerptOf, type HeldOutPieces } from './held-out.ts';
import type { FormResult } from './results.ts';

const BARS = 32;
const SECTION = BARS / 4;
/** Pairs of sections that AABA says are alike, and those that it says differ. */
const ALIKE = [
  [0, 1],
  [0, 3],
] as const;
const DIFFERENT = [
  [0, 2],
  [1, 2],
] as const;

/** Form of pieces of 32 bars: told AABA, told no form, and real. */
export async function measureForm(
  generator: Generator,
  heldOut: HeldOutPieces,
  options: SetOptions,
  onStyle: (style: string) => void,
): Promise<FormResult[]> {
  const [told, untold, real]: [Score[], Score[], Score[]] = [[], [], []];
  for (const [style, pieces] of heldOut.byStyle) {
    if (!generator.info.styles.includes(style)) continue;
    onStyle(style);
    const long = { ...options, bars: BARS };
    const wishes = wishesOf(style, pieces, long);
    untold.push(...(await composeAll(generator, wishes, long)).map(({ piece }) => piece.score));
    if (generator.info.knowsForm) {
      const formed = wishes.map((wish) => ({ ...wish, form: 'AABA' }));
      told.push(...(await composeAll(generator, formed, long)).map(({ piece }) => piece.score));
    }
    const whole = pieces.filter(({ sequence }) => sequence.bars >= BARS).slice(0, 4 * options.pieces);
    real.push(...whole.flatMap((piece) => excerptOf(piece, BARS) ?? []));
  }
  return [
    ...(told.length > 0 ? [summarise('composed, told AABA', told)] : []),
    summarise('composed, told no form', untold),
    summarise('real, first 32 bars', real),
  ];
}

/** Means; cadences and endings of real excerpts are cut short by us and only of the composed ones telling. */
function summarise(name: string, scores: readonly Score[]): FormResult {
  const mean = (values: readonly (number | undefined)[]): number => {
    const known = values.filter((x) => x !== undefined);
    return known.reduce((sum, x) => sum + x, 0) / known.length;
  };
  const measures = scores.map(formMeasures);
  const sections = scores.map(sectionsOf);
  const overlap = (pairs: readonly (readonly [number, number])[]): number =>
    mean(
      sections.flatMap((parts) =>
        pairs.map(([a, b]) => {
          const value = noteOverlap(parts[a]!, parts[b]!);
          return Number.isNaN(value) ? undefined : value;
        }),
      ),
    );
  const values = {
    ...(Object.fromEntries(
      FORM_MEASURES.map((measure) => [measure, mean(measures.map((one) => one[measure]))]),
    ) as Record<FormMeasure, number>),
    returns: overlap(ALIKE),
    others: overlap(DIFFERENT),
  };
  return { name, pieces: scores.length, values };
}

/** The notes of each quarter of a piece of 32 bars, bar by bar. */
export function sectionsOf(score: Score): GridNote[][][] {
  const { notes } = toGrid(score);
  return Array.from({ length: BARS / SECTION }, (_, section) =>
    Array.from({ length: SECTION }, (_bar, bar) =>
      notes.filter((note) => note.bar === section * SECTION + bar),
    ),
  );
}
