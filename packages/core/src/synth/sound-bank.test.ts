import { describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng } from '../foundation/rng.ts';
import { createScore } from '../score/create-score.ts';
import { renderScore } from './render-score.ts';
import { parseSoundBank } from './sound-bank.ts';
import { tinySoundFont } from './tiny-sound-font.test-helper.ts';
import { trimSoundFont } from './trim-sound-font.ts';

const bank = tinySoundFont();
const SCORE = createScore({
  tracks: [0, 1].map((program) => ({
    program,
    notes: [{ start: 0, duration: 96, pitch: 69, velocity: 100 }],
  })),
});
const outcomeOf = (bytes: Uint8Array): Promise<unknown> =>
  renderScore(SCORE, bytes, { tailSeconds: 0 }).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('parseSoundBank', () => {
  it('reads a bank written by hand from the specification', () => {
    const { presets, samples } = parseSoundBank(bank);
    expect(presets.map(({ program, isGMGSDrum }) => [program, isGMGSDrum])).toEqual([
      [0, false],
      [1, false],
      [0, true],
    ]);
    expect(samples.map((sample) => [sample.sampleRate, sample.originalKey])).toEqual(
      Array.from({ length: 3 }, () => [44_000, 69]),
    );
    const sine = samples[0]!.getAudioData();
    expect(sine.length).toBe(2000);
    expect(sine[25]! * 32_768).toBeCloseTo(16_000, 0); // a quarter of the cycle of 100
  });

  it('refuses indices that give a preset the zones of others again and again', () => {
    const damaged = bank.slice();
    const text = String.fromCharCode(...damaged);
    const view = new DataView(damaged.buffer);
    view.setUint16(text.indexOf('inst') + 8 + 22 + 20, 0xff00, true); // where instrument 1 begins in ibag
    expect(() => parseSoundBank(damaged)).toThrowError(expect.objectContaining({ code: 'argument/invalid' }));
  });

  it('plays a mutated or cut bank, or refuses it with a typed error', async () => {
    const codes = new Set<string>();
    for (let seed = 0; seed < 80; seed++) {
      const rng = createRng(seed);
      const mutated = rng.integer(4) === 0 ? bank.slice(0, rng.integer(bank.length)) : bank.slice();
      const first = rng.integer(2) === 0 ? 0 : mutated.length - 900; // headers, or the records behind the sound
      for (let edit = 0; edit < 4; edit++) {
        mutated[Math.max(0, first) + rng.integer(900)] = [0, 0x7f, 0x80, 0xff, rng.integer(256)][
          rng.integer(5)
        ]!;
      }
      const error = await outcomeOf(mutated);
      if (error !== undefined) expect(error, `seed ${seed}`).toSatisfy((e) => isAttuneError(e));
      codes.add(isAttuneError(error) ? error.code : 'plays');
    }
    expect(codes).toContain('plays');
    expect(codes).toContain('argument/invalid');
  });

  it('plays notes that the bank has no preset or key for as silence or its nearest sound', async () => {
    const score = createScore({
      tracks: [
        { program: 99, notes: [{ start: 0, duration: 96, pitch: 127, velocity: 127 }] },
        { isDrum: true, notes: [{ start: 0, duration: 96, pitch: 0, velocity: 1 }] },
      ],
    });
    const clip = await renderScore(score, bank, { tailSeconds: 0, gain: 1 });
    expect(clip.channels[0]!.every(Number.isFinite)).toBe(true);
  });
});

describe('trimSoundFont', () => {
  it('keeps what one score plays, which sounds the same', async () => {
    const score = createScore({
      tracks: [{ program: 1, notes: [{ start: 0, duration: 960, pitch: 60, velocity: 100 }] }],
    });
    const trimmed = trimSoundFont(score, bank);
    expect(parseSoundBank(trimmed).presets.map(({ program }) => program)).toEqual([1]);
    const [part, whole] = [await renderScore(score, trimmed), await renderScore(score, bank)];
    const bytesOf = (samples: Float32Array): Buffer => Buffer.from(samples.buffer);
    part.channels.forEach((channel, side) => {
      expect(bytesOf(channel).equals(bytesOf(whole.channels[side]!))).toBe(true);
    });
  });

  it('keeps the programs of tracks beyond the fifteenth', () => {
    const tracks = Array.from({ length: 17 }, (_, i) => ({
      program: i < 16 ? 0 : 1,
      notes: [{ start: 0, duration: 10, pitch: 60, velocity: 100 }],
    }));
    const trimmed = trimSoundFont(createScore({ tracks }), bank);
    expect(parseSoundBank(trimmed).presets.map(({ program }) => program)).toEqual([0, 1]);
  });
});
