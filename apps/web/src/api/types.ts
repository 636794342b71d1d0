/**
 * What the server answers, as plain data. Shared by the server, which fills these in, and the pages, which show
 * them; imports nothing, so that no server code can reach a bundle through it. Dates are ISO 8601 strings,
 * times are seconds, shares and probabilities are 0 … 1.
 */

export type Role = 'user' | 'admin';

export interface Viewer {
  readonly id: string;
  readonly name: string;
  /** null for a guest. */
  readonly email: string | null;
  readonly isGuest: boolean;
  readonly role: Role;
  /** Number of tracks rated, skips included. */
  readonly ratings: number;
}

export type TrackKind = 'score' | 'audio';
export type TrackSource = 'catalogue' | 'generated' | 'upload';
/** What a listener said about a track. */
export type RatingValue = 1 | 2 | 3 | 4 | 5 | 'skip' | 'not-for-me' | 'more-like-this';

/** A note of the small static picture: left edge, height (0 bottom, 1 top), width; all 0 … 1. */
export type ThumbnailNote = readonly [x: number, y: number, width: number];

export interface TrackSummary {
  readonly id: string;
  readonly title: string;
  readonly kind: TrackKind;
  readonly source: TrackSource;
  /** A person's label if there is one, else what it was composed as, else the classifier's; null when unsure. */
  readonly style: string | null;
  readonly seconds: number;
  readonly tempo: number | null;
  /** For example "C minor"; null when unknown or unpitched. */
  readonly key: string | null;
  readonly instruments: readonly string[];
  readonly mine: boolean;
  readonly myRating: RatingValue | null;
  /** At most 200 notes. */
  readonly thumbnail: readonly ThumbnailNote[];
  readonly createdAt: string;
}

/** One note: start and duration in seconds, MIDI pitch, velocity 1 … 127. */
export type RollNote = readonly [start: number, duration: number, pitch: number, velocity: number];

export interface RollTrack {
  readonly name: string;
  readonly program: number;
  readonly isDrum: boolean;
  /** Index into the eight instrument colours. */
  readonly colour: number;
  readonly notes: readonly RollNote[];
}

export interface PianoRollData {
  readonly tracks: readonly RollTrack[];
  readonly seconds: number;
  /** Where each bar starts, in seconds. */
  readonly bars: readonly number[];
  readonly key: string | null;
  /** For example "3/4". */
  readonly meter: string;
  readonly tempo: number;
}

export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

export interface ClassificationView {
  readonly model: string;
  /** null: the model is unsure. */
  readonly label: string | null;
  /** Why there is no label, where that was kept. */
  readonly unsure?: 'low-confidence' | 'unfamiliar';
  readonly confidence: number;
  readonly probabilities: readonly LabelProbability[];
}

/** A classification as people see it. */
export interface ShownClassification extends ClassificationView {
  /** Where the model is unsure: the broader label of which it is sure enough; null where there is none. */
  readonly broad: LabelProbability | null;
}

export interface MeterSetting {
  readonly numerator: number;
  readonly denominator: number;
}

/** What a composer may be asked for; see `Conditioning` in @attune/core/style. An absent field is left open. */
export interface ConditioningView {
  readonly style?: string;
  /** Pitch class 0–11; 0 is C. */
  readonly tonic?: number;
  readonly mode?: 'major' | 'minor';
  readonly tempo?: number;
  readonly meter?: MeterSetting;
  /** General MIDI programs 0–127; 128 is the drum kit. */
  readonly instruments?: readonly number[];
  readonly density?: number;
  /** Lowest and highest MIDI pitch of everything but drums. */
  readonly range?: readonly [lowest: number, highest: number];
  readonly energy?: number;
  readonly valence?: number;
  readonly tension?: number;
  /** One letter a section, such as "AABA". */
  readonly form?: string;
}

/** What a composer does; all but 'compose' start from the music of a track. */
export type ComposeTaskKind = 'compose' | 'continue' | 'infill' | 'accompany' | 'reorchestrate' | 'vary';

/** What is to be done with the music of a track. Bars count from 1. */
export type ComposeTask =
  | { readonly kind: 'continue' | 'accompany' | 'reorchestrate'; readonly sourceTrackId: string }
  | {
      readonly kind: 'infill';
      readonly sourceTrackId: string;
      /** First and last bar that are written anew. */
      readonly bars: readonly [first: number, last: number];
    }
  | {
      readonly kind: 'vary';
      readonly sourceTrackId: string;
      /** Share of the music that stays, above 0 and below 1. */
      readonly keep: number;
      readonly unit: 'bars' | 'notes';
    };

/** What another kind of model made a track from. */
export interface SampleProvenance {
  readonly family: string;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly sourceTrackIds: readonly string[];
  /** Which of how many, from 1. */
  readonly number: number;
  readonly count: number;
}

export interface Provenance {
  readonly modelVersion: string;
  readonly seed: number;
  readonly bars: number;
  readonly conditioning: ConditioningView;
  readonly tokenizer: string | null;
  /** In older pieces: the track that it continues. */
  readonly promptTrackId?: string | null;
  /** What was done with which track; absent: composed from nothing. `sourceSha256` is that of its MIDI file then. */
  readonly task?: (ComposeTask & { readonly sourceSha256: string }) | null;
  /** Where it was composed; absent: on the server. What a listener's own machine says cannot be checked. */
  readonly madeOn?: 'server' | 'device';
  /** Where another kind of model than the composer made it. */
  readonly sample?: SampleProvenance;
  /** Measured at composing time, 0 … 1. */
  readonly originality: number | null;
  readonly wellFormedness: number | null;
  /** How many candidates were written, of which this was kept. */
  readonly candidates: number;
  /** Why it sounds as it does: what of the listener's taste went in. */
  readonly reasons: readonly Reason[];
}

/** One named musical dimension of a piece, in words: "slow" (strongly). */
export interface StyleWord {
  readonly dimension: string;
  readonly word: string;
  /** Standard deviations from the average piece. */
  readonly value: number;
}

export interface TrackDetail {
  readonly summary: TrackSummary;
  /** null for uploaded audio. */
  readonly roll: PianoRollData | null;
  readonly classifications: readonly ShownClassification[];
  /** A person's label, where one was given. */
  readonly correctedLabel: string | null;
  readonly provenance: Provenance | null;
  readonly styleWords: readonly StyleWord[];
  readonly myRating: RatingValue | null;
  readonly owned: boolean;
}

export type ReasonKind =
  'liked-track' | 'played-track' | 'feature' | 'style' | 'instrument' | 'listeners' | 'explore';

/** Why a track stands where it stands; can be pressed: more, less, never. */
export interface Reason {
  readonly kind: ReasonKind;
  /** In the listener's words: "slow", "strings", "you liked Harbour Waltz". */
  readonly label: string;
  readonly trackId?: string;
  /** Name of the style dimension, style or instrument that is meant. */
  readonly feature?: string;
  readonly direction?: 'low' | 'high';
}
export type SteerAction = 'more' | 'less' | 'never';

/** What a pressed reason speaks of; `name`: a style dimension, a style, an instrument's number, or a track's id. */
export interface SteerChip {
  readonly kind: 'feature' | 'style' | 'instrument' | 'track' | 'listeners' | 'explore';
  readonly name: string;
  readonly direction: 'low' | 'high' | null;
}

/** A reason that the listener pressed: stands until it is pressed another way or taken back. */
export interface PressedChip extends SteerChip {
  readonly label: string;
  readonly action: SteerAction;
}

export interface Recommendation {
  readonly track: TrackSummary;
  /** Predicted liking, in stars. */
  readonly score: number;
  readonly deviation: number;
  readonly reasons: readonly Reason[];
}

export interface RatingEffect {
  /** Number of tracks whose place in the ranking changed noticeably. */
  readonly moved: number;
  /** What the taste moved towards: "slower", "more minor". */
  readonly summary: readonly string[];
  readonly ratings: number;
  readonly previous: RatingValue | null;
}

export interface MyRating {
  readonly track: TrackSummary;
  readonly value: RatingValue;
  readonly ratedAt: string;
}

export type JobStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** Who decides what is made: the listener's taste, the controls of the Studio, or another kind of model. */
export type JobMode = 'taste' | 'controls' | 'sample';

export interface ComposeEvent {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** Which of how many candidates is being written (1 …). */
  readonly candidate?: number;
  /** Bars written so far of the candidate on view, and their notes by instrument. */
  readonly bars?: number;
  readonly preview?: PianoRollData;
  /** Seconds from the start up to which the preview is final: what can be played already. */
  readonly ready?: number;
  readonly seed?: number;
  /** The finished piece, or the first of several. */
  readonly trackId?: string;
  readonly trackIds?: readonly string[];
  readonly error?: string;
}

export interface JobView {
  readonly id: string;
  readonly status: JobStatus;
  readonly mode: JobMode;
  /** Of mode 'controls': what is done; of mode 'sample': with which kind of model. */
  readonly what: string | null;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly seed: number;
  readonly bars: number;
  readonly trackId: string | null;
  readonly error: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

export interface NamedOption<T extends string | number = string> {
  readonly value: T;
  readonly label: string;
}
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Something the model may or may not have learned; `reason` says why it cannot be asked for. */
export interface AbilityView {
  readonly available: boolean;
  readonly reason: string | null;
}

/** What the shipped model can be asked for. */
export interface ComposeOptions {
  /** False while no model is on disk; `reason` then says so. */
  readonly available: boolean;
  readonly reason: string | null;
  readonly modelVersion: string | null;
  readonly styles: readonly NamedOption[];
  readonly instruments: readonly NamedOption<number>[];
  readonly tonics: readonly NamedOption<number>[];
  readonly modes: readonly NamedOption<'major' | 'minor'>[];
  readonly meters: readonly MeterSetting[];
  readonly tempo: Range;
  readonly bars: Range;
  readonly density: Range;
  readonly tasks: Readonly<Record<ComposeTaskKind, AbilityView>>;
  /** Sections such as AABA. */
  readonly form: AbilityView;
}

/** A number or a word that a kind of model can be given. */
export type SampleSetting =
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly summary: string;
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly default: number;
    }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly summary: string;
      readonly choices: readonly string[];
      readonly default: string;
    };

/** A kind of model beside the composer. */
export interface SamplerView {
  readonly name: string;
  readonly version: string;
  /** One plain sentence: what it is good for. */
  readonly summary: string;
  /** Fewest and most tracks that it starts from; 'clip' and 'either' take recorded sound too. */
  readonly inputs: {
    readonly fewest: number;
    readonly most: number;
    readonly kind: 'score' | 'clip' | 'either';
  };
  readonly settings: readonly SampleSetting[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `cursor` for the next page; null at the end. */
  readonly next: string | null;
}

export interface TasteEvidence {
  readonly trackId: string;
  readonly title: string;
  readonly stars: number;
}

export interface TasteDimension {
  readonly name: string;
  /** Words of the two ends: "slow", "fast". */
  readonly lowWord: string;
  readonly highWord: string;
  /** Where the taste lies, −1 (low end) … 1 (high end), with its interval. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly certainty: number;
  /** Set by hand with taste.correct. */
  readonly corrected: boolean;
  readonly evidence: readonly TasteEvidence[];
}

/** Liking of a style or an instrument, −1 … 1, and how sure that is. */
export interface TasteShare {
  readonly name: string;
  readonly liking: number;
  readonly certainty: number;
}

export interface TasteView {
  readonly ratings: number;
  readonly dimensions: readonly TasteDimension[];
  readonly styles: readonly TasteShare[];
  readonly instruments: readonly TasteShare[];
  /** Reasons that the listener pressed, in order of time. */
  readonly chips: readonly PressedChip[];
  /** One plain sentence, for example "You like slow pieces in minor, with strings." */
  readonly sentence: string;
}

export interface AdminClassification {
  readonly track: TrackSummary;
  readonly classification: ShownClassification;
  /** What the other models in use say of this track. */
  readonly others: readonly ShownClassification[];
  readonly correctedLabel: string | null;
}

export interface AdminModel {
  readonly id: string;
  readonly kind: string;
  readonly version: string;
  readonly available: boolean;
  readonly info: Readonly<Record<string, string | number | boolean | null>>;
  readonly since: string;
}

export interface AdminJob extends JobView {
  readonly userName: string;
}

export interface AdminUser {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly isGuest: boolean;
  readonly role: Role;
  readonly ratings: number;
  readonly tracks: number;
  readonly createdAt: string;
}

export interface ConfusionCell {
  /** A person's label. */
  readonly corrected: string;
  /** The model's; null where it was unsure. */
  readonly predicted: string | null;
  readonly count: number;
}

export interface AdminSummary {
  readonly tracks: number;
  readonly generated: number;
  readonly uploads: number;
  readonly users: number;
  readonly guests: number;
  readonly ratings: number;
  readonly jobs: Readonly<Record<JobStatus, number>>;
  readonly classified: number;
  readonly unsure: number;
  readonly corrected: number;
  readonly labels: readonly string[];
  readonly confusion: readonly ConfusionCell[];
}

/** Answer of POST /api/upload. */
export type UploadAnswer =
  { readonly ok: true; readonly track: TrackSummary } | { readonly ok: false; readonly error: ApiError };

/** The one shape of a refused plain-HTTP request; tRPC errors carry the same `code` in `error.data.domainCode`. */
export interface ApiError {
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** How the server learns what listeners have in common, and what that may tell of them; for administrators. */
export type SharedTasteReport =
  | { readonly mode: 'off' | 'on' }
  | {
      readonly mode: 'private';
      /** What may be spent at most, for good. */
      readonly epsilon: number;
      readonly delta: number;
      readonly spentEpsilon: number;
      readonly releases: number;
      readonly plannedReleases: number;
      /** Least days between two releases. */
      readonly days: number;
      /** σ of the last release's noise. */
      readonly deviation: number | null;
      readonly releasedAt: string | null;
      /** From when the next release may be made; null: the budget is spent. */
      readonly nextAfter: string | null;
      /** Whether anything stood out of the noise. */
      readonly stoodOut: boolean | null;
    };

/** The same in short, for listeners. */
export interface Sharing {
  readonly mode: SharedTasteReport['mode'];
  /** The privacy budget, where it is private. */
  readonly epsilon: number | null;
  readonly delta: number | null;
  /** Whether the viewer's own ratings are part of it. */
  readonly contributes: boolean;
}

/** Everything the server holds about the viewer. */
export interface ViewerExport {
  readonly exportedAt: string;
  readonly viewer: Viewer;
  readonly ratings: readonly {
    readonly trackId: string;
    readonly title: string;
    readonly value: RatingValue;
    readonly at: string;
  }[];
  readonly plays: readonly {
    readonly trackId: string;
    readonly seconds: number;
    readonly completed: boolean;
    readonly at: string;
  }[];
  readonly steering: readonly { readonly key: string; readonly action: string; readonly at: string }[];
  readonly tracks: readonly {
    readonly summary: TrackSummary;
    readonly provenance: Provenance | null;
    readonly midi: string | null;
  }[];
  readonly jobs: readonly JobView[];
  readonly taste: TasteView;
}
