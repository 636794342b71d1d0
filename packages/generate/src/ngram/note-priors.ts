import type { Rng } from '@attune/core';
import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import type { EncodedPiece } from '../evaluate/note-model.ts';

const headerSchema = z.object({
  /** Numerator and denominator. */
  meter: z.tuple([z.number().int().positive(), z.number().int().positive()]),
  tempo: z.number().positive(),
  instruments: z.array(z.number().int().min(0).max(128)).min(1).readonly(),
});
/** Meter, tempo and instruments of a training piece: what a sample is made in. */
export type PieceHeader = z.infer<typeof headerSchema>;

/** Some headers of each style. */
export const notePriorsSchema = z.record(z.string(), z.array(headerSchema).min(1).readonly());
/** From which meter, tempo and instruments of a sample are drawn, by style. */
export type NotePriors = z.infer<typeof notePriorsSchema>;

const MOST_HEADERS = 24;

/** At most 24 headers a style, drawn with `rng`. Pieces without a style, or without tempo or instruments, give none. */
export function createNotePriors(pieces: Iterable<EncodedPiece>, rng: Rng): NotePriors {
  const byStyle = new Map<string, PieceHeader[]>();
  for (const { sequence, conditioning } of pieces) {
    const { style, tempo, instruments } = conditioning;
    if (!style || !tempo || !instruments || instruments.length === 0) continue;
    const header: PieceHeader = {
      meter: [sequence.meter.numerator, sequence.meter.denominator],
      tempo: Math.round(Math.min(300, Math.max(20, tempo))),
      instruments: [...instruments],
    };
    byStyle.set(style, [...(byStyle.get(style) ?? []), header]);
  }
  return Object.fromEntries(
    [...byStyle].map(([style, headers]) => [style, rng.shuffle(headers).slice(0, MOST_HEADERS)]),
  );
}
