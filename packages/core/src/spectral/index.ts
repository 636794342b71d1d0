export { createRealFft } from './real-fft.ts';
export type { RealFft } from './real-fft.ts';
export { FrameSpectrum } from './frame-spectrum.ts';
