import type { AudioClip } from '@attune/core/audio';
import { describe, expect, it } from 'vitest';
import { describeClip } from './describe.ts';

const RATE = 22_050;

/** Fading tones with an overtone, each so long. */
function tones(pitches: readonly number[], seconds: number): AudioClip {
  const each = Math.round(seconds * RATE);
  const samples = Float32Array.from({ length: each * pitches.length }, (_, n) => {
    const turn = (2 * Math.PI * 440 * 2 ** ((pitches[Math.floor(n / each)]! - 69) / 12) * n) / RATE;
    return 0.2 * (Math.sin(turn) + 0.5 * Math.sin(2 * turn)) * Math.exp((-6 * (n % each)) / each);
  });
  return { sampleRate: RATE, channels: [samples] };
}

describe('recorded sound', () => {
  it('has the key and the tempo that are played', async () => {
    // D major: chords, scale and cadence, 120 tones a minute.
    const tune = [62, 66, 69, 74, 62, 64, 66, 67, 69, 71, 73, 74, 67, 71, 62, 69, 73, 64, 62, 66, 69, 62];
    const found = await describeClip(tones(tune, 0.5));
    expect(found).toMatchObject({ seconds: 11, tonic: 2, mode: 'major', meter: null, instruments: [] });
    expect([60, 120, 240].some((bpm) => Math.abs(found.tempo! / bpm - 1) < 0.03)).toBe(true);
  });
  it('has neither where there is none, or where the key is doubtful', async () => {
    const silence = await describeClip({ sampleRate: RATE, channels: [new Float32Array(3 * RATE)] });
    expect(silence).toMatchObject({ tempo: null, tonic: null, mode: null });
    // All twelve pitches alike are in every key.
    const chromatic = await describeClip(
      tones(
        [...Array(36).keys()].map((i) => 60 + ((i * 7) % 12)),
        0.25,
      ),
    );
    expect(chromatic).toMatchObject({ tonic: null, mode: null });
  });
});
