import type { OnProgress, Score } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';

/** The kinds of model that `attune-generate train|sample|evaluate --model NAME` knows, the composer aside. */
export const FAMILY_NAMES = [
  'ngram',
  'dense',
  'vae',
  'vae-drums',
  'vae-trio',
  'gan',
  'diffusion',
  'spectral',
] as const;
/** One of `FAMILY_NAMES`. */
export type FamilyName = (typeof FAMILY_NAMES)[number];

/** A number or a word that sampling can be given; the command line and the Studio make their fields of it. */
export type FamilySetting =
  | {
      readonly kind: 'number';
      readonly name: string;
      /** One short sentence for listeners. */
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

/** Music that sampling starts from. */
export interface FamilyInput {
  readonly score?: Score;
  readonly clip?: AudioClip;
}

/** What is to be made. Settings left out have their defaults. */
export interface SampleRequest {
  /** Whole number from 0 to 2^53 − 1. The same request and model version give the same samples on every backend. */
  readonly seed: number;
  /** 1 to 64. */
  readonly count: number;
  /** As many as a mode of the model asks for; see `inputs`. */
  readonly inputs: readonly FamilyInput[];
  readonly settings: Readonly<Record<string, number | string>>;
}

/** One thing made: notes, or sound where the model makes sound. */
export interface Sample {
  /** Short, for a file name and a list: "groove 3", "morph 50 %". */
  readonly name: string;
  readonly score?: Score;
  readonly clip?: AudioClip;
}

/** Ways to watch work and to stop it. */
export interface SampleHooks {
  readonly onProgress?: OnProgress;
  /** When it fires, `sample` rejects with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A trained model that makes music. Implementations need nothing but the bytes of their checkpoint. */
export interface FamilySampler {
  readonly name: FamilyName;
  readonly version: string;
  /** One plain sentence: what it is good for that the composer is not. */
  readonly summary: string;
  /** Fewest and most inputs that it takes, and of which kind. */
  readonly inputs: {
    readonly fewest: number;
    readonly most: number;
    readonly kind: 'score' | 'clip' | 'either';
  };
  readonly settings: readonly FamilySetting[];
  /** Throws `argument/invalid` for a request outside the stated ranges, `cancelled` when the signal fires. */
  sample(request: SampleRequest, hooks?: SampleHooks): Promise<readonly Sample[]>;
}
