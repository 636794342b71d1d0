import { createScore } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { keptWishes } from './count-control.ts';
import { findKeyByCorpusProfiles } from './key-finder.ts';

const tune = (pitches: readonly number[], program = 0): ReturnType<typeof createScore> =>
  createScore({
    tempos: [{ tick: 0, bpm: 90 }],
    meters: [{ tick: 0, numerator: 3, denominator: 4 }],
    tracks: [
      { program, notes: pitches.map((pitch, i) => ({ start: i * 240, duration: 240, pitch, velocity: 80 })) },
    ],
  });
/** Joy to the World in D; Greensleeves (harmonic minor) in A. */
const JOY = [74, 73, 71, 69, 67, 66, 64, 62, 69, 71, 71, 73, 73, 74, 74, 74, 73, 71, 69, 69, 67, 66, 74];
const GREEN = [69, 72, 74, 76, 77, 76, 74, 71, 67, 69, 71, 72, 69, 69, 68, 69, 71, 68, 64, 69];

describe('findKeyByCorpusProfiles', () => {
  it('hears known tunes in every transposition', () => {
    for (let shift = -5; shift < 7; shift++) {
      const moved = (tune_: readonly number[]): number[] => tune_.map((pitch) => pitch + shift);
      expect(findKeyByCorpusProfiles(tune(moved(JOY)))).toEqual({
        tonic: (2 + shift + 12) % 12,
        mode: 'major',
      });
      expect(findKeyByCorpusProfiles(tune(moved(GREEN)))).toEqual({
        tonic: (9 + shift + 12) % 12,
        mode: 'minor',
      });
    }
    expect(findKeyByCorpusProfiles(tune([]))).toBeUndefined();
  });
});

describe('keptWishes', () => {
  const request = {
    style: 'folk',
    tonic: 2,
    mode: 'major',
    tempo: 90,
    meter: { numerator: 3, denominator: 4 },
    instruments: [0],
    density: 2,
  } as const;

  it('counts what is there', () => {
    const all = {
      style: true,
      key: true,
      mode: true,
      tempo: true,
      meter: true,
      instruments: true,
      density: true,
    };
    expect(keptWishes(request, tune(JOY), 'folk')).toEqual(all);
    expect(keptWishes({}, tune(JOY), 'folk')).toEqual({});
  });

  it.each([
    ['style', {}],
    ['key', { tonic: 9 }],
    ['mode', { mode: 'minor' }],
    ['tempo', { tempo: 91 }],
    ['meter', { meter: { numerator: 6, denominator: 8 } }],
    ['instruments', { instruments: [0, 40] }],
    ['density', { density: 1.7 }],
  ] as const)('finds a wrong %s', (name, change) => {
    const heard = name === 'style' ? 'hymn' : 'folk';
    expect(keptWishes({ ...request, ...change }, tune(JOY), heard)[name]).toBe(false);
  });

  it('lets a piece without notes keep nothing', () => {
    expect(keptWishes(request, createScore({ tracks: [] }), undefined)).toMatchObject({
      key: false,
      tempo: false,
      meter: false,
      instruments: false,
      density: false,
    });
  });
});
