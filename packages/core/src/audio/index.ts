/**
 * Sound as samples: decoding within limits, WAV, MP3 and Ogg Vorbis writing, resampling, levels.
 * @module @attune/core/audio
 */
export type { AudioClip } from './audio-clip.ts';
export { AUDIO_FORMATS, detectAudioFormat } from './audio-format.ts';
export type { AudioFormat } from './audio-format.ts';
export { clipDuration, clipLength, mixToMono, sliceClip, validateClip } from './clip.ts';
export { decodeAudio } from './decode.ts';
export type { DecodeOptions } from './decode.ts';
export { encodeMp3, encodeOggVorbis, MP3_BITRATES } from './encode.ts';
export type { EncodeOptions, Mp3Bitrate, Mp3Options, OggVorbisOptions } from './encode.ts';
export { encodeFlac } from './flac-encode.ts';
export type { FlacOptions } from './flac-encode.ts';
export { decibelsToGain, measurePeak, measureRms, normalisePeak, scaleClip } from './level.ts';
export { limitPeaks } from './limiter.ts';
export type { LimiterOptions } from './limiter.ts';
export { DEFAULT_AUDIO_LIMITS } from './limits.ts';
export type { AudioLimits } from './limits.ts';
export { measureLoudness, normaliseLoudness } from './loudness.ts';
export type { Loudness, LoudnessOptions, NormaliseLoudnessOptions } from './loudness.ts';
export { resample } from './resample.ts';
export { measureTruePeak } from './true-peak.ts';
export { readWav } from './wav-read.ts';
export { writeWav } from './wav-write.ts';
export type { WavOptions } from './wav-write.ts';
