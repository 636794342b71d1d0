import type { FactorReleaseRecord } from '../factor-releases.ts';
import type { ModelRow } from '../model-versions.ts';
import type { AddedLabelRecord, TrainingRecord } from '../trainings.ts';
import type {
  AssetRecord,
  ClassificationRecord,
  JobRecord,
  PlayRecord,
  RatingRecord,
  SteeringRecord,
  TrackRecord,
} from '../types.ts';

/** Everything in maps: the twin of the database for tests of the services. */
export interface Store {
  readonly tracks: Map<string, TrackRecord>;
  readonly assets: Map<string, AssetRecord>;
  readonly classifications: Map<string, ClassificationRecord>;
  readonly corrections: Map<string, string>;
  readonly ratings: Map<string, RatingRecord>;
  readonly jobs: Map<string, JobRecord>;
  readonly plays: Map<string, PlayRecord[]>;
  readonly steering: Map<string, Map<string, SteeringRecord>>;
  readonly tasteCorrections: Map<string, Map<string, number>>;
  readonly snapshots: Map<string, unknown>;
  readonly modelVersions: Map<string, ModelRow>;
  readonly trainings: Map<string, TrainingRecord>;
  readonly labels: Map<string, AddedLabelRecord>;
  readonly factorReleases: Map<number, FactorReleaseRecord>;
}

export const key = (...parts: string[]): string => parts.join('/');
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
