import { mixToMono } from '../../audio/clip.ts';
import type { AudioClip } from '../../audio/audio-clip.ts';
import { resample } from '../../audio/resample.ts';
import { segmentNotes, type SungNote } from './segment-notes.ts';
import { trackPitch, type PitchOptions } from './track-pitch.ts';

export { segmentNotes } from './segment-notes.ts';
export type { SungNote } from './segment-notes.ts';
export { trackPitch } from './track-pitch.ts';
export type { PitchOptions, PitchTrack } from './track-pitch.ts';

/** Enough for pitches up to 1 kHz, and cheap. */
const RATE = 16_000;

/**
 * The notes of one voice, hummed, sung, whistled or played: `trackPitch` at 16 kHz, then `segmentNotes`. Empty where
 * nothing has a pitch. Throws `feature/invalid` as `trackPitch`.
 */
export function transcribeMelody(clip: AudioClip, options: PitchOptions = {}): SungNote[] {
  const samples = resample(mixToMono(clip), RATE).channels[0]!;
  return segmentNotes(trackPitch(samples, RATE, options));
}
