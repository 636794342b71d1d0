// Bits of `wanted`, in the order of `FRAME_FEATURES` in src/features/frame-features.ts.
export const POWER: i32 = 1 << 0;
export const MEL: i32 = 1 << 1;
export const LOG_MEL: i32 = 1 << 2;
export const MFCC: i32 = 1 << 3;
export const CHROMA: i32 = 1 << 4;
export const CENTROID: i32 = 1 << 5;
export const SPREAD: i32 = 1 << 6;
export const SKEWNESS: i32 = 1 << 7;
export const KURTOSIS: i32 = 1 << 8;
export const ROLLOFF: i32 = 1 << 9;
export const FLATNESS: i32 = 1 << 10;
export const ENTROPY: i32 = 1 << 11;
export const CONTRAST: i32 = 1 << 12;
export const FLUX: i32 = 1 << 13;
export const RMS: i32 = 1 << 14;
export const ZERO_CROSSINGS: i32 = 1 << 15;
