import { createRng } from '@attune/core';
import { clipLength, decodeAudio, type AudioClip } from '@attune/core/audio';
import { decibels, printTable, signalToNoise, type Workbench } from './ffmpeg.ts';

/** name, channels, sample rate, file name, ffmpeg's options */
type Case = readonly [string, number, number, string, readonly string[]];

const CASES: readonly Case[] = [
  ...(
    [
      'pcm_u8',
      'pcm_s16le',
      'pcm_s24le',
      'pcm_s32le',
      'pcm_f32le',
      'pcm_f64le',
      'pcm_alaw',
      'pcm_mulaw',
    ] as const
  ).map((codec): Case => [`WAV ${codec}`, 2, 44_100, `${codec}.wav`, ['-c:a', codec]]),
  ['WAV extensible, 5.1', 6, 48_000, '51.wav', ['-c:a', 'pcm_s16le']],
  ['FLAC 16 bits', 2, 44_100, '16.flac', ['-sample_fmt', 's16']],
  ['FLAC 24 bits', 2, 96_000, '24.flac', ['-sample_fmt', 's32']],
  ['FLAC level 12, 5.1', 6, 48_000, '12.flac', ['-compression_level', '12', '-sample_fmt', 's16']],
  ['MP3 128 kbit/s, joint stereo', 2, 44_100, 'cbr.mp3', ['-c:a', 'libmp3lame', '-b:a', '128k']],
  [
    'MP3 320 kbit/s, left and right',
    2,
    48_000,
    'lr.mp3',
    ['-c:a', 'libmp3lame', '-b:a', '320k', '-joint_stereo', '0'],
  ],
  ['MP3 variable rate, mono', 1, 32_000, 'vbr.mp3', ['-c:a', 'libmp3lame', '-q:a', '2']],
  ['MP3 MPEG 2', 2, 22_050, 'm2.mp3', ['-c:a', 'libmp3lame', '-b:a', '64k']],
  ['MP3 MPEG 2.5', 1, 8000, 'm25.mp3', ['-c:a', 'libmp3lame', '-b:a', '16k']],
  ['Ogg Vorbis', 2, 44_100, 'v.ogg', ['-c:a', 'libvorbis', '-q:a', '5']],
  ['Ogg Vorbis, mono', 1, 22_050, 'vm.ogg', ['-c:a', 'libvorbis']],
  ['Ogg Opus 96 kbit/s', 2, 48_000, 'o.opus', ['-c:a', 'libopus', '-b:a', '96k']],
  ['Ogg Opus, speech', 1, 16_000, 'os.opus', ['-c:a', 'libopus', '-b:a', '16k', '-application', 'voip']],
];

/** Files that ffmpeg made, decoded by both. The rival of a row is ffmpeg's decoder; its baseline, the source itself. */
export async function compareDecoders(bench: Workbench): Promise<number> {
  const rows: (string | number)[][] = [];
  let failures = 0;
  for (const [name, channels, sampleRate, file, options] of CASES) {
    const source = music(channels, sampleRate);
    bench.writeClip('source.wav', source);
    const decoder = file.endsWith('.opus') ? ['-c:a', 'libopus'] : []; // the reference decoder, not ffmpeg's own
    const made =
      bench.ffmpeg('-i', 'source.wav', ...options, file) &&
      bench.ffmpeg(...decoder, '-i', file, '-c:a', 'pcm_f32le', 'back.wav');
    if (!made) {
      rows.push([name, 'not made by this ffmpeg', '', '', '', '']);
      continue;
    }
    const theirs = bench.readClip('back.wav');
    const ours = await decodeAudio(bench.read(file));
    const agrees = ours.sampleRate === theirs.sampleRate && clipLength(ours) === clipLength(theirs);
    const toTheirs = agrees ? signalToNoise(theirs, ours) : NaN;
    if (!(toTheirs > 80)) failures++;
    const toSource = ours.sampleRate === sampleRate ? decibels(signalToNoise(source, ours)) : '(resampled)';
    rows.push([
      name,
      sampleRate,
      clipLength(ours),
      clipLength(theirs) - clipLength(ours),
      decibels(toTheirs),
      toSource,
    ]);
  }
  printTable(
    ['made by ffmpeg', 'Hz', 'samples', 'ffmpeg has more', 'SNR to ffmpeg, dB', 'SNR to the source, dB'],
    rows,
  );
  return failures;
}

/** Two seconds and a bit of decaying tones and noise: a length that is no whole number of any frame. */
export function music(channels: number, sampleRate: number): AudioClip {
  const rng = createRng(channels);
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, c) =>
      Float32Array.from({ length: sampleRate * 2 + 123 }, (_sample, i) => {
        const t = (i / sampleRate) % 0.5;
        return Math.exp(-4 * t) * (0.4 * Math.sin(2 * Math.PI * 220 * (c + 1) * t) + 0.02 * rng.normal());
      }),
    ),
  };
}
