import { AttuneError } from '../../foundation/errors.ts';
import type { Hertz, MidiPitch, Sample } from '../../foundation/units.ts';
import { createRealFft, type RealFft } from '../../spectral/real-fft.ts';

/** Settings of a constant-Q transform; all that its kernels depend on. */
export interface ConstantQSettings {
  readonly sampleRate: Hertz;
  /** Frame t is centred on sample t × hopSize, with zeros beyond the ends. Default 512. */
  readonly hopSize: Sample;
  /** 12, 24 or 36. Default 12. */
  readonly binsPerOctave: number;
  /** Pitch of bin 0; bin k lies k / binsPerOctave octaves above. Default 24, which is C1. */
  readonly lowestPitch: MidiPitch;
  /** Default 7, or as many as end below the Nyquist frequency. */
  readonly octaves: number;
  /** Frequency of A4. Default 440. */
  readonly tuning: Hertz;
}

/** Constant-Q transform of a mono signal. A steady sine of amplitude A at a bin's frequency has magnitude A there. */
export interface ConstantQSpectrogram {
  readonly settings: ConstantQSettings;
  readonly frames: number;
  readonly bins: number;
  /** [bins], Hz. */
  readonly frequencies: Float64Array;
  /** [frames, bins]; phase counted from the frame's centre. */
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/** The kernels and scratch of one setting; use one plan per thread. */
export interface ConstantQ {
  readonly settings: ConstantQSettings;
  /** [bins], Hz. */
  readonly frequencies: Float64Array;
  /** `samples`: mono at `settings.sampleRate`, at least one, else `feature/invalid`. */
  analyse(samples: Float32Array): ConstantQSpectrogram;
}

/** Lobes of a kernel's spectrum kept on either side; beyond them Hann's are under 1 / (π 8 (8² − 1)) of its peak. */
const LOBES = 8;
const MAX_FRAME = 2 ** 18;

/**
 * Kernels after Brown & Puckette 1992 ("An efficient algorithm for the calculation of a constant Q transform"), with
 * Q = 1 / (2^(1/b) − 1) for b bins an octave: bin k is the frame under a Hann window of Q × rate / frequency samples,
 * taken in the frequency domain. The windows are symmetric about the frame's centre, so that kernels are real; their
 * spectra are written down in closed form and cut after `LOBES` lobes. All bins share one transform of the longest
 * window; nothing is decimated. Throws `feature/invalid` for settings that make no sense together.
 */
export function createConstantQ(
  options: Partial<ConstantQSettings> & { readonly sampleRate: Hertz },
): ConstantQ {
  const { sampleRate, hopSize = 512, binsPerOctave = 12, lowestPitch = 24, tuning = 440 } = options;
  const lowest = tuning * 2 ** ((lowestPitch - 69) / 12);
  const { octaves = Math.min(7, Math.floor(Math.log2(sampleRate / 2 / lowest))) } = options;
  const settings = { sampleRate, hopSize, binsPerOctave, lowestPitch, octaves, tuning };
  requireSettings(settings, lowest);
  return new KernelTransform(settings, lowest);
}

/** Constant-Q transform of one signal. Errors as in `createConstantQ` and `ConstantQ.analyse`. */
export function cqt(
  samples: Float32Array,
  options: Partial<ConstantQSettings> & { readonly sampleRate: Hertz },
): ConstantQSpectrogram {
  return createConstantQ(options).analyse(samples);
}

class KernelTransform implements ConstantQ {
  readonly settings: ConstantQSettings;
  readonly frequencies: Float64Array;
  private readonly fft: RealFft;
  /** Bin k weighs spectrum bins starts[k] … by weights[offsets[k] … offsets[k + 1]). */
  private readonly starts: Int32Array;
  private readonly offsets: Int32Array;
  private readonly weights: Float64Array;
  /** [N]. */
  private readonly frame: Float64Array;
  /** [N / 2 + 1]. */
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(settings: ConstantQSettings, lowest: Hertz) {
    const { sampleRate, binsPerOctave, octaves } = settings;
    const bins = octaves * binsPerOctave;
    const q = qualityOf(binsPerOctave);
    const size = frameSizeOf(settings, lowest);
    this.settings = settings;
    this.frequencies = Float64Array.from({ length: bins }, (_, k) => lowest * 2 ** (k / binsPerOctave));
    this.fft = createRealFft(size);
    this.frame = new Float64Array(size);
    this.re = new Float64Array(size / 2 + 1);
    this.im = new Float64Array(size / 2 + 1);
    this.starts = new Int32Array(bins);
    this.offsets = new Int32Array(bins + 1);
    const weights: number[] = [];
    this.frequencies.forEach((frequency, k) => {
      this.starts[k] = writeKernel(frequency / sampleRate, (q * sampleRate) / frequency, size, weights);
      this.offsets[k + 1] = weights.length;
    });
    this.weights = Float64Array.from(weights);
  }

  analyse(samples: Float32Array): ConstantQSpectrogram {
    if (samples.length === 0)
      throw new AttuneError('feature/invalid', 'An empty signal has no constant-Q transform.');
    const { settings, frequencies, starts, offsets, weights, re, im } = this;
    const bins = frequencies.length;
    const frames = 1 + Math.floor(samples.length / settings.hopSize);
    const out = { re: new Float32Array(frames * bins), im: new Float32Array(frames * bins) };
    for (let t = 0, row = 0; t < frames; t++, row += bins) {
      this.readFrame(samples, t * settings.hopSize);
      this.fft.transform(this.frame, re, im);
      for (let k = 0; k < bins; k++) {
        let real = 0;
        let imaginary = 0;
        const end = offsets[k + 1]!;
        for (let i = offsets[k]!, bin = starts[k]!; i < end; i++, bin++) {
          real += weights[i]! * re[bin]!;
          imaginary += weights[i]! * im[bin]!;
        }
        out.re[row + k] = real;
        out.im[row + k] = imaginary;
      }
    }
    return { settings, frames, bins, frequencies, ...out };
  }

  /** N samples around `centre`. */
  private readFrame(samples: Float32Array, centre: Sample): void {
    const { frame } = this;
    const start = centre - frame.length / 2;
    const from = Math.min(frame.length, Math.max(0, -start));
    const to = Math.max(from, Math.min(frame.length, samples.length - start));
    frame.fill(0, 0, from);
    for (let n = from; n < to; n++) frame[n] = samples[start + n]!;
    frame.fill(0, to);
  }
}

/**
 * Appends the kernel of `cycles` a sample under a Hann window of `length` samples: its spectrum, real, times 2 / (N Σw),
 * times (−1)^j, because the window's middle is the middle of the frame. Returns the first bin j.
 */
function writeKernel(cycles: number, length: number, size: number, weights: number[]): number {
  const reach = Math.ceil(length / 2) - 1; // samples on either side of the middle where the window is above 0
  const window = (theta: number): number =>
    0.5 * dirichlet(theta, reach) +
    0.25 *
      (dirichlet(theta + (2 * Math.PI) / length, reach) + dirichlet(theta - (2 * Math.PI) / length, reach));
  const scale = 2 / (size * window(0));
  const middle = cycles * size;
  const spread = (LOBES * size) / length;
  const first = Math.max(0, Math.ceil(middle - spread));
  const last = Math.min(size / 2, Math.floor(middle + spread));
  for (let j = first; j <= last; j++)
    weights.push((j % 2 === 0 ? scale : -scale) * window(2 * Math.PI * (cycles - j / size)));
  return first;
}

/** Σ cos(θn) for n = −reach … reach. */
function dirichlet(theta: number, reach: number): number {
  const below = Math.sin(theta / 2);
  return Math.abs(below) < 1e-12 ? 2 * reach + 1 : Math.sin((reach + 0.5) * theta) / below;
}

function qualityOf(binsPerOctave: number): number {
  return 1 / (2 ** (1 / binsPerOctave) - 1);
}

function frameSizeOf({ sampleRate, binsPerOctave }: ConstantQSettings, lowest: Hertz): number {
  return Math.max(4, 2 ** Math.ceil(Math.log2((qualityOf(binsPerOctave) * sampleRate) / lowest)));
}

function requireSettings(settings: ConstantQSettings, lowest: Hertz): void {
  const { sampleRate, hopSize, binsPerOctave, octaves, lowestPitch, tuning } = settings;
  const fault = (name: string, value: number): never => {
    throw new AttuneError('feature/invalid', `The constant-Q setting ${name} makes no sense as ${value}.`, {
      [name]: value,
    });
  };
  if (!Number.isInteger(sampleRate) || sampleRate < 1) fault('sampleRate', sampleRate);
  if (!Number.isInteger(hopSize) || hopSize < 1) fault('hopSize', hopSize);
  if (![12, 24, 36].includes(binsPerOctave)) fault('binsPerOctave', binsPerOctave);
  if (!(tuning > 0 && tuning < Infinity)) fault('tuning', tuning);
  if (!(lowestPitch >= 0 && lowestPitch <= 127)) fault('lowestPitch', lowestPitch);
  if (!Number.isInteger(octaves) || octaves < 1 || !(lowest * 2 ** octaves <= sampleRate / 2))
    fault('octaves', octaves);
  if (frameSizeOf(settings, lowest) > MAX_FRAME) fault('lowestPitch', lowestPitch);
}
