import {
  clipDuration,
  decodeAudio,
  detectAudioFormat,
  measurePeak,
  type AudioClip,
} from '@attune/core/audio';
import { findDataDir, openDataSet } from '@attune/core/node';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { compareDecoders } from './audio/decoders.ts';
import { compareFlac, compareMp3 } from './audio/encoders.ts';
import { printTable, Workbench } from './audio/ffmpeg.ts';
import { compareLoudness } from './audio/levels.ts';
import { compareResamplers } from './audio/resamplers.ts';

export const summary =
  'decoders, encoders, loudness, limiter and resampler against ffmpeg and others: [PART …] [--set FOLDER] [--clips COUNT]';

const PARTS = ['clips', 'decoders', 'flac', 'mp3', 'loudness', 'resample'] as const;

/** Prints a Markdown table for each part (all without arguments). Exits with 1 where anything differs from its rival. */
export async function run(args: readonly string[]): Promise<void> {
  const option = (name: string): string | undefined =>
    args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
  const asked = PARTS.filter((part) => args.includes(part));
  const parts = new Set<string>(asked.length > 0 ? asked : PARTS);
  const bench = new Workbench();
  try {
    if (!bench.has('ffmpeg', '-version'))
      return console.log('ffmpeg is not installed: there is nothing to compare with.');
    const files = loadFiles(option('--set'), Number(option('--clips') ?? 20));
    const clips = await Promise.all(
      files.map(async ([name, bytes]) => [name, await decodeAudio(bytes)] as const),
    );
    let failures = 0;
    if (parts.has('clips')) failures += compareClips(bench, files, clips);
    if (parts.has('decoders')) failures += await compareDecoders(bench);
    if (parts.has('flac')) failures += await compareFlac(bench, clips.slice(0, 4));
    if (parts.has('mp3')) failures += await compareMp3(bench);
    if (parts.has('loudness')) failures += compareLoudness(bench, clips);
    if (parts.has('resample')) failures += compareResamplers(bench);
    console.log(`${failures} failed or differed.`);
    if (failures > 0) process.exitCode = 1;
  } finally {
    bench.close();
  }
}

/** Clips evenly spaced over a data set; none without one. */
function loadFiles(folder: string | undefined, count: number): (readonly [string, Uint8Array])[] {
  const data = findDataDir();
  const set = folder ?? (data && path.join(data, 'rendered-audio'));
  if (!set || !existsSync(set)) {
    console.log('No clips: set ATTUNE_DATA_DIR.');
    return [];
  }
  const { items } = openDataSet(set);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => {
    const item = items[Math.floor((i * items.length) / count)]!;
    return [item.id, item.bytes()] as const;
  });
}

function compareClips(
  bench: Workbench,
  files: readonly (readonly [string, Uint8Array])[],
  clips: readonly (readonly [string, AudioClip])[],
): number {
  let failures = 0;
  const rows = clips.map(([name, clip], index) => {
    const bytes = files[index]![1];
    const difference = differenceToFfmpeg(bench, bytes, clip);
    if (!(difference < 1e-4)) failures++;
    return [
      ...[name, detectAudioFormat(bytes)!, (bytes.length / 1000).toFixed(1), clipDuration(clip).toFixed(3)],
      ...[clip.sampleRate, clip.channels.length, (20 * Math.log10(measurePeak(clip))).toFixed(2)],
      difference.toExponential(1),
    ];
  });
  printTable(
    ['clip', 'format', 'kB', 's', 'Hz', 'channels', 'peak dBFS', 'largest difference to ffmpeg'],
    rows,
  );
  return failures;
}

/** Largest difference of a sample; Infinity for another rate, length or layout. */
function differenceToFfmpeg(bench: Workbench, bytes: Uint8Array, clip: AudioClip): number {
  bench.write('clip', bytes);
  if (!bench.ffmpeg('-i', 'clip', '-c:a', 'pcm_f32le', 'back.wav')) return Infinity;
  const theirs = bench.readClip('back.wav');
  const isAlike =
    theirs.sampleRate === clip.sampleRate &&
    theirs.channels.length === clip.channels.length &&
    theirs.channels[0]!.length === clip.channels[0]!.length;
  if (!isAlike) return Infinity;
  let worst = 0;
  clip.channels.forEach((channel, c) => {
    for (let i = 0; i < channel.length; i++)
      worst = Math.max(worst, Math.abs(channel[i]! - theirs.channels[c]![i]!));
  });
  return worst;
}
