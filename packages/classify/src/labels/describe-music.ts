import { findKey, programName, type Bpm, type Meter, type Score } from '@attune/core';
import { familyOf, type InstrumentFamily } from '@attune/core/features';
import { analyseScore, DRUMS, MOOD_AXES, type MoodAxis } from '@attune/core/style';
import type { Classification } from '../classification.ts';
import type { ScoreClassifier } from '../classify-score.ts';
import { keyLabelOf, type KeyLabel } from './key-label.ts';
import { moodLabel, type MoodLabel } from './mood-label.ts';
import { broadAnswer, STYLE_TREE, type BroadAnswer, type LabelTree } from './label-tree.ts';

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
  /** Median over the ticks that sound. */
  readonly tempo: Bpm;
  /** The meter that lasts longest. */
  readonly meter: Meter;
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

/** Style, broader style, drum style, mood, key, tempo, meter and instruments of a piece. Throws `score/invalid` for a score without notes. */
export function describeMusic(
  score: Score,
  { style, drumStyle, tree = STYLE_TREE }: DescribeOptions,
): MusicDescription {
  const analysis = analyseScore(score);
  const answer = style.classifyScore(score);
  const key = keyLabelOf(findKey(score));
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
    tempo: analysis.tempo,
    meter: analysis.meter,
    instruments: [...pitched.map(programName), ...(hasDrums ? ['Drum kit'] : [])],
    families: [...new Set(pitched.map(familyOf)), ...(hasDrums ? (['drums'] as const) : [])],
  };
}
