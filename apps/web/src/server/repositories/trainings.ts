import type { AddedLabel, ClassifierKind, TrainingView } from '../../api/labelling.ts';
import type { TrackKind } from '../../api/types.ts';

export interface TrainingRecord extends Omit<TrainingView, 'createdAt' | 'finishedAt'> {
  readonly userId: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface AddedLabelRecord extends AddedLabel {
  readonly createdAt: Date;
}

export type TrainingEnd =
  | { readonly status: 'done'; readonly modelId: string | null }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'cancelled' };

/** Work on classifiers, and what they learn from. */
export interface TrainingRepository {
  insert(job: TrainingRecord): Promise<void>;
  find(id: string): Promise<TrainingRecord | undefined>;
  /** Newest first. */
  list(take: number): Promise<TrainingRecord[]>;
  countOpen(kind: ClassifierKind): Promise<number>;
  /** Takes the oldest queued job; no job is taken twice. */
  claim(at: Date): Promise<TrainingRecord | undefined>;
  report(id: string, stage: string, done: number, total: number): Promise<void>;
  /** Ends an open job; false where it had ended already. */
  finish(id: string, end: TrainingEnd, at: Date): Promise<boolean>;
  /** Jobs that ran when the process died are failed: half of a training is worth nothing. */
  failInterrupted(at: Date): Promise<number>;
  /**
   * Labels that people gave and that may be learned from: of the catalogue and of administrators' own tracks. What
   * belongs to others stays out, so that erasing it leaves no trace in a model.
   */
  corrected(kind: TrackKind): Promise<{ readonly trackId: string; readonly label: string }[]>;
  /** Corrections of tracks that are not learned from. */
  countLeft(): Promise<number>;
  /** Ids of all tracks of a kind, in order; `shared`: of the catalogue only. */
  trackIds(kind: TrackKind, options?: { readonly shared?: boolean }): Promise<string[]>;
  /** Ids of the catalogue's pieces of notes of which a model said nothing yet, in order. */
  unheard(model: string): Promise<string[]>;
  /** Whether a job of this task ever ended well. */
  wasDone(task: TrainingRecord['task']): Promise<boolean>;
  /** Added labels, the oldest first. */
  labels(): Promise<AddedLabelRecord[]>;
  /** false where it is there already. */
  addLabel(label: AddedLabelRecord): Promise<boolean>;
  placeLabel(name: string, parent: string | null): Promise<void>;
  removeLabel(name: string): Promise<void>;
  /** Ids of the tracks that people gave this label, in order. */
  labelledAs(label: string): Promise<string[]>;
}
