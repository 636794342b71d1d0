import { createRng, isAttuneError, type Rng } from '@attune/core';
import { clipDuration, decodeAudio, mixToMono, sliceClip, type AudioClip } from '@attune/core/audio';
import { type DataItem, type DataSet, splitOf, type Split } from '@attune/core/node';
import { summariseWindows } from '../audio-windows.ts';

/** One clip, or a changed copy of one, as the summaries of its windows. */
export interface AudioExample {
  readonly id: string;
  /** Clips of one piece, and of near-duplicates of it, share a group. */
  readonly group: string;
  readonly split: Split;
  readonly label: string;
  readonly copy: boolean;
  readonly windows: readonly Float64Array[];
}

export interface AudioDataOptions {
  /** Changed copies of each clip that is not for testing. */
  readonly copies: number;
  readonly seed: number;
  /** All clips are test clips (a set given by `--test`). */
  readonly allTest?: boolean;
  /** A change made to every clip before it is analysed, for robustness figures. */
  readonly change?: (clip: AudioClip, rng: Rng) => AudioClip | Promise<AudioClip>;
  /** Splits to read; all where left out. */
  readonly splits?: readonly Split[];
  readonly onSkip?: (item: DataItem, reason: string) => void;
}

/**
 * Clips with a genre, as features. The split of a clip is that of the piece it was rendered from (`DataItem.group`), so that
 * no piece is heard on both sides. Deterministic in seed and id.
 */
export async function audioExamples(sets: readonly DataSet[], options: AudioDataOptions): Promise<AudioExample[]> {
  const examples: AudioExample[] = [];
  for (const item of sets.flatMap((set) => set.items)) {
    const label = item.row.genre ?? '';
    const split = options.allTest ? 'test' : splitOf(item.group);
    if (label === '' || (options.splits && !options.splits.includes(split))) continue;
    const rng = createRng(options.seed).fork(`${item.set}/${item.id}`);
    const decoded = await readClip(item, options.onSkip);
    if (!decoded) continue;
    const clip = options.change ? await options.change(decoded, rng) : decoded;
    examples.push({ id: item.id, group: item.group, split, label, copy: false, windows: summariseWindows(clip) });
    if (split === 'test') continue;
    for (let i = 0; i < options.copies; i++) {
      examples.push({ id: item.id, group: item.group, split, label, copy: true, windows: summariseWindows(variedClip(clip, rng)) });
    }
  }
  return examples;
}

/** A part of 4 to 10 s, and in half of the cases each: white noise 8–40 dB below, the highs cut off, a tilted spectrum. */
export function variedClip(clip: AudioClip, rng: Rng): AudioClip {
  const mono = mixToMono(clip);
  const length = clipDuration(mono);
  const part = Math.min(length, 4 + 6 * rng.uniform());
  const start = rng.uniform() * (length - part);
  let out = sliceClip(mono, start, start + part);
  if (rng.uniform() < 0.5) out = dulled(out, 3000 * 3 ** rng.uniform());
  if (rng.uniform() < 0.5) out = tilted(out, rng.uniform() * 0.9 - 0.3);
  if (rng.uniform() < 0.5) out = withNoise(out, 8 + 32 * rng.uniform(), rng);
  return out;
}

/** White Gaussian noise this many decibels below the clip's RMS. */
export function withNoise(clip: AudioClip, decibels: number, rng: Rng): AudioClip {
  const channels = clip.channels.map((samples) => {
    const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    const level = rms * 10 ** (-decibels / 20);
    return samples.map((x) => x + level * rng.normal());
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
