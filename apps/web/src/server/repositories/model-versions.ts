import type { ClassifierKind, TrainingReport } from '../../api/labelling.ts';
import type { TrackKind } from '../../api/types.ts';
import type { ClassificationRecord } from './types.ts';

export interface ModelRow {
  readonly id: string;
  readonly kind: string;
  readonly version: string;
  readonly available: boolean;
  readonly info: Readonly<Record<string, string | number | boolean | null>>;
  readonly since: Date;
  /** The one of its kind that is in use. */
  readonly active: boolean;
  /** Folder of the checkpoint among the model files; null for what ships. */
  readonly folder: string | null;
  readonly replacedId: string | null;
  readonly report: TrainingReport | null;
}

/** What models of a kind classify. */
export const MODALITY_OF: Readonly<Record<ClassifierKind, TrackKind>> = {
  'style-symbolic': 'score',
  'style-audio': 'audio',
};

/** Versions of models, which of them is in use, and what each said of the tracks. */
export interface ModelVersionRepository {
  list(): Promise<ModelRow[]>;
  find(id: string): Promise<ModelRow | undefined>;
  active(kind: string): Promise<ModelRow | undefined>;
  /** Adds or refreshes a model; `since`, `active` and `replacedId` of one that is known stay. */
  put(
    model: Pick<ModelRow, 'id' | 'kind' | 'version' | 'available' | 'info'> &
      Partial<Pick<ModelRow, 'folder' | 'report'>>,
    at: Date,
  ): Promise<void>;
  /** Makes this the version in use where its kind has none. */
  ensureActive(id: string): Promise<void>;
  /**
   * Puts a version in use: its classifications become the ones on show, and tracks without a label of a person's or a
   * composer's are shown under its label. With `back`, what it replaced before stays remembered (going back twice goes
   * on). All or nothing; false where there is no such version.
   */
  adopt(id: string, kind: ClassifierKind, options?: { readonly back?: boolean }): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Adds or replaces what models say; `current` as given. */
  putClassifications(records: readonly ClassificationRecord[]): Promise<void>;
  removeClassifications(model: string): Promise<void>;
}
