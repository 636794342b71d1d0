import type { OnProgress, Score } from '@attune/core';
import type { Conditioning, ScoreAnalysis, Style } from '@attune/core/style';

/**
 * What is to be done, and with what music. Bars count from 1 on the score's main meter; what is given stays as it
 * is. All but 'compose' and 'continue' need a model that learned to write beside given notes (`GeneratorInfo.tasks`).
 */
export type GenerationTask =
  | { readonly kind: 'compose' }
  /** Writes `bars` more bars; the same as `prompt`. */
  | { readonly kind: 'continue'; readonly score: Score }
  /** Writes the bars first … last anew, given what stands on both sides. */
  | { readonly kind: 'infill'; readonly score: Score; readonly bars: readonly [first: number, last: number] }
  /** Adds the instruments of the conditioning, none of which plays yet. */
  | { readonly kind: 'accompany'; readonly score: Score }
  /** Sets the same music for the instruments of the conditioning; drums stay as they are. */
  | { readonly kind: 'reorchestrate'; readonly score: Score }
  /**
   * Keeps a share of the music, 0 to below 1, and writes the rest anew: whole bars (default), or notes, of which
   * kept and new ones then mix in every bar. The seed decides which.
   */
  | {
      readonly kind: 'vary';
      readonly score: Score;
      readonly keep: number;
      readonly unit?: 'bars' | 'notes';
    };
/** One of the tasks' names. */
export type GenerationTaskKind = GenerationTask['kind'];

/** What is asked of a composer. Everything left open in `conditioning` is drawn from what the model learned. */
export interface GenerationRequest {
  readonly conditioning: Conditioning;
  /** Default: compose, or continue the `prompt`. */
  readonly task?: GenerationTask;
  /** Bars to compose, 1 to 256; after a prompt: bars more. The other tasks take their bars from what is given. */
  readonly bars?: number;
  /** Whole number from 0 to 2^53 − 1. The same request, seed and model version give the same notes. */
  readonly seed: number;
  /** Above 0; below 1 the likely becomes likelier. Default: the model's own. */
  readonly temperature?: number;
  /** 0 < topP ≤ 1: only the likeliest values that together have this probability are drawn. */
  readonly topP?: number;
  /** How strongly wishes are stressed: 1 is as learned, more is closer to the wishes and less varied; 0 to 10. Default: the model's own. */
  readonly guidance?: number;
  /** Music to continue, without a `task`. Tempo, meter, key and instruments are its own where the request leaves them open. */
  readonly prompt?: Score;
}

/** Ways to watch a composition and to stop it. */
export interface GenerationHooks {
  /** Counts bars. */
  readonly onProgress?: OnProgress;
  /** Called when a bar is complete: its number from 1, and the piece up to its end. */
  readonly onBar?: (bar: number, score: () => Score) => void;
  /** When it fires, `generate` rejects with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A composed piece with all that is needed to make it again. */
export interface GeneratedPiece {
  readonly score: Score;
  /**
   * What the piece was made for: style, key, tempo, meter and instruments resolved (drums alone have no key);
   * density and mood only where they were asked for. The same request with this conditioning gives the same notes.
   */
  readonly conditioning: Conditioning;
  /** What the piece turned out to be: density, mood and instruments as measured. */
  readonly analysis: ScoreAnalysis;
  readonly seed: number;
  /** Bars of the whole score. */
  readonly bars: number;
  /** Of these the first ones that come from the prompt. */
  readonly promptBars: number;
  readonly modelVersion: string;
  /** Mean −ln p of the composed notes under the model at temperature 1. */
  readonly nats: number;
  /**
   * By how many nats a note the model finds the notes likelier told what guidance stresses than not told it; absent at
   * guidance 1. Where that is the style alone, the candidate of the highest sum is the one whose notes speak most for the
   * style by Bayes' rule.
   */
  readonly evidence?: number;
}

/** What a generator can do. */
export interface GeneratorInfo {
  readonly version: string;
  /** Styles that the model was trained on. */
  readonly styles: readonly Style[];
  /** Tasks that it can do; default: compose and continue. */
  readonly tasks?: readonly GenerationTaskKind[];
  /** Whether it knows sections: `form` of the conditioning. */
  readonly knowsForm?: boolean;
  /** Meters that it knows well, as 'numerator/denominator'. */
  readonly meters: readonly string[];
  readonly parameters: number;
}

/** Composes music. Implementations are safe to use for several pieces at a time. */
export interface Generator {
  readonly info: GeneratorInfo;
  /** Throws `argument/invalid` for a request outside the stated ranges, `cancelled` when the signal fires. */
  generate(request: GenerationRequest, hooks?: GenerationHooks): Promise<GeneratedPiece>;
}
