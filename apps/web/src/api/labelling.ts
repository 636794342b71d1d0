/** What the labelling part of the admin pages is told; see types.ts. */
import type { JobStatus } from './types.ts';

/** What a classifier listens to: 'style-symbolic' reads notes, 'style-audio' hears sound. */
export type ClassifierKind = 'style-symbolic' | 'style-audio';

/** A track on the map: where it lies, and what is said of it. */
export interface MapPoint {
  readonly trackId: string;
  readonly title: string;
  readonly kind: 'score' | 'audio';
  /** −1 … 1 each; what is close together is alike. */
  readonly x: number;
  readonly y: number;
  readonly label: string | null;
  readonly confidence: number;
  readonly correctedLabel: string | null;
  /** Another model says something else. */
  readonly disagrees: boolean;
}

export interface CatalogueMap {
  readonly points: readonly MapPoint[];
  /** 'neighbours': t-SNE; 'components': the two directions in which the tracks differ most. */
  readonly method: 'neighbours' | 'components';
  /** Tracks that are not on the map, because there are too many or nothing is known of them. */
  readonly left: number;
}

/** Figures on pieces that people labelled and that were held out. */
export interface HeldOutFigures {
  readonly accuracy: number;
  readonly macroF1: number;
}

/** Before and after training again, on the same held-out pieces. Older reports lack what is optional: before was what ships. */
export interface TrainingReport {
  /** Labelled pieces that were learned from, and those of them that were judged while held out. */
  readonly pieces: number;
  readonly judged: number;
  /** Labels that the model did not have before. */
  readonly added: readonly string[];
  /** Labels with one example only, which cannot be judged. */
  readonly unjudged: readonly string[];
  /** No correction of the known labels helped held-out pieces: the model stayed as it was there. */
  readonly unchanged: boolean;
  /** The version in use at that time. */
  readonly before: HeldOutFigures;
  readonly after: HeldOutFigures;
  readonly inUse?: {
    readonly version: string;
    /** Judged pieces that this version had learned from, so that they are not held out for it; null: not known. */
    readonly seen: number | null;
  };
  /** What ships, from which training starts; null where it was in use. */
  readonly shipped?: HeldOutFigures | null;
  /** Tracks that the new version learned from. */
  readonly learned?: readonly string[];
  /** F1 by label, of the labels that were judged. */
  readonly labels: readonly {
    readonly label: string;
    readonly pieces: number;
    readonly before: number;
    readonly after: number;
  }[];
  /** Tracks of the catalogue that would get another label. */
  readonly changes: {
    readonly looked: number;
    readonly changed: number;
    readonly listed: readonly {
      readonly trackId: string;
      readonly title: string;
      readonly from: string | null;
      readonly to: string | null;
    }[];
  };
}

export interface ModelVersionView {
  readonly id: string;
  readonly kind: string;
  readonly version: string;
  readonly available: boolean;
  readonly active: boolean;
  /** False: it came with Attune. */
  readonly trained: boolean;
  /** Can be gone back to from the version in use. */
  readonly replacedId: string | null;
  readonly since: string;
  readonly info: Readonly<Record<string, string | number | boolean | null>>;
  readonly report: TrainingReport | null;
}

export interface TrainingView {
  readonly id: string;
  /** 'retrain': learn from corrections; 'listen': let the model of sound hear the pieces of notes. */
  readonly task: 'retrain' | 'listen';
  readonly kind: ClassifierKind;
  readonly status: JobStatus;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly error: string | null;
  readonly modelId: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** A label beside the styles, and what it stands below: a style, or a group of styles. */
export interface AddedLabel {
  readonly name: string;
  readonly parent: string | null;
}

/** What taking an added label away changed: enough to take that back. */
export interface RemovedLabel extends AddedLabel {
  /** Tracks that a person had labelled with it. */
  readonly trackIds: readonly string[];
  /** What they are labelled now; null: as the model says. */
  readonly replacement: string | null;
}

export interface LabellingState {
  /** Everything that can be set: the styles, then the added labels. */
  readonly labels: readonly string[];
  readonly customLabels: readonly AddedLabel[];
  /** What an added label can stand below. */
  readonly parents: readonly string[];
  /** Corrections that training can use, by kind of model, and those of private tracks, which it leaves alone. */
  readonly usable: Readonly<Record<ClassifierKind, number>>;
  readonly left: number;
  /** The catalogue's pieces of notes that the model of sound in use heard, and did not hear yet. */
  readonly listening: { readonly heard: number; readonly left: number };
  readonly trainings: readonly TrainingView[];
}
