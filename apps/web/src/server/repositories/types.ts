import type { StyleVector } from '@attune/core/style';
import type {
  ClassificationView,
  ComposeEvent,
  ComposeTask,
  JobMode,
  PressedChip,
  Provenance,
  RatingValue,
  SteerChip,
  ThumbnailNote,
  TrackKind,
  TrackSource,
} from '../../api/types.ts';
import type { MoodWish } from '../../api/moods.ts';
import type { FactorReleaseRepository } from './factor-releases.ts';
import type { ModelVersionRepository } from './model-versions.ts';
import type { TrainingRepository } from './trainings.ts';

/** A track as the services know it. */
export interface TrackRecord {
  readonly id: string;
  /** null: the catalogue. */
  readonly ownerId: string | null;
  readonly catalogueKey: string | null;
  readonly title: string;
  readonly kind: TrackKind;
  readonly source: TrackSource;
  readonly style: string | null;
  readonly seconds: number;
  readonly tempo: number | null;
  /** For example "3/4". */
  readonly meter: string | null;
  readonly tonic: number | null;
  readonly mode: 'major' | 'minor' | null;
  readonly instruments: readonly number[];
  readonly vector: StyleVector | null;
  readonly thumbnail: readonly ThumbnailNote[];
  readonly provenance: Provenance | null;
  readonly createdAt: Date;
}

/** What ranking needs of a track. */
export type TasteTrack = Pick<
  TrackRecord,
  | 'id'
  | 'ownerId'
  | 'title'
  | 'kind'
  | 'source'
  | 'style'
  | 'seconds'
  | 'tempo'
  | 'meter'
  | 'tonic'
  | 'mode'
  | 'instruments'
  | 'vector'
  | 'provenance'
>;

export const ASSET_KINDS = ['midi', 'musicxml', 'audio', 'wav', 'mp3', 'soundfont'] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** A file of a track in the data folder. */
export interface AssetRecord {
  readonly id: string;
  readonly trackId: string;
  readonly kind: AssetKind;
  /** Inside the data folder, forward slashes. */
  readonly path: string;
  readonly mime: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface ClassificationRecord extends ClassificationView {
  readonly trackId: string;
  /** Said by the version in use, and shown with the track. */
  readonly current: boolean;
}

export type TrackSort = 'newest' | 'title' | 'seconds' | 'tempo';

export interface TrackFilter {
  /** Tracks of the catalogue and of this person; nobody else's. */
  readonly viewerId: string;
  readonly query?: string | undefined;
  readonly style?: string | undefined;
  readonly source?: 'catalogue' | 'mine' | 'uploads' | 'generated' | undefined;
  readonly sort: TrackSort;
  readonly offset: number;
  readonly take: number;
}

export interface NewTrack {
  readonly track: TrackRecord;
  readonly assets: readonly AssetRecord[];
  readonly classifications: readonly ClassificationRecord[];
}

export interface TrackRepository {
  find(id: string): Promise<TrackRecord | undefined>;
  /** In the order asked for; unknown ids are passed over. */
  findMany(ids: readonly string[]): Promise<TrackRecord[]>;
  /** The track, its files and its labels, or nothing of them. */
  insert(entry: NewTrack): Promise<void>;
  remove(id: string): Promise<void>;
  list(filter: TrackFilter): Promise<TrackRecord[]>;
  /** Everything that the viewer may hear and that has a style vector, by id; of the catalogue or their own alone. */
  listForTaste(viewerId: string, scope?: 'all' | 'shared' | 'own'): Promise<readonly TasteTrack[]>;
  catalogueKeys(): Promise<ReadonlySet<string>>;
  /** Uploads of a person: how many, and the bytes of their files. */
  usageOf(ownerId: string): Promise<{ uploads: number; bytes: number }>;
  findAsset(trackId: string, kind: AssetKind): Promise<AssetRecord | undefined>;
  /** Adds a file; one of the same kind and track is replaced. */
  putAsset(asset: AssetRecord): Promise<void>;
  assetsOf(trackIds: readonly string[]): Promise<AssetRecord[]>;
  trackIdsOf(ownerId: string): Promise<string[]>;
  assetPaths(): Promise<ReadonlySet<string>>;
  classificationsOf(trackIds: readonly string[]): Promise<ClassificationRecord[]>;
  correctionOf(trackId: string): Promise<string | undefined>;
  /** Sets (or with undefined takes back) a person's label, and the label on show with it. */
  correct(trackId: string, label: string | undefined, userId: string, at: Date): Promise<void>;
}

export interface RatingRecord {
  readonly userId: string;
  readonly trackId: string;
  readonly value: RatingValue;
  /** What it replaced, for undo. */
  readonly previous: RatingValue | null;
  readonly ratedAt: Date;
}

export interface RatingRepository {
  find(userId: string, trackId: string): Promise<RatingRecord | undefined>;
  /** Newest first. */
  listOf(userId: string): Promise<RatingRecord[]>;
  count(userId: string): Promise<number>;
  /** Sets the rating; one given before becomes `previous`. Returns the rating before, if any. */
  set(userId: string, trackId: string, value: RatingValue, at: Date): Promise<RatingValue | null>;
  /** Takes the rating back to what it replaced, or away. Returns what was taken back. */
  undo(userId: string, trackId: string, at: Date): Promise<RatingValue | null>;
  clear(userId: string): Promise<void>;
  /**
   * Ratings of catalogue tracks by everybody, without names: listeners are numbered as they come. Whoever turned
   * "listeners like you" off is left out. Plays are not part of it.
   */
  listShared(): Promise<{ listener: string; trackId: string; value: RatingValue }[]>;
}

/** What another kind of model is asked for. */
export interface SampleRequestRecord {
  readonly family: string;
  readonly count: number;
  readonly sourceTrackIds: readonly string[];
  readonly settings: Readonly<Record<string, number | string>>;
}

export interface ComposeRequestRecord {
  readonly mode: JobMode;
  readonly conditioning?: Readonly<Record<string, unknown>> | undefined;
  readonly task?: ComposeTask | undefined;
  /** Heard while it is written: one candidate, the one that is heard. */
  readonly listen?: boolean | undefined;
  /** What decides where the conditioning is open: all of the listener's taste, or a mood; nothing if left out. */
  readonly follow?: 'taste' | MoodWish | undefined;
  /** In older rows: the track to continue. */
  readonly promptTrackId?: string | undefined;
  readonly sample?: SampleRequestRecord | undefined;
}

export interface JobRecord {
  readonly id: string;
  readonly userId: string;
  readonly status: ComposeEvent['status'];
  readonly mode: JobMode;
  readonly request: ComposeRequestRecord;
  readonly seed: number;
  readonly bars: number;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly attempts: number;
  readonly error: string | null;
  readonly trackId: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export type JobEnd =
  | { readonly status: 'done'; readonly trackId: string }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'cancelled' };

export interface JobRepository {
  insert(job: JobRecord): Promise<void>;
  find(id: string): Promise<JobRecord | undefined>;
  /** Newest first; of one person, or of everybody. */
  list(userId: string | undefined, take: number): Promise<JobRecord[]>;
  countOpen(userId: string): Promise<number>;
  /** Takes the oldest queued job for this worker; undefined when there is none. No job is taken twice. */
  claim(at: Date): Promise<JobRecord | undefined>;
  report(id: string, stage: string, done: number, total: number): Promise<void>;
  /** Ends an open job; false where it had ended already. */
  finish(id: string, end: JobEnd, at: Date): Promise<boolean>;
  /** Jobs that ran when the process died: queued again, or failed once `maxAttempts` were made. */
  recover(maxAttempts: number, at: Date): Promise<{ requeued: number; failed: number }>;
}

export interface PlayRecord {
  readonly trackId: string;
  readonly seconds: number;
  readonly completed: boolean;
  readonly playedAt: Date;
}

export interface SteeringRecord extends PressedChip {
  readonly presses: number;
  readonly steeredAt: Date;
}

/** Who wants nothing of "listeners like you" adds nothing to it either. */
export function refusesListeners({ kind, action }: Pick<SteeringRecord, 'kind' | 'action'>): boolean {
  return kind === 'listeners' && action !== 'more';
}

/** What a listener said beside ratings. */
export interface ListenerRepository {
  addPlay(userId: string, play: PlayRecord): Promise<void>;
  plays(userId: string): Promise<PlayRecord[]>;
  steering(userId: string): Promise<SteeringRecord[]>;
  /** Records a press; a press of the same chip the same way is counted, the other way replaces it. */
  steer(userId: string, step: Omit<SteeringRecord, 'presses'>): Promise<void>;
  /** Takes a chip's presses back; false where there were none. */
  undoSteering(userId: string, chip: SteerChip): Promise<boolean>;
  /**
   * How much everybody together listened to each track of the catalogue, by day (days since 1970): 1 for a whole play or
   * a good rating, less for part of a play. Nobody is named.
   */
  listening(): Promise<{ trackId: string; day: number; weight: number }[]>;
  corrections(userId: string): Promise<{ dimension: string; value: number }[]>;
  correct(userId: string, dimension: string, value: number | undefined, at: Date): Promise<void>;
  saveTaste(
    userId: string,
    snapshot: { space: string; ratings: number; state: unknown },
    at: Date,
  ): Promise<void>;
  /** Forgets plays, steering, corrections and the snapshot (ratings are cleared in their own repository). */
  clear(userId: string): Promise<void>;
  /** Removes the person and, by cascade, everything of theirs. */
  erase(userId: string): Promise<void>;
}

export interface Repositories {
  readonly tracks: TrackRepository;
  readonly ratings: RatingRepository;
  readonly jobs: JobRepository;
  readonly listeners: ListenerRepository;
  readonly modelVersions: ModelVersionRepository;
  readonly trainings: TrainingRepository;
  readonly factorReleases: FactorReleaseRepository;
}
