import { pause } from '../foundation/pause.ts';
import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { OnProgress } from '../foundation/progress.ts';
import type { Rng } from '../foundation/rng.ts';
import type { Sample } from '../foundation/units.ts';
import { createInverseRealFft, type InverseRealFft } from './inverse-real-fft.ts';
import { estimatePhase } from './phase-gradient.ts';
import { createRealFft, type RealFft } from './real-fft.ts';
import { type MagnitudeSpectrogram, requireMagnitudes, requireShape } from './spectrogram.ts';
import { completeStftSettings, leadOf, spanOf, type StftSettings } from './stft-settings.ts';
import { sumWindows } from './window-sum.ts';
import { createWindow } from './window.ts';

/** How `griffinLim` starts, how long it goes on. */
export interface GriffinLimOptions {
  /** Draws the phases to start from: all of them, or with 'gradient' those of bins too quiet to follow. */
  readonly rng: Rng;
  /** Default 32. */
  readonly iterations?: number;
  /** α of Perraudin et al., 0 (Griffin & Lim's own) to 1. Default 0.99. */
  readonly momentum?: number;
  /** 'random' phases (default), or 'gradient': phases integrated from the magnitudes (`estimatePhase`). */
  readonly start?: 'random' | 'gradient';
  /** Samples of the result; default as `inverseStft`. */
  readonly length?: Sample;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What `griffinLim` found. */
export interface Resynthesis {
  /** [length]. */
  readonly samples: Float64Array;
  /** [iterations + 1]: spectral convergence of the signal after that many iterations; the last is that of `samples`. */
  readonly convergence: Float64Array;
}

/** Iterations between two chances for timers and the abort signal. */
const ITERATIONS_PER_PAUSE = 4;

/**
 * A signal whose magnitude spectrogram comes near the given one: the fast Griffin-Lim algorithm (Perraudin, Balazs &
 * Søndergaard 2013, Algorithm 2) with momentum α between the consistent spectrograms of successive iterations; with
 * α = 0 it is Griffin & Lim 1984. Each iteration: keep the phases, restore the magnitudes, invert by least squares,
 * transform. 'reflect' spectrograms are treated as such. Progress is counted in iterations.
 * Throws `argument/invalid` for shapes, values, settings and lengths that make no sense (see `inverseStft`); `cancelled`.
 */
export async function griffinLim(
  target: MagnitudeSpectrogram,
  options: GriffinLimOptions,
): Promise<Resynthesis> {
  const { iterations = 32, momentum = 0.99, onProgress, signal } = options;
  if (!Number.isInteger(iterations) || iterations < 0)
    throw new AttuneError('argument/invalid', `Iterations are a whole number, not ${iterations}.`, {
      iterations,
    });
  if (!(momentum >= 0 && momentum <= 1))
    throw new AttuneError('argument/invalid', `The momentum is 0 to 1, not ${momentum}.`, { momentum });
  throwIfCancelled(signal);
  requireShape(target, target.magnitude);
  requireMagnitudes(target);
  const projection = new Projection(
    target,
    options.length ?? spanOf(target.frames, target.settings),
    momentum,
  );
  projection.start(startingPhase(target, options));
  const convergence = new Float64Array(iterations + 1);
  for (let i = 0; i < iterations; i++) {
    convergence[i] = projection.iterate();
    onProgress?.({ done: i + 1, total: iterations, stage: 'Finding phases' });
    if ((i + 1) % ITERATIONS_PER_PAUSE !== 0) continue;
    await pause();
    throwIfCancelled(signal);
  }
  const samples = projection.samples();
  convergence[iterations] = projection.iterate();
  return { samples, convergence };
}

function startingPhase(
  target: MagnitudeSpectrogram,
  { start = 'random', rng }: GriffinLimOptions,
): Float64Array {
  if (start === 'gradient') return estimatePhase(target, { rng });
  return Float64Array.from({ length: target.magnitude.length }, () => 2 * Math.PI * rng.uniform());
}

/**
 * One signal on its way. An iteration goes through the frames once: transform, restore magnitudes, invert, add to the
 * next signal, while all of it is in the processor's cache; only the last transform is kept, for the momentum.
 */
class Projection {
  private readonly settings: StftSettings;
  private readonly forward: RealFft;
  private readonly backward: InverseRealFft;
  /** [frames, bins]. */
  private readonly magnitude: Float64Array;
  private readonly previousRe: Float64Array;
  private readonly previousIm: Float64Array;
  private readonly energy: number;
  /** [N]. */
  private readonly window: Float64Array;
  private readonly frame: Float64Array;
  /** [bins]. */
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  /** [lead + length + N + hop]: the signal with room for frames that reach beyond its ends. */
  private current: Float64Array;
  private next: Float64Array;
  /** [length]: 1 / Σ w². */
  private readonly gains: Float64Array;
  private readonly frames: number;
  private readonly length: Sample;
  private readonly momentum: number;
  private hasPrevious = false;

  constructor(target: MagnitudeSpectrogram, length: Sample, momentum: number) {
    const settings = completeStftSettings(target.settings);
    const { frameSize, hopSize } = settings;
    this.settings = settings;
    this.frames = target.frames;
    this.length = length;
    this.momentum = momentum;
    this.forward = createRealFft(frameSize);
    this.backward = createInverseRealFft(frameSize);
    this.magnitude = Float64Array.from(target.magnitude);
    this.energy = this.magnitude.reduce((sum, value) => sum + value * value, 0);
    this.previousRe = new Float64Array(this.magnitude.length);
    this.previousIm = new Float64Array(this.magnitude.length);
    this.window = createWindow(settings.window, frameSize);
    this.frame = new Float64Array(frameSize);
    this.re = new Float64Array(target.bins);
    this.im = new Float64Array(target.bins);
    this.gains = sumWindows(this.frames, length, settings).map((sum) => 1 / sum);
    const reach = Math.max(leadOf(settings) + length + frameSize, (this.frames - 1) * hopSize + frameSize);
    this.current = new Float64Array(reach);
    this.next = new Float64Array(reach);
    this.requireRoom();
  }

  /** Takes the first signal from the given phases, [frames, bins], radians. */
  start(phase: Float64Array): void {
    const { magnitude, re, im } = this;
    for (let t = 0, row = 0; t < this.frames; t++, row += re.length) {
      for (let k = 0; k < re.length; k++) {
        re[k] = magnitude[row + k]! * Math.cos(phase[row + k]!);
        im[k] = magnitude[row + k]! * Math.sin(phase[row + k]!);
      }
      this.addFrame(t);
    }
    this.turn();
  }

  /** Replaces the signal by the next one; returns the spectral convergence of the one replaced. */
  iterate(): number {
    const { frame, window, re, im } = this;
    let error = 0;
    for (let t = 0; t < this.frames; t++) {
      const start = t * this.settings.hopSize;
      for (let n = 0; n < frame.length; n++) frame[n] = this.current[start + n]! * window[n]!;
      this.forward.transform(frame, re, im);
      error += this.restoreMagnitudes(t * re.length);
      this.addFrame(t);
    }
    this.hasPrevious = true;
    this.turn();
    return this.energy === 0 ? 0 : Math.sqrt(error / this.energy);
  }

  samples(): Float64Array {
    const lead = leadOf(this.settings);
    return this.current.slice(lead, lead + this.length);
  }

  /** In the frame's `re`, `im`: momentum, then the target's magnitudes. Returns Σ (|X| − S)² before. */
  private restoreMagnitudes(row: number): number {
    const { magnitude, previousRe, previousIm, re, im } = this;
    const momentum = this.hasPrevious ? this.momentum : 0;
    let error = 0;
    for (let k = 0, i = row; k < re.length; k++, i++) {
      const target = magnitude[i]!;
      const real = re[k]!;
      const imaginary = im[k]!;
      const difference = Math.sqrt(real * real + imaginary * imaginary) - target;
      error += difference * difference;
      const aheadRe = real + momentum * (real - previousRe[i]!);
      const aheadIm = imaginary + momentum * (imaginary - previousIm[i]!);
      previousRe[i] = real;
      previousIm[i] = imaginary;
      const size = aheadRe * aheadRe + aheadIm * aheadIm;
      const scale = size > 0 ? target / Math.sqrt(size) : 0;
      re[k] = size > 0 ? aheadRe * scale : target; // no phase to keep: any will do
      im[k] = aheadIm * scale;
    }
    return error;
  }

  private addFrame(t: number): void {
    const { frame, window, next } = this;
    this.backward.inverse(this.re, this.im, frame);
    const start = t * this.settings.hopSize;
    for (let n = 0; n < frame.length; n++) next[start + n]! += frame[n]! * window[n]!;
  }

  /** Finishes the next signal: divides by the window sum and writes anew what lies beyond its ends. */
  private turn(): void {
    const { next, gains, length, settings } = this;
    const lead = leadOf(settings);
    for (let i = 0; i < length; i++) next[lead + i]! *= gains[i]!;
    next.fill(0, 0, lead);
    next.fill(0, lead + length);
    if (settings.padding === 'reflect') {
      const last = lead + length - 1;
      for (let n = 1; n <= lead; n++) {
        next[lead - n] = next[lead + n]!;
        next[last + n] = next[last - n]!;
      }
    }
    this.next = this.current;
    this.current = next;
    this.next.fill(0);
  }

  private requireRoom(): void {
    if (this.settings.padding !== 'reflect' || this.length > this.settings.frameSize / 2) return;
    throw new AttuneError(
      'argument/invalid',
      `A signal of ${this.length} samples is too short to be reflected.`,
      {
        length: this.length,
      },
    );
  }
}
