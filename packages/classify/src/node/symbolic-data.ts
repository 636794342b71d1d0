import {
  countNotes,
  createMeterMap,
  createRng,
  isAttuneError,
  scoreEndTick,
  sliceScore,
  type Rng,
  type Score,
} from '@attune/core';
import { extractSymbolicFeatures } from '@attune/core/features';
import { readMidi } from '@attune/core/midi';
import {
  type DataItem,
  type DataSet,
  SHIPPABLE_SYMBOLIC_SETS,
  splitOf,
  type Split,
  styleOfRow,
} from '@attune/core/node';
import { isStyle, type Style } from '@attune/core/style';

/** One row to learn from or to judge: the features of a whole piece or of an excerpt of it. */
export interface SymbolicExample {
  readonly id: string;
  readonly set: string;
  /** Near-duplicates share it. */
  readonly group: string;
  readonly split: Split;
  readonly label: string;
  readonly excerpt: boolean;
  readonly features: Float64Array;
}

/** Excerpts for training have one of these lengths; those for judging have `JUDGED_BARS`. */
const TRAINING_BARS = [8, 16, 32] as const;
/** Bars of an excerpt that is judged. */
export const JUDGED_BARS = 16;
/** A class of more pieces than this gives one row a piece, the whole or an excerpt; a smaller one more excerpts. */
const LARGE_CLASS = 1000;
/** Excerpts are drawn until a class has about this many. */
const WANTED_EXCERPTS = 600;
/** An excerpt with fewer notes says nothing. */
const LEAST_NOTES = 8;

/** Which pieces of a set to read, and as what. */
export interface SymbolicDataOptions {
  /** Excerpts a training piece gives, at most; small classes give more of them than large ones. */
  readonly excerpts: number;
  readonly seed: number;
  /** All pieces are test pieces (a set given by `--test`). */
  readonly allTest?: boolean;
  /** Splits to read; all where left out. */
  readonly splits?: readonly Split[];
  readonly labelOf?: (item: DataItem) => string | undefined;
  readonly onSkip?: (item: DataItem, reason: string) => void;
  readonly onSet?: (name: string, pieces: number) => void;
}

/** The style of a piece: of our own sets as their labels are translated, of another set its column `style` where it is one of ours. */
export function styleOfItem({ set, row }: Pick<DataItem, 'set' | 'row'>): Style | undefined {
  if (SHIPPABLE_SYMBOLIC_SETS.some((name) => name === set)) return styleOfRow(set, row);
  const { style } = row;
  return style !== undefined && isStyle(style) ? style : undefined;
}

/**
 * Pieces with a style, as features. A training piece also gives varied excerpts (see `varied`), or one of a large class one row; a validation or test piece
 * gives one excerpt of 16 bars, unvaried, when it is longer than that. Deterministic in seed and id.
 */
export function symbolicExamples(sets: readonly DataSet[], options: SymbolicDataOptions): SymbolicExample[] {
  const labelOf = options.labelOf ?? styleOfItem;
  const items = sets.flatMap((set) => set.items);
  const pieces = new Map<string, number>();
  for (const item of items) count(pieces, labelOf(item));
  const examples: SymbolicExample[] = [];
  for (const set of sets) {
    let read = 0;
    for (const item of set.items) {
      const label = labelOf(item);
      const split = options.allTest ? 'test' : splitOf(item.group);
      if (label === undefined || (options.splits && !options.splits.includes(split))) continue;
      const score = readPiece(item, options.onSkip);
      if (!score) continue;
      read++;
      const add = (part: Score, excerpt: boolean): void => {
        examples.push({
          id: item.id,
          set: item.set,
          group: item.group,
          split,
          label,
          excerpt,
          features: extractSymbolicFeatures(part),
        });
      };
      const rng = createRng(options.seed).fork(`${item.set}/${item.id}`);
      const large = pieces.get(label)! > LARGE_CLASS;
      if (split !== 'train' || !large || rng.uniform() < 0.5) add(score, false);
      else
        add(
          varied(excerptOf(score, TRAINING_BARS[rng.integer(TRAINING_BARS.length)]!, rng) ?? score, rng),
          true,
        );
      if (split === 'train' && !large) {
        const wanted = Math.min(
          options.excerpts,
          Math.max(1, Math.round(WANTED_EXCERPTS / pieces.get(label)!)),
        );
        for (let i = 0; i < wanted; i++) {
          const bars = TRAINING_BARS[rng.integer(TRAINING_BARS.length)]!;
          const part = excerptOf(score, bars, rng) ?? score;
          add(varied(part, rng), true);
        }
      } else if (split !== 'train') {
        const part = excerptOf(score, JUDGED_BARS, rng);
        if (part) add(part, true);
      }
    }
    options.onSet?.(set.name, read);
  }
  return examples;
}

/** `bars` whole bars from a random one; undefined when the piece is not longer than that or too few notes are in it. */
export function excerptOf(score: Score, bars: number, rng: Rng): Score | undefined {
  const meters = createMeterMap(score);
  const total = meters.barCount(scoreEndTick(score));
  if (total <= bars) return undefined;
  const first = rng.integer(total - bars + 1);
  const part = sliceScore(score, meters.barStart(first), meters.barStart(first + bars));
  return countNotes(part) < LEAST_NOTES ? undefined : part;
}

/**
 * A variation whose style is the same but whose tells of a data set are weaker: in half of the cases another tempo (±20 %),
 * other velocities (one for all, or moved together), a transposition by up to a third, and in three of ten other
 * instruments for the pitched tracks.
 */
export function varied(score: Score, rng: Rng): Score {
  const tempoFactor = rng.uniform() < 0.5 ? 2 ** ((rng.uniform() - 0.5) * 0.53) : 1;
  const velocity = varyVelocity(rng);
  const shift = rng.uniform() < 0.5 ? rng.integer(9) - 4 : 0;
  const reorchestrate = rng.uniform() < 0.3;
  const tempos = score.tempos[0]?.tick === 0 ? score.tempos : [{ tick: 0, bpm: 120 }, ...score.tempos];
  return {
    ...score,
    tempos: tempos.map((tempo) => ({ ...tempo, bpm: tempo.bpm * tempoFactor })),
    tracks: score.tracks.map((track) => ({
      ...track,
      program: reorchestrate && !track.isDrum ? rng.integer(80) : track.program,
      notes: track.notes.map((note) => ({
        ...note,
        pitch: track.isDrum ? note.pitch : Math.min(127, Math.max(0, note.pitch + shift)),
        velocity: velocity(note.velocity),
      })),
    })),
  };
}

function varyVelocity(rng: Rng): (velocity: number) => number {
  const chance = rng.uniform();
  const level = 50 + rng.integer(60);
  const move = rng.integer(41) - 20;
  if (chance < 0.25) return () => level;
  if (chance < 0.5) return (velocity) => Math.min(127, Math.max(1, velocity + move));
  return (velocity) => velocity;
}

function readPiece(item: DataItem, onSkip: SymbolicDataOptions['onSkip']): Score | undefined {
  try {
    const score = readMidi(item.bytes());
    if (countNotes(score) > 0) return score;
    onSkip?.(item, 'it has no notes');
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    onSkip?.(item, error.message);
  }
  return undefined;
}

function count(counts: Map<string, number>, key: string | undefined): void {
  if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
}
