import { describe, expect, it } from 'vitest';
import {
  applyFilterBank,
  createDct,
  createMelBank,
  hertzToMel,
  melEdges,
  melToHertz,
} from './filter-banks.ts';

/** `librosa.mel_frequencies(n_mels=40)`, as printed in librosa's documentation. */
const LIBROSA_MEL_40 = [
  0, 85.317, 170.635, 255.952, 341.269, 426.586, 511.904, 597.221, 682.538, 767.855, 853.173, 938.49,
  1024.856, 1119.114, 1222.042, 1334.436, 1457.167, 1591.187, 1737.532, 1897.337, 2071.84, 2262.393, 2470.47,
  2697.686, 2945.799, 3216.731, 3512.582, 3835.643, 4188.417, 4573.636, 4994.285, 5453.621, 5955.205, 6502.92,
  7101.009, 7754.107, 8467.272, 9246.028, 10096.408, 11025,
];

describe('mel scale', () => {
  it("equals librosa's published table", () => {
    const edges = melEdges(38, 0, 11_025);
    LIBROSA_MEL_40.forEach((hertz, i) => expect(edges[i]!).toBeCloseTo(hertz, 2));
  });

  it('is linear to 1 kHz (15 mel), then 27 mel to a factor of 6.4', () => {
    expect(hertzToMel(500)).toBeCloseTo(7.5, 12);
    expect(hertzToMel(1000)).toBeCloseTo(15, 12);
    expect(hertzToMel(6400)).toBeCloseTo(42, 12);
    for (const hertz of [0, 20, 999, 1001, 20_000])
      expect(melToHertz(hertzToMel(hertz))).toBeCloseTo(hertz, 8);
  });
});

describe('HTK mel scale', () => {
  it('is 2595 log₁₀(1 + f / 700): 1000 mel at 1 kHz, and linear steps of a decade', () => {
    expect(hertzToMel(1000, 'htk')).toBeCloseTo(999.9855, 3); // the HTK book's 1000
    expect(hertzToMel(700 * 9, 'htk')).toBeCloseTo(2595, 9);
    for (const hertz of [0, 20, 999, 20_000])
      expect(melToHertz(hertzToMel(hertz, 'htk'), 'htk')).toBeCloseTo(hertz, 8);
  });
});

describe('mel bank', () => {
  it('scales triangles to a sum of 1, or leaves their peak at 1', () => {
    const shape = {
      bands: 20,
      frameSize: 4096,
      sampleRate: 16_000,
      low: 0,
      high: 8000,
      scale: 'htk',
    } as const;
    const flat = new Float64Array(2049).fill(1);
    const sums = new Float64Array(20);
    applyFilterBank(createMelBank({ ...shape, norm: 'sum' }), flat, sums);
    sums.forEach((sum) => expect(sum).toBeCloseTo(1, 12));
    const peak = createMelBank({ ...shape, norm: 'peak' });
    expect(Math.max(...peak.weights)).toBeLessThanOrEqual(1);
    expect(Math.max(...peak.weights)).toBeGreaterThan(0.99);
    applyFilterBank(peak, flat, sums); // area of a triangle of height 1: half its base, in bins
    const edges = melEdges(20, 0, 8000, 'htk');
    sums.forEach((sum, m) =>
      expect(Math.abs(sum / (((edges[m + 2]! - edges[m]!) / 2) * (4096 / 16_000)) - 1)).toBeLessThan(0.01),
    );
  });

  it('has triangles of area 1 in hertz, but for sampling by bins', () => {
    const bank = createMelBank({ bands: 40, frameSize: 8192, sampleRate: 22_050, low: 0, high: 11_025 });
    const flat = new Float64Array(4097).fill(22_050 / 8192); // 1 × bin width: a Riemann sum
    const areas = new Float64Array(40);
    applyFilterBank(bank, flat, areas);
    areas.forEach((area) => expect(Math.abs(area - 1)).toBeLessThan(0.02));
  });

  it('weighs 0 at its edges', () => {
    const bank = createMelBank({ bands: 4, frameSize: 16, sampleRate: 16_000, low: 0, high: 8000 });
    for (let m = 0; m < 4; m++) {
      for (let i = bank.offsets[m]!; i < bank.offsets[m + 1]!; i++)
        expect(bank.weights[i]!).toBeGreaterThan(0);
    }
    expect(bank.starts.every((bin) => bin >= 1)).toBe(true);
  });
});

describe('DCT', () => {
  it('is orthonormal', () => {
    const [rows, columns] = [20, 128];
    const dct = createDct(rows, columns);
    for (let a = 0; a < rows; a++) {
      for (let b = 0; b < rows; b++) {
        let dot = 0;
        for (let m = 0; m < columns; m++) dot += dct[a * columns + m]! * dct[b * columns + m]!;
        expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-13);
      }
    }
  });

  it('turns a cosine of its own into one coefficient', () => {
    const dct = createDct(4, 16);
    const wave = Array.from({ length: 16 }, (_, m) => Math.cos((Math.PI * 3 * (m + 0.5)) / 16));
    const out = [0, 1, 2, 3].map((k) => wave.reduce((sum, x, m) => sum + x * dct[k * 16 + m]!, 0));
    expect(out[3]!).toBeCloseTo(Math.sqrt(8), 12);
    expect(Math.max(...out.slice(0, 3).map(Math.abs))).toBeLessThan(1e-12);
  });
});
