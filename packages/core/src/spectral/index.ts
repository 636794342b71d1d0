/**
 * Fourier transforms of real signals, their spectrograms and the way back to sound.
 * @module @attune/core/spectral
 */
export { createRealFft } from './real-fft.ts';
export type { RealFft } from './real-fft.ts';
export { FrameSpectrum } from './frame-spectrum.ts';
export { createInverseRealFft } from './inverse-real-fft.ts';
export type { InverseRealFft } from './inverse-real-fft.ts';
export { createWindow, WINDOW_NAMES } from './window.ts';
export type { WindowName } from './window.ts';
export type { Padding, StftSettings } from './stft-settings.ts';
export { magnitudeOf } from './spectrogram.ts';
export type { MagnitudeSpectrogram, Spectrogram } from './spectrogram.ts';
export { createStft, inverseStft, stft } from './stft.ts';
export type { Stft } from './stft.ts';
export { createStreamingInverse } from './streaming-inverse.ts';
export type { StreamingInverse } from './streaming-inverse.ts';
export { griffinLim } from './griffin-lim.ts';
export type { GriffinLimOptions, Resynthesis } from './griffin-lim.ts';
export { estimatePhase } from './phase-gradient.ts';
export type { PhaseGradientOptions } from './phase-gradient.ts';
export { logSpectralDistance, signalToNoise, spectralConvergence } from './spectral-distance.ts';
