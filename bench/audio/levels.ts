import {
  limitPeaks,
  measureLoudness,
  measurePeak,
  normaliseLoudness,
  scaleClip,
  type AudioClip,
} from '@attune/core/audio';
import { printTable, type Workbench } from './ffmpeg.ts';

interface Reading {
  readonly integrated: number;
  readonly range: number;
  readonly peak: number;
}

/** Loudness, range and true peak by our meter and by ffmpeg's `ebur128`; and of what our limiter and normaliser made. */
export function compareLoudness(bench: Workbench, clips: readonly (readonly [string, AudioClip])[]): number {
  const rows: (string | number)[][] = [];
  const worst = { integrated: 0, range: 0, peak: 0, over: -Infinity };
  for (const [name, clip] of clips) {
    const theirs = readEbur128(bench, clip);
    if (theirs === undefined) throw new Error('This ffmpeg measures no loudness.');
    const loudness = measureLoudness(clip);
    const ours: Reading = {
      integrated: loudness.integratedLufs,
      range: loudness.rangeLu,
      peak: loudness.truePeakDb,
    };
    const loud = scaleClip(clip, 2 / measurePeak(clip)); // peaks 6 dB over full scale
    const limited = readEbur128(bench, limitPeaks(loud))!;
    const normal = readEbur128(bench, normaliseLoudness(clip))!;
    for (const key of ['integrated', 'range', 'peak'] as const)
      worst[key] = Math.max(worst[key], Math.abs(ours[key] - theirs[key]));
    worst.over = Math.max(worst.over, limited.peak, normal.peak);
    rows.push([
      ...[name, ours.integrated.toFixed(2), theirs.integrated, ours.range.toFixed(2), theirs.range],
      ...[ours.peak.toFixed(2), theirs.peak, limited.peak, normal.integrated, normal.peak],
    ]);
  }
  printTable(
    [
      'clip',
      'LUFS',
      'ffmpeg',
      'range, LU',
      'ffmpeg',
      'true peak, dB',
      'ffmpeg',
      'limited to −1: ffmpeg',
      'normalised to −14: ffmpeg, LUFS',
      'its true peak: ffmpeg',
    ],
    rows,
  );
  console.log(
    `Largest difference: ${worst.integrated.toFixed(2)} LU, range ${worst.range.toFixed(2)} LU, true peak ${worst.peak.toFixed(2)} dB; ffmpeg's highest peak after limiting: ${worst.over} dB.\n`,
  );
  return worst.integrated > 0.15 ? 1 : 0;
}

/** ffmpeg prints one decimal. */
function readEbur128(bench: Workbench, clip: AudioClip): Reading | undefined {
  bench.writeClip('level.wav', clip);
  const text = bench.call(
    'ffmpeg',
    '-hide_banner',
    '-nostats',
    '-i',
    'level.wav',
    '-af',
    'ebur128=peak=true:framelog=verbose',
    '-f',
    'null',
    '-',
  );
  const summary = text?.slice(text.lastIndexOf('Summary:'));
  const value = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(-?[\\d.]+)`).exec(summary ?? '')?.[1]);
  return summary === undefined
    ? undefined
    : { integrated: value('I'), range: value('LRA'), peak: value('Peak') };
}
