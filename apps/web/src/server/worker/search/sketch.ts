import type { Score } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { extractAudioFeatures, summariseAudioFeatures } from '@attune/core/features';
import { describeExample, describeSound, packExample } from '@attune/recommend';

/** Of recorded sound the beginning is looked into. */
const SOUND_SECONDS = 120;

/** What searching compares of a piece, kept beside its file. */
export function sketchOfScore(score: Score): Uint8Array {
  return packExample(describeExample(score));
}

/** The same of recorded sound: its timbre in the first two minutes. */
export function sketchOfClip({ sampleRate, channels }: AudioClip): Uint8Array {
  const most = SOUND_SECONDS * sampleRate;
  const beginning = { sampleRate, channels: channels.map((samples) => samples.subarray(0, most)) };
  return packExample(describeSound(summariseAudioFeatures(extractAudioFeatures(beginning))));
}
