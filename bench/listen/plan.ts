import { createScore, type Score } from '@attune/core';
import { STYLES, type Conditioning, type Style } from '@attune/core/style';
import type { GeneratedPiece, GenerationRequest, GenerationTask, GeneratorInfo } from '@attune/generate';

/** One piece of the page. */
export interface PlannedPiece {
  readonly name: string;
  readonly style: Style;
  /** In words: what was asked for beyond the style. */
  readonly wish: string;
  /** The request but for its seed; `earlier` holds the pieces made before it, by name. */
  readonly request: (earlier: ReadonlyMap<string, GeneratedPiece>) => Omit<GenerationRequest, 'seed'>;
  /** Bars written by the model where others were given, counted from 1. */
  readonly marked?: readonly [first: number, last: number];
}

const COMPOSED_BARS = 8;

/** Opening of Beethoven's Ode to Joy, a melody to go on from and to accompany. */
const JOY = [66, 66, 67, 69, 69, 67, 66, 64, 62, 62, 64, 66, 66, 64, 64] as const;
const JOY_ENDS = [66, 66, 67, 69, 69, 67, 66, 64, 62, 62, 64, 66, 64, 62, 62] as const;

/** Eight bars of the melody for a flute, or the first four. */
export function odeToJoy(bars: 4 | 8): Score {
  const quarter = 480;
  const lengths = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.5, 0.5, 2];
  const notes = (bars === 4 ? [JOY] : [JOY, JOY_ENDS]).flatMap((phrase, half) => {
    let at = half * 16 * quarter;
    return phrase.map((pitch, i) => {
      const note = { start: at, duration: lengths[i]! * quarter, pitch: pitch + 12, velocity: 84 };
      at += note.duration;
      return note;
    });
  });
  return createScore({
    ticksPerQuarter: quarter,
    tempos: [{ tick: 0, bpm: 112 }],
    meters: [{ tick: 0, numerator: 4, denominator: 4 }],
    keys: [{ tick: 0, fifths: 2, mode: 'major' }],
    tracks: [{ name: 'Flute', program: 73, notes }],
  });
}

type Planner = (style: Style) => PlannedPiece;

const compose: Planner = (style) => ({
  name: style,
  style,
  wish: `${COMPOSED_BARS} bars, all else left open`,
  request: () => ({ conditioning: { style }, bars: COMPOSED_BARS }),
});

const withTask =
  (
    wish: string,
    conditioning: Conditioning,
    task: (earlier: ReadonlyMap<string, GeneratedPiece>) => GenerationTask,
    marked?: readonly [number, number],
  ): Planner =>
  (style) => ({
    name: style,
    style,
    wish,
    request: (earlier) => ({ conditioning: { style, ...conditioning }, task: task(earlier) }),
    ...(marked && { marked }),
  });

/** Styles whose piece shows a task; all others are composed. */
const TASKS: Partial<Record<Style, Planner>> = {
  standards: (style) => ({
    ...compose(style),
    wish: '16 bars with the form AABA',
    request: () => ({
      conditioning: { style, form: 'AABA', meter: { numerator: 4, denominator: 4 }, tempo: 168 },
      bars: 16,
    }),
  }),
  folk: (style) => ({
    name: style,
    style,
    wish: 'continue: the first four bars of the Ode to Joy are given, eight are written',
    // The opening alone sounds like F sharp minor to a key finder.
    request: () => ({
      conditioning: { style, tonic: 2, mode: 'major' },
      bars: 8,
      task: { kind: 'continue', score: odeToJoy(4) },
    }),
    marked: [5, 12],
  }),
  classical: withTask('accompany: the Ode to Joy is given, a piano is written', { instruments: [0] }, () => ({
    kind: 'accompany',
    score: odeToJoy(8),
  })),
};

/** Tasks on pieces that stand earlier on the page. */
const LATER: readonly PlannedPiece[] = [
  {
    name: 'hymn-infill',
    style: 'hymn',
    wish: 'infill: bars 4 to 6 of the hymn above written anew',
    request: (earlier) => ({
      conditioning: { style: 'hymn' },
      task: { kind: 'infill', score: earlier.get('hymn')!.score, bars: [4, 6] },
    }),
    marked: [4, 6],
  },
  {
    name: 'romantic-reorchestrate',
    style: 'romantic',
    wish: 'reorchestrate: the romantic piece above set for violin, viola and cello',
    request: (earlier) => ({
      conditioning: { style: 'romantic', instruments: [40, 41, 42] },
      task: { kind: 'reorchestrate', score: earlier.get('romantic')!.score },
    }),
  },
  {
    name: 'ragtime-vary',
    style: 'ragtime',
    wish: 'vary: half of the bars of the ragtime above kept, the rest written anew',
    request: (earlier) => ({
      conditioning: { style: 'ragtime' },
      task: { kind: 'vary', score: earlier.get('ragtime')!.score, keep: 0.5 },
    }),
  },
];

/** Every style that the model knows, and every task that it can do. */
export function planPieces(info: GeneratorInfo): PlannedPiece[] {
  const can = (kind: string): boolean => kind === 'compose' || (info.tasks ?? []).some((one) => one === kind);
  const kinds: Partial<Record<Style, string>> = { folk: 'continue', classical: 'accompany' };
  const styles = STYLES.filter((style) => info.styles.includes(style)).map((style) => {
    const isPossible = style === 'standards' ? (info.knowsForm ?? false) : can(kinds[style] ?? 'compose');
    return (isPossible ? (TASKS[style] ?? compose) : compose)(style);
  });
  const later = LATER.filter(({ name }) => can(name.split('-').at(-1)!));
  return styles.flatMap((piece) => [piece, ...later.filter(({ style }) => style === piece.style)]);
}
