/**
 * Fourier transforms of real signals, the ground of features and spectrograms.
 * @module @attune/core/spectral
 */
export { createRealFft } from './real-fft.ts';
export type { RealFft } from './real-fft.ts';
export { FrameSpectrum } from './frame-spectrum.ts';
