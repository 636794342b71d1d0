import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { audioClaims } from './audio-claims.ts';
import { type AudioSeed, makeAudioSeeds } from './audio-seeds.ts';
import { judgeDecoding } from './audio-verdict.ts';
import { mutateAudio } from './mutate-audio.ts';
import { crcOf } from './ogg-bytes.ts';

let seeds: AudioSeed[];

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // the decoders print what they also return
  seeds = await makeAudioSeeds();
});

describe('damaged sound files', () => {
  it('begin as sound ones', async () => {
    for (const { name, bytes } of seeds)
      expect(await judgeDecoding(bytes), name).toMatchObject({ outcome: 'decoded' });
  });

  it('decode to what their headers say, or are refused with a typed error', async () => {
    const rng = createRng(2026);
    for (let round = 0; round < 150; round++) {
      const { seed, mutation, bytes } = mutateAudio(seeds, rng);
      const { outcome, remark } = await judgeDecoding(bytes);
      expect(outcome, `${seed.format}, ${mutation}, round ${round}: ${remark}`).toMatch(
        /^(decoded|audio\/\w+)$/,
      );
    }
  });

  it('come out the same for the same seed, and leave the sound file alone', () => {
    const before = seeds.map(({ bytes }) => bytes.slice());
    for (let round = 0; round < 50; round++)
      expect(mutateAudio(seeds, createRng(round))).toEqual(mutateAudio(seeds, createRng(round)));
    expect(seeds.map(({ bytes }) => bytes)).toEqual(before);
  });
});

describe('the judge', () => {
  it('computes checksums as published', () => {
    const digits = new TextEncoder().encode('123456789'); // the check values of the CRC catalogue
    expect(crcOf(digits, 8, 0x07)).toBe(0xf4); // CRC-8/SMBUS
    expect(crcOf(digits, 16, 0x8005)).toBe(0xfee8); // CRC-16/UMTS
    expect(crcOf(digits, 32, 0x04c11db7)).toBe(0x89a1897f); // CRC-32/CKSUM, 0x765e7680, before its final inversion
  });

  it('sees a header that lies', () => {
    const wav = seeds.find(({ name }) => name === '16 bits, mono')!.bytes.slice();
    expect(audioClaims(wav, 'wav')).toEqual([{ channels: 1, sampleRate: 8000, frames: 2400 }]);
    new DataView(wav.buffer).setUint32(24, 44_100, true);
    expect(audioClaims(wav, 'wav')).toEqual([{ channels: 1, sampleRate: 44_100, frames: 2400 }]);
  });
});
