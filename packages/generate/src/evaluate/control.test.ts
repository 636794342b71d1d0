import type { Note, Score, Track } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { controlAccuracy, controlsMet } from './control.ts';

function track(program: number, notes: readonly Note[], isDrum = false): Track {
  return { name: '', program, isDrum, notes, controls: [], bends: [] };
}

const scale = [60, 62, 64, 65, 67, 65, 64, 62, 60, 64, 67, 72, 67, 64, 60, 60].map((pitch, i): Note => ({
  start: i * 240,
  duration: 240,
  pitch,
  velocity: 80,
}));
const piece: Score = {
  ticksPerQuarter: 480,
  title: '',
  tracks: [track(0, scale), track(0, [{ start: 0, duration: 240, pitch: 36, velocity: 90 }], true)],
  tempos: [{ tick: 0, bpm: 96 }],
  meters: [{ tick: 0, numerator: 2, denominator: 4 }],
  keys: [],
  texts: [],
};

describe('controlsMet', () => {
  it('judges each control that was asked for, and no other', () => {
    expect(controlsMet({ request: {}, score: piece })).toEqual({});
    const request = {
      tonic: 0,
      mode: 'major',
      tempo: 96,
      meter: { numerator: 2, denominator: 4 },
      instruments: [128, 0],
      density: 17 / 8,
    } as const;
    expect(controlsMet({ request, score: piece })).toEqual({
      key: true,
      mode: true,
      tempo: true,
      meter: true,
      instruments: true,
      density: true,
    });
  });

  it.each([
    ['key', { tonic: 7 }],
    ['key', { tonic: 0, mode: 'minor' }],
    ['tempo', { tempo: 97 }],
    ['meter', { meter: { numerator: 4, denominator: 8 } }],
    ['instruments', { instruments: [0] }],
    ['instruments', { instruments: [0, 40, 128] }],
    ['density', { density: 2.5 }],
  ] as const)('finds the wrong %s %o', (control, request) => {
    expect(controlsMet({ request, score: piece })[control]).toBe(false);
  });

  it('asks the judge of style, and counts unsure as wrong', () => {
    const styled = { request: { style: 'folk' }, score: piece } as const;
    expect(controlsMet(styled, { classifyStyle: () => 'folk' }).style).toBe(true);
    expect(controlsMet(styled, { classifyStyle: () => null }).style).toBe(false);
    expect(controlsMet(styled).style).toBeUndefined();
  });
});

describe('controlAccuracy', () => {
  it('counts over those who asked; an empty piece misses all', () => {
    const result = controlAccuracy([
      { request: { tempo: 96 }, score: piece },
      { request: { tempo: 60 }, score: piece },
      { request: { tempo: 96, tonic: 0 }, score: { ...piece, tracks: [] } },
      { request: { tonic: 0 }, score: piece },
    ]);
    expect(result.tempo).toEqual({ asked: 3, met: 1, share: 1 / 3 });
    expect(result.key).toEqual({ asked: 2, met: 1, share: 0.5 });
    expect(result.style).toMatchObject({ asked: 0, share: NaN });
  });
});
