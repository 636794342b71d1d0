import type { Meaning } from './lexicon.ts';
import type { Wish } from './track-query.ts';

/** A wish before it is known where it was said and whether it is refused. */
export type WishBody = Wish extends infer W ? (W extends Wish ? Omit<W, 'said' | 'not'> : never) : never;

/** "very" halves the distance to the end, "slightly" goes half of the way to the middle. */
export function moveTarget(target: number, degree: number): number {
  if (degree === 0) return target;
  const goal = degree < 0 ? 0.5 : target < 0.5 ? 0 : 1;
  return target + (goal - target) / 2;
}

/** The wishes that a word with a meaning of its own states; `degree`: 1 for "very", −1 for "slightly". */
export function wishesOf(meaning: Meaning, degree: number): WishBody[] {
  switch (meaning.kind) {
    case 'style':
      return [{ kind: 'style', styles: meaning.styles }];
    case 'meter':
      return [{ kind: 'meter', meters: meaning.meters }];
    case 'instrument':
      return [{ kind: 'instrument', programs: meaning.programs }];
    case 'voiceless':
      return [{ kind: 'instrument', programs: [52, 53, 54] }];
    case 'mode':
      return [{ kind: 'key', mode: meaning.mode }];
    case 'quality':
      return Object.entries(meaning.qualities).map(([name, target]) => ({
        kind: 'quality',
        name,
        target: moveTarget(target, degree),
      }));
    case 'range': {
      const { of, atLeast, atMost } = meaning;
      const strict = of === 'instruments';
      if (atLeast !== undefined && atMost !== undefined)
        return [{ kind: 'number', of, atLeast, atMost, strict }];
      // "very slow": a fifth further; "slightly": a fifth less far
      const factor = degree === 0 ? 1 : degree > 0 ? 1.2 : 1 / 1.2;
      if (atMost !== undefined) return [{ kind: 'number', of, atMost: Math.round(atMost / factor), strict }];
      return [{ kind: 'number', of, atLeast: Math.round(atLeast! * factor), strict }];
    }
    default:
      return [];
  }
}
