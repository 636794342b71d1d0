import type { ConditioningView, PianoRollData } from '@/api/types.ts';

/** What is to be done with which music, as MIDI bytes. */
export type DeviceTask =
  | { readonly kind: 'continue' | 'accompany' | 'reorchestrate'; readonly midi: Uint8Array }
  | { readonly kind: 'infill'; readonly midi: Uint8Array; readonly bars: readonly [number, number] }
  | {
      readonly kind: 'vary';
      readonly midi: Uint8Array;
      readonly keep: number;
      readonly unit: 'bars' | 'notes';
    };

export interface DeviceRequest {
  readonly conditioning: ConditioningView;
  /** To compose or to continue with; the other tasks take none. */
  readonly bars?: number;
  readonly seed: number;
  readonly task?: DeviceTask;
}

/** A finished piece and all that is needed to make it again. */
export interface DevicePiece {
  readonly title: string;
  readonly midi: Uint8Array<ArrayBuffer>;
  readonly roll: PianoRollData;
  readonly conditioning: ConditioningView;
  readonly seed: number;
  readonly bars: number;
  /** Name and hash of the weights, as the server writes them. */
  readonly modelVersion: string;
  readonly tokenizer: string;
}

export interface DeviceProgress {
  readonly done: number;
  readonly total: number;
  /** Bars finished, and the piece up to their end. */
  readonly bars: number;
  readonly roll: PianoRollData;
  /** Seconds up to which it is final. */
  readonly ready: number;
}

export type ToComposer =
  | { readonly kind: 'load'; readonly config: ArrayBuffer; readonly weights: ArrayBuffer }
  | { readonly kind: 'compose'; readonly request: DeviceRequest }
  | { readonly kind: 'cancel' };

export type FromComposer =
  | { readonly kind: 'loaded'; readonly modelVersion: string }
  | { readonly kind: 'progress'; readonly progress: DeviceProgress }
  | { readonly kind: 'done'; readonly piece: DevicePiece }
  | { readonly kind: 'failed'; readonly code: string | null; readonly message: string };
