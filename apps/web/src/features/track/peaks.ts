/** Columns that the whole recording is reduced to. */
export const PEAKS = 2000;
/** Decoded at this rate: peaks need no more, and a long recording stays small. */
const SAMPLE_RATE = 8000;

/** Fetches and decodes a recording and returns the greatest amplitude of each of `PEAKS` equal parts, 0 … 1. */
export async function loadPeaks(trackId: string, signal: AbortSignal): Promise<Float32Array> {
  const response = await fetch(`/api/tracks/${trackId}/audio`, { signal });
  if (!response.ok) throw new Error(`The audio answered ${response.status}.`);
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const audio = await context.decodeAudioData(await response.arrayBuffer());
  return reduceToPeaks(audio.getChannelData(0), PEAKS);
}

/** Greatest absolute sample of each of `count` equal parts, scaled so that the loudest is 1; silence stays 0. */
export function reduceToPeaks(samples: Float32Array, count: number): Float32Array {
  const peaks = new Float32Array(count);
  let loudest = 0;
  for (let part = 0; part < count; part++) {
    const end = Math.floor(((part + 1) * samples.length) / count);
    for (let index = Math.floor((part * samples.length) / count); index < end; index++) {
      peaks[part] = Math.max(peaks[part]!, Math.abs(samples[index]!));
    }
    loudest = Math.max(loudest, peaks[part]!);
  }
  if (loudest > 0) for (let part = 0; part < count; part++) peaks[part]! /= loudest;
  return peaks;
}
