import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import type { AudioClip } from './audio-clip.ts';
import { kWeighting } from './k-weighting.ts';
import { decibelsToGain } from './level.ts';
import { measureLoudness, normaliseLoudness } from './loudness.ts';
import { measureTruePeak } from './true-peak.ts';

/** Peak level in dBFS and duration in seconds of one stretch of tone. */
type Tone = readonly [levelDb: number, seconds: number];

/** A 1 kHz sine in `channels` equal channels, its level changing in steps. */
function tones(steps: readonly Tone[], channels = 2, sampleRate = 48_000): AudioClip {
  const total = steps.reduce((sum, [, seconds]) => sum + Math.round(seconds * sampleRate), 0);
  const channel = new Float32Array(total);
  const period = Float64Array.from({ length: sampleRate / 1000 }, (_, i) =>
    Math.sin((2 * Math.PI * 1000 * i) / sampleRate),
  );
  let at = 0;
  for (const [levelDb, seconds] of steps) {
    const gain = decibelsToGain(levelDb);
    for (let n = Math.round(seconds * sampleRate); n > 0; n--, at++)
      channel[at] = gain * period[at % period.length]!;
  }
  return { sampleRate, channels: Array.from({ length: channels }, () => channel) };
}

const repeat = (count: number, ...steps: Tone[]): Tone[] => Array.from({ length: count }, () => steps).flat();
const SILENCE = -200;

describe('kWeighting', () => {
  it('has the coefficients of BS.1770 at 48 kHz', () => {
    const [shelf, pass] = kWeighting(48_000);
    const expected = [
      1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
    ];
    [...shelf.b, ...shelf.a].forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
    const highPass = [1, -2, 1, -1.99004745483398, 0.99007225036621];
    [...pass.b, ...pass.a].forEach((value, i) => expect(value).toBeCloseTo(highPass[i]!, 12));
  });
});

describe('measureLoudness on the signals of EBU Tech 3341', () => {
  // minimum requirements test signals 3–5: integrated loudness, ±0.1 LU
  it.each([
    [
      '3',
      [
        [-36, 10],
        [-23, 60],
        [-36, 10],
      ],
      -23,
    ],
    [
      '4',
      [
        [-72, 10],
        [-36, 10],
        [-23, 60],
        [-36, 10],
        [-72, 10],
      ],
      -23,
    ],
    [
      '5',
      [
        [-26, 20],
        [-20, 20.1],
        [-26, 20],
      ],
      -23,
    ],
  ] as const)('case %s', (_, steps, expected) => {
    expect(Math.abs(measureLoudness(tones(steps)).integratedLufs - expected)).toBeLessThanOrEqual(0.1);
  });

  it.each([
    ['1', -23],
    ['2', -33],
  ])('case %s: momentary and short-term too', (_, level) => {
    const { integratedLufs, momentaryLufs, shortTermLufs } = measureLoudness(tones([[level, 20]]));
    for (const value of [integratedLufs, ...momentaryLufs, ...shortTermLufs])
      expect(Math.abs(value - level)).toBeLessThanOrEqual(0.1);
  });

  it('case 6: 5.0 channels, with and without an LFE', () => {
    const [front, centre, back] = [-28, -24, -30].map((level) => tones([[level, 20]], 1).channels[0]!);
    const five = { sampleRate: 48_000, channels: [front!, front!, centre!, back!, back!] };
    expect(Math.abs(measureLoudness(five).integratedLufs + 23)).toBeLessThanOrEqual(0.1);
    const loud = tones([[0, 20]], 1).channels[0]!;
    const six = { ...five, channels: [front!, front!, centre!, loud, back!, back!] };
    expect(measureLoudness(six).integratedLufs).toBe(measureLoudness(five).integratedLufs);
  });

  it('case 9: short-term loudness is −23 at every moment from 3 s on', () => {
    const { shortTermLufs } = measureLoudness(tones(repeat(5, [-20, 1.34], [-30, 1.66])));
    expect(shortTermLufs.length).toBe(121);
    for (const value of shortTermLufs) expect(Math.abs(value + 23)).toBeLessThanOrEqual(0.1);
  });

  it('case 10: the largest short-term loudness of a 3 s tone does not depend on where it starts', () => {
    for (let i = 1; i < 20; i += 6) {
      const { maxShortTermLufs } = measureLoudness(
        tones([
          [SILENCE, i * 0.15],
          [-23, 3],
          [SILENCE, 1],
        ]),
      );
      expect(Math.abs(maxShortTermLufs + 23)).toBeLessThanOrEqual(0.1);
    }
  });

  it('case 12: momentary loudness is −23 at every moment', () => {
    const { momentaryLufs } = measureLoudness(tones(repeat(25, [-20, 0.18], [-30, 0.22])));
    expect(momentaryLufs.length).toBe(97);
    for (const value of momentaryLufs) expect(Math.abs(value + 23)).toBeLessThanOrEqual(0.1);
  });

  it('case 13: the largest momentary loudness of a 400 ms tone, wherever it starts', () => {
    for (let i = 0; i < 20; i++) {
      const { maxMomentaryLufs } = measureLoudness(
        tones([
          [SILENCE, i * 0.02],
          [-23, 0.4],
          [SILENCE, 1],
        ]),
      );
      expect(Math.abs(maxMomentaryLufs + 23)).toBeLessThanOrEqual(0.1);
    }
  });
});

describe('the loudness range of the signals of EBU Tech 3342', () => {
  it.each([
    [
      '1',
      [
        [-20, 20],
        [-30, 20],
      ],
      10,
    ],
    [
      '2',
      [
        [-20, 20],
        [-15, 20],
      ],
      5,
    ],
    [
      '3',
      [
        [-40, 20],
        [-20, 20],
      ],
      20,
    ],
    [
      '4',
      [
        [-50, 20],
        [-35, 20],
        [-20, 20],
        [-35, 20],
        [-50, 20],
      ],
      15,
    ],
  ] as const)('case %s, ±1 LU', (_, steps, expected) => {
    const { rangeLu } = measureLoudness(tones(steps, 2, 24_000));
    expect(Math.abs(rangeLu - expected)).toBeLessThanOrEqual(1);
  });
});

describe('measureLoudness', () => {
  // BS.1770: 997 Hz at 0 dBFS in one front channel is −3.01 LUFS, and level adds in decibels
  it.each([8000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])(
    'reads −3.01 LUFS for 997 Hz at %i Hz',
    (sampleRate) => {
      const sine = Float32Array.from({ length: 2 * sampleRate }, (_, i) =>
        Math.sin((2 * Math.PI * 997 * i) / sampleRate),
      );
      expect(measureLoudness({ sampleRate, channels: [sine] }).integratedLufs).toBeCloseTo(-3.01, 1);
      expect(measureLoudness({ sampleRate, channels: [sine, sine] }).integratedLufs).toBeCloseTo(0, 1);
    },
  );

  it('is −Infinity for silence and for less than 400 ms, without a range', () => {
    for (const seconds of [2, 0.3]) {
      const { integratedLufs, rangeLu, truePeakDb } = measureLoudness(tones([[-Infinity, seconds]]));
      expect([integratedLufs, rangeLu, truePeakDb]).toEqual([-Infinity, 0, -Infinity]);
    }
    expect(measureLoudness(tones([[-10, 0.3]])).momentaryLufs.length).toBe(0);
  });

  it('takes the weights given, and asks for them where it knows none', () => {
    const clip = tones([[-20, 2]], 4);
    const { integratedLufs } = measureLoudness({ ...clip, channels: clip.channels.slice(0, 1) });
    expect(measureLoudness(clip, { weights: [0.5, 0.25, 0.25, 0] }).integratedLufs).toBeCloseTo(
      integratedLufs,
      9,
    );
    const refusal = expect.objectContaining({ code: 'argument/invalid' }) as Error;
    expect(() => measureLoudness(clip)).toThrowError(refusal);
    expect(() => measureLoudness(clip, { weights: [1, 1] })).toThrowError(refusal);
    expect(() => measureLoudness(clip, { weights: [1, 1, 1, NaN] })).toThrowError(refusal);
    expect(() => measureLoudness({ sampleRate: 2000, channels: [new Float32Array(4000)] })).toThrowError(
      refusal,
    );
  });
});

describe('normaliseLoudness', () => {
  /** Noise with a loud burst every second. */
  function bursts(): AudioClip {
    const rng = createRng(5);
    const channel = () =>
      Float32Array.from({ length: 5 * 44_100 }, (_, i) => rng.normal() * (i % 44_100 < 400 ? 0.2 : 0.03));
    return { sampleRate: 44_100, channels: [channel(), channel()] };
  }

  it.each([-14, -23])('brings music to %d LUFS, under the ceiling', (targetLufs) => {
    const out = normaliseLoudness(bursts(), { targetLufs });
    expect(Math.abs(measureLoudness(out).integratedLufs - targetLufs)).toBeLessThan(0.1);
    expect(measureTruePeak(out)).toBeLessThanOrEqual(decibelsToGain(-1));
    expect(out.channels[0]!.length).toBe(5 * 44_100);
  });

  it('scales by one number where no peak is in the way', () => {
    const clip = bursts();
    const out = normaliseLoudness(clip, { targetLufs: -40 });
    const gain = out.channels[0]![1000]! / clip.channels[0]![1000]!;
    out.channels[1]!.forEach((sample, i) => expect(sample).toBeCloseTo(clip.channels[1]![i]! * gain, 6));
  });

  it('leaves silence silent, and refuses a target that is no number', () => {
    const silent = { sampleRate: 8000, channels: [new Float32Array(8000)] };
    expect(normaliseLoudness(silent)).toBe(silent);
    expect(() => normaliseLoudness(silent, { targetLufs: NaN })).toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});
