export { compareBeats } from './beat-agreement.ts';
export type { BeatAgreement } from './beat-agreement.ts';
export { trackBeats } from './beats.ts';
export type { BeatOptions, BeatTrack } from './beats.ts';
export { detectOnsets } from './onset-times.ts';
export type { OnsetDetectionOptions } from './onset-times.ts';
export { autocorrelationTempogram, fourierTempogram } from './tempogram.ts';
export type { FourierTempogram, LagTempogram } from './tempogram.ts';
