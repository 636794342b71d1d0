import type { Conditioning, StyleVector } from '@attune/core/style';
import type { Anchor, Item, Taste } from '@attune/recommend';
import type {
  ClassificationView,
  ComposeTaskKind,
  PianoRollData,
  Reason,
  SamplerView,
  ThumbnailNote,
} from '../../api/types.ts';
import type { ClassifierFolders, LabellingTasks } from './labelling/protocol.ts';
import type { FactorTasks } from './factors/protocol.ts';
import type { SearchTasks } from './search/protocol.ts';

/** What is known of a piece of music once it was looked at. */
export interface Description {
  readonly seconds: number;
  readonly tempo: number | null;
  readonly meter: string | null;
  readonly tonic: number | null;
  readonly mode: 'major' | 'minor' | null;
  readonly instruments: readonly number[];
  readonly vector: StyleVector | null;
  readonly thumbnail: readonly ThumbnailNote[];
  /** Empty while no classifier is on disk. */
  readonly classifications: readonly ClassificationView[];
  /** What searching compares of it; left out, it is made when it is first searched. */
  readonly sketch?: Uint8Array;
}

/** Everything the composer needs to know of the listener; plain data. */
export interface ListenerBrief {
  readonly taste: Taste;
  readonly now: number;
  /** Tracks that the taste speaks of. */
  readonly items: readonly Item[];
  /** Tracks of the mood that is to be served; null: all moods. */
  readonly moodItems: readonly string[] | null;
  /** Pieces that a wish can start from. */
  readonly anchors: readonly Anchor[];
  /** Titles for reasons, by track. */
  readonly titles: Readonly<Record<string, string>>;
}

/** What is to be done with which music: title and MIDI of the source track. */
export type OrderTask = { readonly title: string } & (
  | { readonly kind: 'continue' | 'accompany' | 'reorchestrate'; readonly midi: Uint8Array }
  | { readonly kind: 'infill'; readonly midi: Uint8Array; readonly bars: readonly [number, number] }
  | {
      readonly kind: 'vary';
      readonly midi: Uint8Array;
      readonly keep: number;
      readonly unit: 'bars' | 'notes';
    }
);

export interface ComposeOrder {
  /** null: the listener's taste says what to ask for, and the piece says why. */
  readonly conditioning: Conditioning | null;
  /** What the conditioning leaves open is asked for as the taste has it. */
  readonly followsTaste: boolean;
  /** To compose, or to continue with; the other tasks take theirs from the music. */
  readonly bars: number;
  readonly seed: number;
  /** null: compose from nothing. */
  readonly task: OrderTask | null;
  readonly candidates: number;
  readonly listener: ListenerBrief;
}

export interface Composition {
  readonly title: string;
  readonly midi: Uint8Array;
  readonly description: Description;
  readonly modelVersion: string;
  readonly tokenizer: string | null;
  /** Of the candidate kept; making it again needs only this and `conditioning`. */
  readonly seed: number;
  readonly bars: number;
  readonly conditioning: Conditioning;
  readonly originality: number | null;
  readonly wellFormedness: number | null;
  readonly candidates: number;
  readonly reasons: readonly Reason[];
}

export interface ComposeProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly candidate?: number;
  readonly bars?: number;
  readonly preview?: PianoRollData;
  readonly ready?: number;
  readonly seed?: number;
}

/** What another kind of model is to make; `request` is that of its sampler, inputs as files. */
export interface SampleOrder {
  readonly family: string;
  readonly seed: number;
  readonly count: number;
  readonly inputs: readonly { readonly kind: 'midi' | 'audio'; readonly bytes: Uint8Array }[];
  readonly settings: Readonly<Record<string, number | string>>;
}

/** One thing that was made, ready to be stored. */
export interface MadeSample {
  readonly name: string;
  readonly kind: 'score' | 'audio';
  readonly bytes: Uint8Array;
  readonly description: Description;
}

export interface SampleAnswer {
  readonly modelVersion: string;
  readonly samples: readonly MadeSample[];
}

export interface ModelReport {
  readonly id: string;
  readonly kind: 'generator' | 'originality' | 'style-symbolic' | 'style-audio';
  readonly version: string;
  readonly available: boolean;
  /** Why not, in one sentence. */
  readonly reason: string | null;
  readonly info: Readonly<Record<string, string | number | boolean | null>>;
}

export interface GeneratorOptions {
  readonly version: string;
  readonly styles: readonly string[];
  readonly instruments: readonly number[];
  readonly meters: readonly { readonly numerator: number; readonly denominator: number }[];
  readonly tempo: { readonly min: number; readonly max: number };
  readonly bars: { readonly min: number; readonly max: number };
  readonly tasks: readonly ComposeTaskKind[];
  readonly knowsForm: boolean;
}

export type ComposerFile = 'config.json' | 'weights.safetensors';

/** What a worker can be asked: input, answer and, where it reports, progress of each task. */
export interface Tasks extends LabellingTasks, SearchTasks, FactorTasks {
  describeMidi: {
    input: { bytes: Uint8Array };
    answer: { title: string; midi: Uint8Array; description: Description };
  };
  describeAudio: {
    input: { bytes: Uint8Array; maxSeconds: number };
    answer: { format: string; description: Description };
  };
  notate: { input: { midi: Uint8Array }; answer: { bytes: Uint8Array } };
  renderWav: { input: { midi: Uint8Array }; answer: { bytes: Uint8Array } };
  renderMp3: { input: { midi: Uint8Array }; answer: { bytes: Uint8Array } };
  trimBank: { input: { midi: Uint8Array }; answer: { bytes: Uint8Array } };
  /** A bank with all keys of one instrument (128: the drum kit), for music that is not finished yet. */
  instrumentBank: { input: { instrument: number }; answer: { bytes: Uint8Array } };
  /** The whole bank, and a file of the composer's checkpoint, for those who compose on their own machine. */
  wholeBank: { input: null; answer: { bytes: Uint8Array } };
  composerFile: { input: { file: ComposerFile }; answer: { bytes: Uint8Array } };
  samplers: { input: null; answer: readonly SamplerView[] };
  sample: { input: SampleOrder; answer: SampleAnswer };
  compose: { input: ComposeOrder; answer: Composition };
  models: { input: null; answer: { reports: readonly ModelReport[]; generator: GeneratorOptions | null } };
}
export type TaskName = keyof Tasks;

/** What a worker is told when it starts. */
export interface WorkerData {
  /** Checkpoint folder of the composer; absent: the shipped one. */
  readonly composer?: string | undefined;
  /** The classifiers in use; absent: the shipped ones. */
  readonly classifiers?: ClassifierFolders | undefined;
}

export interface RequestMessage<Name extends TaskName = TaskName> {
  readonly id: number;
  readonly task: Name;
  readonly input: Tasks[Name]['input'];
  /** One word; not 0 means cancelled. Shared, because a worker busy computing reads no messages. */
  readonly flag: SharedArrayBuffer;
}

export type WorkerMessage =
  | { readonly id: number; readonly kind: 'progress'; readonly progress: ComposeProgress }
  | { readonly id: number; readonly kind: 'done'; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly code: string | null; readonly message: string };
