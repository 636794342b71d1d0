import type { RatingKind } from '../../../generated/prisma/enums.ts';
import type { RatingValue } from '../../../api/types.ts';

interface Stored {
  readonly kind: RatingKind;
  readonly stars: number | null;
}

const WORDS = { skip: 'skip', dislike: 'not-for-me', more: 'more-like-this' } as const;
const KINDS = { skip: 'skip', 'not-for-me': 'dislike', 'more-like-this': 'more' } as const;

export function toStored(value: RatingValue): Stored {
  return typeof value === 'number' ? { kind: 'stars', stars: value } : { kind: KINDS[value], stars: null };
}

export function fromStored({ kind, stars }: Stored): RatingValue {
  return kind === 'stars' ? (stars as 1 | 2 | 3 | 4 | 5) : WORDS[kind];
}
