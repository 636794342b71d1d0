/** Progress of long work: `done` of `total` units, and what is being done in a few words. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly stage: string;
}
/** Is told how far a long job is; called often, so it should return quickly. */
export type OnProgress = (progress: Progress) => void;
