import {
  clipDuration,
  decodeAudio,
  detectAudioFormat,
  measurePeak,
  readWav,
  type AudioClip,
} from '@attune/core/audio';
import { findDataDir, openDataSet } from '@attune/core/node';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const summary =
  'decodes 20 clips of rendered-audio and compares each with ffmpeg where it is installed';

const CLIPS = 20;

/** `[--set FOLDER] [CLIPS]`: a Markdown table of what was decoded. Exits with 1 if any clip fails or differs. */
export async function run(args: readonly string[]): Promise<void> {
  const [setFlag, setFolder] = args[0] === '--set' ? args : [];
  const count = Number(args[setFlag ? 2 : 0] ?? CLIPS);
  const data = findDataDir();
  const folder = setFolder ?? (data && path.join(data, 'rendered-audio'));
  if (!folder) return console.log('No data folder: set ATTUNE_DATA_DIR.');
  const { items } = openDataSet(folder);
  const chosen = Array.from(
    { length: Math.min(count, items.length) },
    (_, i) => items[Math.floor((i * items.length) / count)]!,
  );
  const work = mkdtempSync(path.join(tmpdir(), 'attune-import-'));
  let failures = 0;
  console.log('| clip | format | kB | s | Hz | channels | peak dBFS | largest difference to ffmpeg |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const item of chosen) {
    const bytes = item.bytes();
    try {
      const clip = await decodeAudio(bytes);
      const difference = compareWithFfmpeg(bytes, clip, work);
      if (difference !== undefined && !(difference < 1e-4)) failures++;
      const cells = [
        ...[
          item.id,
          detectAudioFormat(bytes),
          (bytes.length / 1000).toFixed(1),
          clipDuration(clip).toFixed(3),
          clip.sampleRate,
        ],
        ...[
          clip.channels.length,
          (20 * Math.log10(measurePeak(clip))).toFixed(2),
          difference?.toExponential(1) ?? 'not installed',
        ],
      ];
      console.log(`| ${cells.join(' | ')} |`);
    } catch (error) {
      failures++;
      console.log(`| ${item.id} | ${String(error)} |`);
    }
  }
  rmSync(work, { recursive: true });
  console.log(`\n${chosen.length} clips, ${failures} failed or differed.`);
  if (failures > 0) process.exitCode = 1;
}

/** Largest difference of a sample; Infinity for another rate, length or layout; undefined without ffmpeg. */
function compareWithFfmpeg(bytes: Uint8Array, clip: AudioClip, folder: string): number | undefined {
  const source = path.join(folder, 'clip');
  const target = path.join(folder, 'back.wav');
  writeFileSync(source, bytes);
  const { error, status } = spawnSync('ffmpeg', [
    '-loglevel',
    'error',
    '-y',
    '-i',
    source,
    '-c:a',
    'pcm_f32le',
    target,
  ]);
  if (error || status !== 0) return undefined;
  const theirs = readWav(new Uint8Array(readFileSync(target)));
  if (theirs.sampleRate !== clip.sampleRate || theirs.channels.length !== clip.channels.length)
    return Infinity;
  if (theirs.channels[0]!.length !== clip.channels[0]!.length) return Infinity;
  let worst = 0;
  clip.channels.forEach((channel, c) => {
    for (let i = 0; i < channel.length; i++)
      worst = Math.max(worst, Math.abs(channel[i]! - theirs.channels[c]![i]!));
  });
  return worst;
}
