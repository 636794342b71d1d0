import { AttuneError } from '@attune/core';
import type { Frame, FramePiece } from './frame-coding.ts';

/** One set of the polyphonic likelihood benchmark (Boulanger-Lewandowski et al. 2012): pieces by published split. */
export interface PolyphonySet {
  readonly train: readonly FramePiece[];
  readonly valid: readonly FramePiece[];
  /** Absent where the test part is kept apart. */
  readonly test?: readonly FramePiece[];
}

/** From the parsed JSON {split: [piece: [frame: [pitch, …], …], …]}. Throws `dataset/malformed` with the place. */
export function parsePolyphonySet(value: unknown): PolyphonySet {
  const splits = value as Partial<Record<'train' | 'valid' | 'test', unknown>>;
  const piecesOf = (split: 'train' | 'valid' | 'test'): FramePiece[] => {
    const pieces = splits?.[split];
    if (!Array.isArray(pieces)) {
      throw new AttuneError('dataset/malformed', `The set has no list of pieces called ${split}.`, { split });
    }
    return pieces.map((piece, number) => parsePiece(piece, `${split}[${number}]`));
  };
  return {
    train: piecesOf('train'),
    valid: piecesOf('valid'),
    ...(splits?.test !== undefined && { test: piecesOf('test') }),
  };
}

function parsePiece(value: unknown, place: string): FramePiece {
  const isFrame = (frame: unknown): frame is Frame =>
    Array.isArray(frame) && frame.every((pitch) => Number.isInteger(pitch) && pitch >= -1 && pitch <= 127);
  const frames = Array.isArray(value) ? (value as unknown[]) : [];
  const wrong = frames.findIndex((frame) => !isFrame(frame));
  if (!Array.isArray(value) || wrong >= 0) {
    throw new AttuneError('dataset/malformed', `${place} is no list of frames of MIDI pitches.`, {
      place: wrong < 0 ? place : `${place}[${wrong}]`,
    });
  }
  return frames as FramePiece;
}
