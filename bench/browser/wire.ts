import type { Outcome } from './works.ts';

/** An outcome as text: the kind of its array, and its bytes in base64. */
export interface WireOutcome {
  readonly kind: keyof typeof KINDS;
  readonly base64: string;
}

const KINDS = { Uint8Array, Int32Array, Float32Array, Float64Array };

export function toWire(outcome: Outcome): WireOutcome {
  const bytes = new Uint8Array(outcome.buffer, outcome.byteOffset, outcome.byteLength);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { kind: outcome.constructor.name as WireOutcome['kind'], base64: btoa(text) };
}

export function fromWire({ kind, base64 }: WireOutcome): Outcome {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new KINDS[kind](bytes.buffer);
}
