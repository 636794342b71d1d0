import {
  clipLength,
  decodeAudio,
  encodeFlac,
  encodeMp3,
  readWav,
  writeWav,
  type AudioClip,
} from '@attune/core/audio';
import { music } from './decoders.ts';
import { decibels, printTable, signalToNoise, type Workbench } from './ffmpeg.ts';

/** Our FLAC against `flac -5`: sizes, and what four decoders make of ours. */
export async function compareFlac(
  bench: Workbench,
  clips: readonly (readonly [string, AudioClip])[],
): Promise<number> {
  if (!bench.has('flac', '--version')) console.log('flac is not installed: sizes have no rival.');
  const rows: (string | number)[][] = [];
  let failures = 0;
  for (const [name, clip] of [['synthetic, 44.1 kHz stereo', music(2, 44_100)] as const, ...clips]) {
    for (const bits of [16, 24] as const) {
      const wav = writeWav(clip, { bits });
      const flac = await encodeFlac(clip, { bits });
      bench.write('a.wav', wav);
      bench.write('a.flac', flac);
      const rival = bench.call(
        'flac',
        '-5',
        '-f',
        '-s',
        '--no-padding',
        '--no-seektable',
        '-o',
        'rival.flac',
        'a.wav',
      );
      const tested = bench.call('flac', '-t', '-s', 'a.flac') !== undefined;
      bench.ffmpeg('-i', 'a.flac', '-c:a', bits === 16 ? 'pcm_s16le' : 'pcm_s24le', 'back.wav');
      const exact = readWav(wav);
      const ours = signalToNoise(exact, await decodeAudio(flac));
      const theirs = signalToNoise(exact, bench.readClip('back.wav'));
      if (ours !== Infinity || theirs !== Infinity) failures++;
      const size = rival === undefined ? NaN : bench.read('rival.flac').length;
      rows.push([
        ...[name, bits, wav.length, flac.length, size, `${((flac.length / size - 1) * 100).toFixed(2)} %`],
        ...[tested ? 'passes' : 'fails', decibels(ours), decibels(theirs)],
      ]);
    }
  }
  printTable(
    ['clip', 'bits', 'WAV, bytes', 'ours', 'flac -5', 'difference', 'flac -t', 'our decoder', 'ffmpeg'],
    rows,
  );
  return failures;
}

/** MP3 files of ours: the length that three decoders give back. */
export async function compareMp3(bench: Workbench): Promise<number> {
  const rows: (string | number)[][] = [];
  let failures = 0;
  for (const [channels, sampleRate, kbps] of [
    [2, 44_100, 192],
    [1, 22_050, 64],
    [2, 48_000, 320],
    [1, 8000, 32],
  ] as const) {
    const clip = music(channels, sampleRate);
    const mp3 = await encodeMp3(clip, { kbps });
    bench.write('a.mp3', mp3);
    bench.ffmpeg('-i', 'a.mp3', '-c:a', 'pcm_f32le', 'f.wav');
    const mpg123 = bench.call('mpg123', '-q', '-w', 'm.wav', 'a.mp3') !== undefined;
    const ours = await decodeAudio(mp3);
    const lengths = [
      clipLength(ours),
      clipLength(bench.readClip('f.wav')),
      mpg123 ? clipLength(bench.readClip('m.wav')) : '—',
    ];
    if (lengths[0] !== clipLength(clip)) failures++;
    const snr = [-1, 0, 1].map((delay) => signalToNoise(clip, ours, delay));
    rows.push([
      `${kbps} kbit/s`,
      sampleRate,
      channels,
      clipLength(clip),
      ...lengths,
      [-1, 0, 1][snr.indexOf(Math.max(...snr))]!,
    ]);
  }
  printTable(
    ['MP3', 'Hz', 'channels', 'samples encoded', 'our decoder', 'ffmpeg', 'mpg123', 'shift, samples'],
    rows,
  );
  return failures;
}
