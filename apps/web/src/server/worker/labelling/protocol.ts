import type { TrainingReport } from '../../../api/labelling.ts';
import type { ClassificationView, TrackKind } from '../../../api/types.ts';

/** Absolute folders of the checkpoints in use; null: what ships. */
export interface ClassifierFolders {
  readonly score: string | null;
  readonly audio: string | null;
}

/** A file to be looked at: MIDI of kind 'score', recorded sound of kind 'audio'. */
export interface PieceFile {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface PieceRows {
  readonly id: string;
  /** Raw features of each part; null where the file cannot be read. */
  readonly rows: readonly Float32Array[] | null;
}

export interface LabelledRowsOf {
  readonly id: string;
  readonly label: string;
  readonly rows: readonly Float32Array[];
}

/** A version that was trained here and is in use while another is trained. */
export interface VersionInUse {
  readonly version: string;
  /** What it says of each labelled piece, by id. */
  readonly said: Readonly<Record<string, ClassificationView>>;
  /** Pieces that it learned from; null: not known. */
  readonly learned: readonly string[] | null;
}

export interface TrainedClassifier {
  /** Files of the checkpoint, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly report: Omit<TrainingReport, 'changes' | 'learned'>;
}

/** Tasks of the labelling part; see `Tasks`. */
export interface LabellingTasks {
  /** From now on this thread classifies with these. */
  setClassifiers: { input: ClassifierFolders; answer: null };
  /** Refuses a checkpoint that cannot be read, is of another kind, or is not the one that was written. */
  checkClassifier: {
    input: { folder: string; kind: TrackKind; sha256: string | null };
    answer: { labels: readonly string[] };
  };
  /** What the shipped model reads of each file. */
  featureRows: { input: { kind: TrackKind; pieces: readonly PieceFile[] }; answer: readonly PieceRows[] };
  trainClassifier: {
    input: {
      kind: TrackKind;
      name: string;
      pieces: readonly LabelledRowsOf[];
      anchors: readonly Float32Array[];
      /** null: what ships is. */
      inUse: VersionInUse | null;
      seed: number;
    };
    answer: TrainedClassifier;
  };
  /** What each of the models (null: what ships) says of each file, in order; null where the file cannot be read. */
  judgePieces: {
    input: { kind: TrackKind; folders: readonly (string | null)[]; pieces: readonly PieceFile[] };
    answer: readonly { readonly id: string; readonly said: readonly ClassificationView[] | null }[];
  };
  /** What the model of sound in use says of the beginnings of pieces of notes, played. */
  hearPieces: {
    input: { pieces: readonly PieceFile[] };
    answer: readonly { readonly id: string; readonly said: ClassificationView | null }[];
  };
  /** Places in the plane for rows of a style space; null stands for unknown values. */
  mapRows: {
    input: { rows: readonly Float64Array[] };
    answer: { places: readonly (readonly [number, number])[]; method: 'neighbours' | 'components' };
  };
}
