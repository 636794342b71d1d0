/** What speaks for a composed piece among several written for one wish; null or left out where it cannot be said. */
export interface CandidateMerits {
  /** Expected liking of the listener, −1 … 1. */
  readonly liking: number;
  /** How well made it is, 0 … 1. */
  readonly wellFormedness: number;
  /** How far from all music that the composer learned from, 0 … 1. */
  readonly originality?: number | null | undefined;
  /** How surely a classifier hears the style that was asked for, 0 … 1. */
  readonly agreement?: number | null | undefined;
  /** How much it rests at the ends of phrases, ends at home and keeps to the sections asked for, 0 … 1. */
  readonly form?: number | null | undefined;
}

/** Liking counts most; the others decide among what is liked alike. */
const WEIGHTS = { wellFormedness: 0.5, originality: 0.25, agreement: 0.5, form: 0.25 } as const;
/** What cannot be said is taken for the middle, so that it speaks neither for nor against. */
const UNKNOWN = 0.5;

/**
 * By how much one candidate is to be preferred to another: liking + 0.5 · well-formedness + 0.25 · originality + 0.5 · agreement with
 * the style asked for + 0.25 · form. The application and the simulation of listeners rank by the same.
 */
export function candidateWorth(merits: CandidateMerits): number {
  const { wellFormedness, originality, agreement, form } = WEIGHTS;
  return (
    merits.liking +
    wellFormedness * merits.wellFormedness +
    originality * (merits.originality ?? UNKNOWN) +
    agreement * (merits.agreement ?? UNKNOWN) +
    form * (merits.form ?? UNKNOWN)
  );
}
