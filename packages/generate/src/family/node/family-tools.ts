import type { FamilyName, FamilySampler } from '../model-family.ts';

/** How a training run is begun or gone on with. */
export interface FamilyTrainOptions {
  /** Folder of the run: state, checkpoint, metrics. */
  readonly out: string;
  /** Folder of the data sets. */
  readonly data: string;
  readonly seed: number;
  /** Exactly this many updates, or as many as fit into this time or processor time; default: the plan's own. */
  readonly steps?: number;
  readonly minutes?: number;
  readonly cpuMinutes?: number;
  /** Fields of the family's plan to change. */
  readonly plan?: Readonly<Record<string, unknown>>;
  readonly resume: boolean;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What is measured, on what. */
export interface FamilyEvaluateOptions {
  /** Checkpoint folder; absent: the shipped one. */
  readonly model?: string;
  /** Folder of the data sets. */
  readonly data: string;
  /** A set folder, or a folder of set folders, to judge on in place of the held-out tenth. */
  readonly test?: string;
  readonly seed: number;
  /** Fewer pieces, for a quick look. */
  readonly limit?: number;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** One table of a report: a title, a header, and rows that name rival and baseline beside the model. */
export interface FamilyTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the command line does with one kind of model. */
export interface FamilyTools {
  /** Kind that its checkpoints say they are. */
  readonly kind: string;
  /** Reads a checkpoint folder; absent: the shipped one. Throws typed errors for one that does not fit. */
  load(folder?: string): Promise<FamilySampler>;
  train(options: FamilyTrainOptions): Promise<void>;
  evaluate(options: FamilyEvaluateOptions): Promise<readonly FamilyTable[]>;
}

/** Loaded when asked for: tensors take longer to start than most commands take. */
export const FAMILY_TOOLS: Readonly<Record<FamilyName, () => Promise<FamilyTools>>> = {
  ngram: async () => (await import('../../ngram/node/ngram-tools.ts')).NGRAM_TOOLS,
  dense: async () => (await import('../../dense/node/dense-tools.ts')).DENSE_TOOLS,
  gan: async () => (await import('../../gan/node/gan-tools.ts')).GAN_TOOLS,
  spectral: async () => (await import('../../spectral/node/spectral-tools.ts')).spectralTools,
  vae: () => vaeToolsOf('MELODY'),
  'vae-drums': () => vaeToolsOf('DRUMS'),
  'vae-trio': () => vaeToolsOf('TRIO'),
  diffusion: async () => (await import('../../diffusion/node/diffusion-tools.ts')).diffusionTools,
};

async function vaeToolsOf(set: 'MELODY' | 'DRUMS' | 'TRIO'): Promise<FamilyTools> {
  const [{ vaeTools }, sets] = await Promise.all([
    import('../../vae/node/vae-tools.ts'),
    import('../../vae/voice-sets.ts'),
  ]);
  return vaeTools(sets[set]);
}
