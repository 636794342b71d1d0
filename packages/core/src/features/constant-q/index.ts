export { createConstantQ, cqt } from './constant-q.ts';
export type { ConstantQ, ConstantQSettings, ConstantQSpectrogram } from './constant-q.ts';
export { cqtChroma } from './constant-q-chroma.ts';
export { estimateTuning } from './tuning.ts';
export type { TuningEstimate } from './tuning.ts';
