import { expect, it } from 'vitest';
import type { VoiceGrid } from '../vae/voice-grid.ts';
import { HOLD, REST } from '../vae/voices.ts';
import { drawKey, KEY_CHOICES, keyIndex, keyOfMelody, MELODY_KEYS, moveToKey } from './melody-key.ts';
import { createRng } from '@attune/core';

/** One note a quarter, the last held for a bar. */
function melody(pitches: readonly number[]): VoiceGrid {
  return Uint16Array.from([
    ...pitches.flatMap((pitch) => [pitch, HOLD, HOLD, REST]),
    ...Array<number>(12).fill(HOLD),
  ]);
}

const C_MAJOR = melody([60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]);
const A_MINOR = melody([57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57]);

it('hears the scales of C major and A minor, and nothing in silence', () => {
  expect(keyOfMelody(C_MAJOR)).toEqual({ tonic: 0, mode: 'major' });
  expect(keyOfMelody(A_MINOR)).toEqual({ tonic: 9, mode: 'minor' });
  expect(keyOfMelody(new Uint16Array(32).fill(REST))).toBeUndefined();
});

it('names 24 keys in order', () => {
  expect(new Set(KEY_CHOICES).size).toBe(24);
  expect(MELODY_KEYS.map(keyIndex)).toEqual(Array.from({ length: 24 }, (_, i) => i));
  expect(KEY_CHOICES[keyIndex({ tonic: 3, mode: 'major' })]).toBe('Eb major');
});

it('moves a melody to the tonic asked for, or to the scale of the other mode, by at most half an octave', () => {
  expect(keyOfMelody(moveToKey(C_MAJOR, { tonic: 10, mode: 'major' }))).toEqual({ tonic: 10, mode: 'major' });
  expect(moveToKey(C_MAJOR, { tonic: 10, mode: 'major' })[0]).toBe(58);
  expect(moveToKey(C_MAJOR, { tonic: 6, mode: 'major' })[0]).toBe(66);
  expect(moveToKey(C_MAJOR, { tonic: 9, mode: 'minor' })).toEqual(C_MAJOR); // the same seven tones
  expect(keyOfMelody(moveToKey(A_MINOR, { tonic: 2, mode: 'minor' }))).toEqual({ tonic: 2, mode: 'minor' });
});

it('draws major keys as often as asked', () => {
  const rng = createRng(1);
  expect(Array.from({ length: 50 }, () => drawKey(1, rng)).every(({ mode }) => mode === 'major')).toBe(true);
  const tonics = new Set(Array.from({ length: 200 }, () => drawKey(0, rng).tonic));
  expect(tonics.size).toBe(12);
});
