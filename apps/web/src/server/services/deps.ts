import type { Factors } from '@attune/recommend';
import type { Composer } from '../jobs/composer.ts';
import type { Renderer } from '../jobs/renderer.ts';
import type { Repositories } from '../repositories/types.ts';
import type { SharedTaste } from '../shared-taste.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { Tasks } from '../worker/protocol.ts';
import type { WorkerClient } from '../workers/worker-client.ts';
import type { InstrumentBanks } from './instrument-bank.ts';
import type { LabellingDeps } from './labelling.ts';
import type { MoodCache } from './tastes.ts';

/** Everything a service may touch: passed in, so that tests choose it. */
export interface Deps extends Repositories, LabellingDeps {
  readonly files: FileStore;
  /** Describes uploads, renders sound, trims banks. */
  readonly studio: WorkerClient;
  readonly composer: Composer;
  readonly renderer: Renderer;
  /** Which models are on disk and what they can be asked for. */
  readonly models: () => Promise<Tasks['models']['answer']>;
  /** The kinds of model beside the composer that are on disk. */
  readonly samplers: () => Promise<Tasks['samplers']['answer']>;
  readonly banks: InstrumentBanks;
  /** What many listeners have in common; undefined while there are too few. */
  readonly factors: () => Promise<Factors | undefined>;
  /** Moods that were told apart, by listener. */
  readonly moods: MoodCache;
  /** After an erasure: what was learned with the erased ratings is learned again without them. */
  readonly forgetFactors: () => void;
  /** In which way it is learned, and what that spent of the listeners' privacy. */
  readonly sharedTaste: Pick<SharedTaste, 'mode' | 'report'>;
  readonly limits: Limits;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly newSeed: () => number;
}

export interface Limits {
  readonly midiBytes: number;
  readonly audioBytes: number;
  readonly audioSeconds: number;
  /** For one person. */
  readonly uploads: number;
  readonly uploadBytes: number;
  /** All pieces of one person, beyond which their own machine's are not taken. */
  readonly tracks: number;
  /** Wishes of one person that wait or run. */
  readonly openJobs: number;
}

export const DEFAULT_LIMITS: Limits = {
  midiBytes: 2_000_000,
  audioBytes: 50_000_000,
  audioSeconds: 900,
  uploads: 200,
  uploadBytes: 500_000_000,
  tracks: 2_000,
  openJobs: 5,
};
