import { resample } from '@attune/core/audio';
import { printTable, type Workbench } from './ffmpeg.ts';

const PAIRS = [
  [44_100, 48_000],
  [48_000, 44_100],
  [44_100, 22_050],
  [22_050, 44_100],
  [48_000, 16_000],
  [16_000, 48_000],
  [44_100, 8000],
  [8000, 44_100],
  [96_000, 44_100],
  [44_100, 96_000],
  [192_000, 48_000],
  [48_000, 192_000],
  [192_000, 8000],
  [8000, 192_000],
  [44_100, 44_101],
] as const;
/** Tones at these shares of the lower Nyquist frequency. */
const SHARES = [0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.86];
const ALIAS_SHARE = 1.02;
const SECONDS = 0.4;
const LEVEL = 0.5;

/** [samples] in, [samples] out. */
type Resampler = (input: Float32Array, from: number, to: number) => Float32Array | undefined;

/** Worst ratio of a tone to everything else after resampling, for ours and for the programs at hand. */
export function compareResamplers(bench: Workbench): number {
  const rivals: [string, Resampler][] = [
    ['ours', ours],
    ['ffmpeg swr', (input, from, to) => viaFfmpeg(bench, input, from, to, 'aresample=resampler=swr')],
    [
      'ffmpeg soxr',
      (input, from, to) => viaFfmpeg(bench, input, from, to, 'aresample=resampler=soxr:precision=28'),
    ],
    ['libsamplerate best', (input, from, to) => viaLibsamplerate(bench, input, from, to)],
  ];
  const rows: (string | number)[][] = [];
  let failures = 0;
  for (const [from, to] of PAIRS) {
    const cells = rivals.map(([, resampler]) => worstTone(resampler, from, to));
    const placed = Math.min(...SHARES.map((share) => placedTone(share, from, to)));
    const length = ours(new Float32Array(10_007), from, to).length;
    if (!(placed > 120) || length !== Math.ceil((10_007 * to) / from)) failures++;
    const sweep = sweepToNoise(from, to);
    rows.push([
      `${from} → ${to}`,
      ...cells.map(decibelsOf),
      placed.toFixed(0),
      sweep.toFixed(0),
      to < from ? aliasOf(from, to).toFixed(0) : '',
      length,
    ]);
  }
  printTable(
    [
      'Hz',
      ...rivals.map(([name]) => `${name}, dB`),
      'ours in time and level',
      'ours, sweep',
      `ours, tone at ${ALIAS_SHARE} Nyquist`,
      '10,007 samples become',
    ],
    rows,
  );
  return failures;
}

function ours(input: Float32Array, from: number, to: number): Float32Array {
  return resample({ sampleRate: from, channels: [input] }, to).channels[0]!;
}

function tone(share: number, from: number, to: number): { hertz: number; input: Float32Array } {
  const hertz = (share * Math.min(from, to)) / 2;
  return { hertz, input: Float32Array.from({ length: from * SECONDS }, (_, i) => sineAt(hertz, i / from)) };
}

function sineAt(hertz: number, seconds: number): number {
  return LEVEL * Math.sin(2 * Math.PI * hertz * seconds + 0.3);
}

/** Against the best sine of the right frequency, so that a delay or a gain is no fault. All tones in one go. */
function worstTone(resampler: Resampler, from: number, to: number): number {
  const tones = SHARES.map((share) => tone(share, from, to));
  const input = new Float32Array(tones.length * from * SECONDS);
  tones.forEach((each, i) => input.set(each.input, i * from * SECONDS));
  const output = resampler(input, from, to);
  if (output === undefined) return NaN;
  const ratios = tones.map(({ hertz }, i) =>
    residualRatio(
      middle(output.subarray(Math.round(i * to * SECONDS), Math.round((i + 1) * to * SECONDS))),
      hertz / to,
    ),
  );
  return Math.min(...ratios);
}

/** Least squares of sine and cosine; power of the fit over that of the rest, dB. */
function residualRatio(samples: Float32Array, cycles: number): number {
  let [ss, sc, cc, xs, xc] = [0, 0, 0, 0, 0];
  samples.forEach((x, i) => {
    const s = Math.sin(2 * Math.PI * cycles * i);
    const c = Math.cos(2 * Math.PI * cycles * i);
    ss += s * s;
    sc += s * c;
    cc += c * c;
    xs += x * s;
    xc += x * c;
  });
  const a = (xs * cc - xc * sc) / (ss * cc - sc * sc);
  const b = (xc * ss - xs * sc) / (ss * cc - sc * sc);
  let signal = 0;
  let noise = 0;
  samples.forEach((x, i) => {
    const fit = a * Math.sin(2 * Math.PI * cycles * i) + b * Math.cos(2 * Math.PI * cycles * i);
    signal += fit * fit;
    noise += (x - fit) ** 2;
  });
  return 10 * Math.log10(signal / noise);
}

/** Against the sine itself: delay and gain count. */
function placedTone(share: number, from: number, to: number): number {
  const { hertz, input } = tone(share, from, to);
  return ratioTo(ours(input, from, to), to, (seconds) => sineAt(hertz, seconds));
}

/** A linear sweep from 0 to 0.86 of the lower Nyquist frequency, which is known in closed form at any time. */
function sweepToNoise(from: number, to: number): number {
  const top = (0.86 * Math.min(from, to)) / 2;
  const at = (seconds: number): number => LEVEL * Math.sin((Math.PI * top * seconds * seconds) / SECONDS);
  const input = Float32Array.from({ length: from * SECONDS }, (_, i) => at(i / from));
  return ratioTo(ours(input, from, to), to, at);
}

function ratioTo(output: Float32Array, rate: number, at: (seconds: number) => number): number {
  const skip = Math.round(rate / 10);
  let signal = 0;
  let noise = 0;
  for (let i = skip; i < output.length - skip; i++) {
    const expected = at(i / rate);
    signal += expected ** 2;
    noise += (output[i]! - expected) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

/** What is left of a tone that the lower rate cannot hold, dB. */
function aliasOf(from: number, to: number): number {
  const { input } = tone(ALIAS_SHARE, from, to);
  const left = middle(ours(input, from, to));
  return 20 * Math.log10(left.reduce((max, x) => Math.max(max, Math.abs(x)), 0) / LEVEL);
}

function middle(samples: Float32Array): Float32Array {
  const skip = Math.floor(samples.length / 5);
  return samples.subarray(skip, samples.length - skip);
}

function viaFfmpeg(
  bench: Workbench,
  input: Float32Array,
  from: number,
  to: number,
  filter: string,
): Float32Array | undefined {
  bench.writeClip('in.wav', { sampleRate: from, channels: [input] });
  const done = bench.ffmpeg(
    '-i',
    'in.wav',
    '-af',
    `${filter}:osf=flt`,
    '-ar',
    `${to}`,
    '-c:a',
    'pcm_f32le',
    'out.wav',
  );
  return done ? bench.readClip('out.wav').channels[0] : undefined;
}

function viaLibsamplerate(
  bench: Workbench,
  input: Float32Array,
  from: number,
  to: number,
): Float32Array | undefined {
  bench.writeClip('in.wav', { sampleRate: from, channels: [input] });
  const done = bench.call('sndfile-resample', '-to', `${to}`, '-c', '0', 'in.wav', 'out.wav');
  return done === undefined ? undefined : bench.readClip('out.wav').channels[0];
}

function decibelsOf(value: number): string {
  return Number.isNaN(value) ? '—' : value.toFixed(0);
}
