import { AttuneError } from '../../foundation/errors.ts';
import type { Bpm } from '../../foundation/units.ts';
import { createRealFft } from '../../spectral/real-fft.ts';
import { createWindow } from '../../spectral/window.ts';

/** How strongly a curve of onset strength repeats at each lag, around each frame. */
export interface LagTempogram {
  readonly frames: number;
  /** Lags 0 … lags − 1, in frames; lag l is 60 × frameRate / l bpm. */
  readonly lags: number;
  /** [frames, lags]: over the value at lag 0, so 1 there, or 0 in silence. */
  readonly values: Float32Array;
}

/** How strongly a curve of onset strength swings at each tempo, around each frame. */
export interface FourierTempogram {
  readonly frames: number;
  readonly tempi: readonly Bpm[];
  /** [frames, tempi]: |Σ w[n] x[n] e^(−2πi f n)|, f = bpm / 60 / frameRate. */
  readonly magnitude: Float32Array;
}

/**
 * Autocorrelation tempogram (Grosche & Müller 2010; Ellis 2007): of the window of `windowFrames` frames around each
 * frame, weighted with a periodic Hann window, zeros beyond the ends. `onsets`: [frames].
 * Throws `feature/invalid` for a window that is no whole number of at least 2 frames.
 */
export function autocorrelationTempogram(onsets: Float32Array, windowFrames = 384): LagTempogram {
  requireWindow(windowFrames);
  const size = 2 ** Math.ceil(Math.log2(2 * windowFrames)); // twice the window: no lag wraps round
  const fft = createRealFft(size);
  const window = createWindow('hann', windowFrames);
  const frame = new Float64Array(size);
  const re = new Float64Array(size / 2 + 1);
  const im = new Float64Array(size / 2 + 1);
  const values = new Float32Array(onsets.length * windowFrames);
  for (let t = 0; t < onsets.length; t++) {
    readWindow(onsets, t - Math.floor(windowFrames / 2), window, frame);
    fft.transform(frame, re, im);
    // the spectrum of power is real and even, so a forward transform inverts it, but for 1 / N, which cancels
    for (let k = 0; k <= size / 2; k++) {
      const power = re[k]! * re[k]! + im[k]! * im[k]!;
      frame[k] = power;
      if (k > 0) frame[size - k] = power;
    }
    fft.transform(frame, re, im);
    frame.fill(0);
    const energy = re[0]!;
    if (!(energy > Number.MIN_VALUE)) continue;
    for (let lag = 0; lag < windowFrames; lag++) values[t * windowFrames + lag] = re[lag]! / energy;
  }
  return { frames: onsets.length, lags: windowFrames, values };
}

/**
 * Fourier tempogram (Grosche & Müller 2010) at any tempi, by the sum that defines it: of the window of `windowFrames`
 * frames around each frame, periodic Hann, zeros beyond the ends. `onsets`: [frames]; `frameRate` in Hz.
 * Throws `feature/invalid` for a window, rate or tempo that makes no sense.
 */
export function fourierTempogram(
  onsets: Float32Array,
  frameRate: number,
  tempi: readonly Bpm[],
  windowFrames = 384,
): FourierTempogram {
  requireWindow(windowFrames);
  const isTempo = (bpm: Bpm): boolean => bpm >= 0 && bpm <= 30 * frameRate;
  const fault = tempi.find((bpm) => !isTempo(bpm));
  if (!(frameRate > 0) || fault !== undefined) {
    throw new AttuneError(
      'feature/invalid',
      `Tempi lie between 0 and half the frame rate (${30 * frameRate} bpm), unlike ${fault}.`,
      { frameRate },
    );
  }
  const window = createWindow('hann', windowFrames);
  const frame = new Float64Array(windowFrames);
  const waves = tempi.map((bpm) => waveOf(bpm / 60 / frameRate, windowFrames));
  const magnitude = new Float32Array(onsets.length * tempi.length);
  for (let t = 0; t < onsets.length; t++) {
    readWindow(onsets, t - Math.floor(windowFrames / 2), window, frame);
    waves.forEach(({ cos, sin }, i) => {
      let real = 0;
      let imaginary = 0;
      for (let n = 0; n < windowFrames; n++) {
        real += frame[n]! * cos[n]!;
        imaginary += frame[n]! * sin[n]!;
      }
      magnitude[t * tempi.length + i] = Math.sqrt(real * real + imaginary * imaginary);
    });
  }
  return { frames: onsets.length, tempi, magnitude };
}

function waveOf(cyclesPerFrame: number, length: number): { cos: Float64Array; sin: Float64Array } {
  const angle = (n: number): number => 2 * Math.PI * cyclesPerFrame * n;
  return {
    cos: Float64Array.from({ length }, (_, n) => Math.cos(angle(n))),
    sin: Float64Array.from({ length }, (_, n) => Math.sin(angle(n))),
  };
}

/** `frame`: as long as the window, or longer and zero there. */
function readWindow(values: Float32Array, start: number, window: Float64Array, frame: Float64Array): void {
  for (let n = 0; n < window.length; n++) frame[n] = (values[start + n] ?? 0) * window[n]!;
}

function requireWindow(windowFrames: number): void {
  if (Number.isInteger(windowFrames) && windowFrames >= 2) return;
  throw new AttuneError(
    'feature/invalid',
    `A tempogram's window is at least 2 frames, not ${windowFrames}.`,
    {
      windowFrames,
    },
  );
}
