import { findKey, programName, type Score } from '@attune/core';
import { familyOf, type InstrumentFamily } from '@attune/core/features';
import { analyseScore, DRUMS, MOOD_AXES, type Mode, type MoodAxis } from '@attune/core/style';
import type { Classification } from '../classification.ts';
import type { ScoreClassifier } from '../classify-score.ts';
import { broadAnswer, STYLE_TREE, type BroadAnswer, type LabelTree } from './label-tree.ts';

/** A mood axis as a word, with where the piece lies among the pieces that the axes were measured on. */
export interface MoodLabel {
  /** 'low', 'middle' or 'high': the thirds of those pieces. */
  readonly level: 'low' | 'middle' | 'high';
  /** E.g. 'calm', 'bright'. */
  readonly word: string;
  /** 0 … 1. */
  readonly quantile: number;
}

/** A key as a label. */
export interface KeyLabel {
  /** E.g. 'D minor'. */
  readonly name: string;
  readonly tonic: number;
  readonly mode: Mode;
  /** How much better it fits than the next key, as a difference of correlations. */
  readonly clarity: number;
}

/** A piece in the words of each label set. */
export interface MusicDescription {
  readonly style: Classification;
  /** The most precise label of the tree that is probable enough. */
  readonly broadStyle: BroadAnswer | undefined;
  /** Of the drum part, where there is one and a classifier of drum styles was given. */
  readonly drumStyle?: Classification;
  readonly mood: Readonly<Record<MoodAxis, MoodLabel>>;
  /** Absent where only drums play. */
  readonly key?: KeyLabel;
  /** Names of the General MIDI programs that play, ascending; 'Drum kit' last. */
  readonly instruments: readonly string[];
  readonly families: readonly (InstrumentFamily | 'drums')[];
}

/** Which models `describeMusic` asks, beside what a score says of itself. */
export interface DescribeOptions {
  readonly style: ScoreClassifier;
  /** Tells the style of drums (`DRUM_STYLE_FEATURES`). */
  readonly drumStyle?: ScoreClassifier;
  /** Default: `STYLE_TREE`. */
  readonly tree?: LabelTree;
}

const MOOD_WORDS: Readonly<Record<MoodAxis, readonly [string, string, string]>> = {
  energy: ['calm', 'moderate', 'lively'],
  valence: ['dark', 'neutral', 'bright'],
  tension: ['relaxed', 'balanced', 'tense'],
};
const LEVELS = ['low', 'middle', 'high'] as const;
/** The commoner name of each pitch class as a tonic. */
const TONICS: Readonly<Record<Mode, readonly string[]>> = {
  major: ['C', 'D flat', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B'],
  minor: ['C', 'C sharp', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'G sharp', 'A', 'B flat', 'B'],
};

/** Style, broader style, drum style, mood, key and instruments of a piece. Throws `score/invalid` for a score without notes. */
export function describeMusic(
  score: Score,
  { style, drumStyle, tree = STYLE_TREE }: DescribeOptions,
): MusicDescription {
  const analysis = analyseScore(score);
  const answer = style.classifyScore(score);
  const key = keyLabel(score);
  const pitched = analysis.instruments.filter((program) => program !== DRUMS);
  const hasDrums = analysis.instruments.includes(DRUMS);
  return {
    style: answer,
    broadStyle: broadAnswer(tree, answer),
    ...(drumStyle && hasDrums && { drumStyle: drumStyle.classifyScore(score) }),
    mood: Object.fromEntries(MOOD_AXES.map((axis) => [axis, moodLabel(axis, analysis[axis])])) as Record<
      MoodAxis,
      MoodLabel
    >,
    ...(key && { key }),
    instruments: [...pitched.map(programName), ...(hasDrums ? ['Drum kit'] : [])],
    families: [...new Set(pitched.map(familyOf)), ...(hasDrums ? (['drums'] as const) : [])],
  };
}

function moodLabel(axis: MoodAxis, quantile: number): MoodLabel {
  const third = Math.min(2, Math.floor(3 * quantile));
  return { level: LEVELS[third]!, word: MOOD_WORDS[axis][third]!, quantile };
}

function keyLabel(score: Score): KeyLabel | undefined {
  const key = findKey(score);
  if (!key) return undefined;
  const next = key.ranking[1]?.correlation ?? -1;
  return {
    name: `${TONICS[key.mode][key.tonic]} ${key.mode}`,
    tonic: key.tonic,
    mode: key.mode,
    clarity: key.correlation - next,
  };
}
