import { createRng, isAttuneError, type Rng } from '@attune/core';
import {
  clipDuration,
  decodeAudio,
  encodeMp3,
  mixToMono,
  resample,
  sliceClip,
  type AudioClip,
} from '@attune/core/audio';
import { type DataItem, type DataSet, splitOf, type Split } from '@attune/core/node';
import { createWindowPlan, readWindows, type ReadWindow } from '../audio-windows.ts';

/** One clip, or a changed copy of one, as the summaries of its windows. */
export interface AudioExample {
  readonly id: string;
  /** Clips of one piece, and of near-duplicates of it, share a group. */
  readonly group: string;
  readonly split: Split;
  readonly label: string;
  readonly copy: boolean;
  /** Name of the change that this is the clip after; undefined: none that is named. */
  readonly change?: string;
  readonly windows: readonly ReadWindow[];
}

/** What a recording may go through before it reaches us. */
export type Change = (clip: AudioClip, rng: Rng) => AudioClip | Promise<AudioClip>;

/** The changes that robustness is judged by (target C4). */
export const CHANGES: Readonly<Record<string, Change>> = {
  'MP3 64 kbit/s': async (clip) => decodeAudio(await encodeMp3(clip, { kbps: 64 })),
  'resampled to 16 kHz': (clip) => resample(clip, 16_000),
  '6 dB softer': (clip) => ({
    ...clip,
    channels: clip.channels.map((channel) => channel.map((x) => x * 10 ** (-6 / 20))),
  }),
  '6 dB louder': (clip) => ({
    ...clip,
    channels: clip.channels.map((channel) => channel.map((x) => x * 10 ** (6 / 20))),
  }),
  'white noise 10 dB below': (clip, rng) => withNoise(clip, 10, rng),
};

/** Which clips of a set to hear, and as what. */
export interface AudioDataOptions {
  /** Changed copies of each clip that is not for testing. */
  readonly copies: number;
  readonly seed: number;
  /** All clips are test clips (a set given by `--test`). */
  readonly allTest?: boolean;
  /** Every clip is given after each of these too, for robustness figures. */
  readonly changes?: Readonly<Record<string, Change>>;
  /** Splits to read; all where left out. */
  readonly splits?: readonly Split[];
  readonly onSkip?: (item: DataItem, reason: string) => void;
}

/**
 * Clips with a genre, as features. The split of a clip is that of the piece it was rendered from (`DataItem.group`), so that
 * no piece is heard on both sides. Deterministic in seed and id.
 */
export async function audioExamples(
  sets: readonly DataSet[],
  options: AudioDataOptions,
): Promise<AudioExample[]> {
  const plan = createWindowPlan();
  const examples: AudioExample[] = [];
  for (const item of sets.flatMap((set) => set.items)) {
    const label = item.row.genre ?? '';
    const split = options.allTest ? 'test' : splitOf(item.group);
    if (label === '' || (options.splits && !options.splits.includes(split))) continue;
    const rng = createRng(options.seed).fork(`${item.set}/${item.id}`);
    const clip = await readClip(item, options.onSkip);
    if (!clip) continue;
    const add = (heard: AudioClip, kind: Pick<AudioExample, 'copy' | 'change'>): void => {
      examples.push({
        id: item.id,
        group: item.group,
        split,
        label,
        ...kind,
        windows: readWindows(heard, plan),
      });
    };
    add(clip, { copy: false });
    for (const [change, make] of Object.entries(options.changes ?? {}))
      add(await make(clip, rng.fork(change)), { copy: false, change });
    if (split === 'test' || options.copies === 0) continue;
    add(await decodeAudio(await encodeMp3(clip, { kbps: MP3_RATES[rng.integer(MP3_RATES.length)]! })), {
      copy: true,
    });
    for (let i = 1; i < options.copies; i++) add(variedClip(clip, rng), { copy: true });
  }
  return examples;
}

/** Bit rates of the copy that went through a codec. */
const MP3_RATES = [48, 64, 96, 128] as const;

/** A part of 4 to 10 s, and in half of the cases each: the highs cut off, a tilted spectrum; in most of them noise 3–35 dB below, from white to red. */
export function variedClip(clip: AudioClip, rng: Rng): AudioClip {
  const mono = mixToMono(clip);
  const length = clipDuration(mono);
  const part = Math.min(length, 4 + 6 * rng.uniform());
  const start = rng.uniform() * (length - part);
  let out = sliceClip(mono, start, start + part);
  if (rng.uniform() < 0.5) out = dulled(out, 3000 * 3 ** rng.uniform());
  if (rng.uniform() < 0.5) out = tilted(out, rng.uniform() * 0.9 - 0.3);
  if (rng.uniform() < 0.7)
    out = withNoise(out, 3 + 32 * rng.uniform(), rng, rng.uniform() < 0.6 ? 0 : 0.95 * rng.uniform());
  return out;
}

/** Gaussian noise this many decibels below the clip's RMS: white where `pole` is 0, the redder the nearer to 1. */
export function withNoise(clip: AudioClip, decibels: number, rng: Rng, pole = 0): AudioClip {
  const channels = clip.channels.map((samples) => {
    const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    const level = rms * 10 ** (-decibels / 20) * Math.sqrt(1 - pole * pole);
    let last = 0;
    return samples.map((x) => x + (last = pole * last + level * rng.normal()));
  });
  return { ...clip, channels };
}

/** Two one-pole low-passes in a row: −6 dB about `hertz`, falling by 12 dB an octave. */
function dulled(clip: AudioClip, hertz: number): AudioClip {
  const pole = Math.exp((-2 * Math.PI * hertz) / clip.sampleRate);
  const channels = clip.channels.map((samples) => {
    let first = 0;
    let second = 0;
    return samples.map((x) => {
      first += (1 - pole) * (x - first);
      return (second += (1 - pole) * (first - second));
    });
  });
  return { ...clip, channels };
}

/** First-order tilt y[n] = x[n] + amount · y[n − 1]: > 0 darker, < 0 brighter. */
function tilted(clip: AudioClip, amount: number): AudioClip {
  const channels = clip.channels.map((samples) => {
    let last = 0;
    return samples.map((x) => (last = x + amount * last));
  });
  return { ...clip, channels };
}

async function readClip(item: DataItem, onSkip: AudioDataOptions['onSkip']): Promise<AudioClip | undefined> {
  try {
    return await decodeAudio(item.bytes());
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    onSkip?.(item, error.message);
    return undefined;
  }
}
