import type { AudioClip } from '@attune/core/audio';
import {
  AUDIO_STYLE_MAP,
  MOOD_AXES,
  moodQuantile,
  STYLE_SPACE,
  styleVectorOfAudio,
  type MoodAxis,
  type StyleVector,
} from '@attune/core/style';
import type { Classification } from '../classification.ts';
import type { AudioClassifier } from '../classify-audio.ts';
import { broadAnswer, STYLE_TREE, type BroadAnswer, type LabelTree } from './label-tree.ts';
import { moodLabel, type MoodLabel } from './mood-label.ts';
import { keyOfSound, tempoOfSound, type SoundKey, type SoundTempo } from './sound-key.ts';

/** A dimension of the style space as sound tells it. */
export interface HeardDimension {
  readonly name: string;
  /** In `unit`, estimated; of pieces rendered from notes, what the notes would say. */
  readonly value: number;
  readonly unit: string;
  /** The word for the end of the dimension that the value is nearer to, of a mean piece. */
  readonly word: string;
  /** Share of the variance that the estimate explains on clips it was not learned from. */
  readonly r2: number;
}

/** A sound in the words of each label set. */
export interface SoundDescription {
  readonly style: Classification;
  /** The most precise label of the tree that is probable enough. */
  readonly broadStyle: BroadAnswer | undefined;
  /** Of the axes that sound tells. */
  readonly mood: Readonly<Partial<Record<MoodAxis, MoodLabel>>>;
  /** Of the style space, what sound tells and is no mood. */
  readonly dimensions: readonly HeardDimension[];
  /** Absent where no key is heard. */
  readonly key?: SoundKey;
  /** Absent where no beat is heard. */
  readonly tempo?: SoundTempo;
}

/** Which model `describeSound` asks, beside what the sound says of itself. */
export interface DescribeSoundOptions {
  readonly style: AudioClassifier;
  /** Default: `STYLE_TREE`. */
  readonly tree?: LabelTree;
}

/**
 * Style, broader style, mood, style dimensions, key and tempo of a sound. What the estimates are worth is measured on rendered clips
 * (docs/measurements/classify.md). Throws `feature/invalid` for an empty clip.
 */
export function describeSound(
  clip: AudioClip,
  { style, tree = STYLE_TREE }: DescribeSoundOptions,
): SoundDescription {
  const answer = style.classifyAudio(clip);
  const heard = heardDimensions(styleVectorOfAudio(clip));
  const isMood = (name: string): name is MoodAxis => MOOD_AXES.some((axis) => axis === name);
  const mood = heard.flatMap(({ name, value }) =>
    isMood(name) ? [[name, moodLabel(name, moodQuantile(name, value))] as const] : [],
  );
  const key = keyOfSound(clip);
  const tempo = tempoOfSound(clip);
  return {
    style: answer,
    broadStyle: broadAnswer(tree, answer),
    mood: Object.fromEntries(mood),
    dimensions: heard.filter(({ name }) => !isMood(name)),
    ...(key && { key }),
    ...(tempo && { tempo }),
  };
}

function heardDimensions({ values }: StyleVector): HeardDimension[] {
  return STYLE_SPACE.dimensions.flatMap(({ name, unit, mean, deviation, low, high }, i) => {
    const map = AUDIO_STYLE_MAP.dimensions[name];
    const value = values[i]!;
    if (!map || !Number.isFinite(value)) return [];
    return [{ name, value: value * deviation + mean, unit, word: value < 0 ? low : high, r2: map.r2 }];
  });
}
