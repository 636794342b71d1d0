import { AttuneError, type Rng } from '@attune/core';
import { DRUMS, type Conditioning } from '@attune/core/style';
import type { GridNote } from '@attune/core/tokens';
import type { GenerationTask } from '../../generator.ts';
import type { TaskKind } from '../input-layout.ts';
import type { GivenMusic } from './given-music.ts';
import { sketchOf } from './task-window.ts';

/** A task that is done beside given notes. */
export type GivenTask = Extract<GenerationTask, { readonly kind: TaskKind }>;

/** A stretch of bars that is written in one go. */
export interface PlannedPart {
  readonly kind: TaskKind;
  /** Counted from 0; `endBar` is the one after the last. */
  readonly firstBar: number;
  readonly endBar: number;
  /** Bars that must have been reached before the writing ends. */
  readonly leastBars: number;
}

export interface TaskPlan {
  /** Given notes that stay in the piece. */
  readonly kept: readonly GridNote[];
  /** Given as a sketch, its instruments hidden, in place of the kept notes. */
  readonly sketch: readonly GridNote[] | undefined;
  /** Instruments that may be written. */
  readonly writes: readonly number[];
  /** Instruments of the piece that comes of it. */
  readonly instruments: readonly number[];
  /** Instruments that ask for the same again. */
  readonly asked: readonly number[];
  readonly parts: readonly PlannedPart[];
}

/** Most bars that one request writes beside given music. */
export const MAX_WRITTEN_BARS = 1024;

/** What stays and what is written. Throws `argument/invalid` for a task that makes no sense for this music. */
export function planTask(task: GivenTask, given: GivenMusic, wish: Conditioning, rng: Rng): TaskPlan {
  const plan = PLANNERS[task.kind](task as never, given, wish, rng);
  const bars = plan.parts.reduce((sum, { firstBar, endBar }) => sum + endBar - firstBar, 0);
  if (bars > MAX_WRITTEN_BARS)
    fail(`${bars} bars are to be written; at most ${MAX_WRITTEN_BARS} can be.`, { bars });
  if (plan.kept.length === 0 && plan.sketch === undefined)
    fail('Nothing would be left of the given music; compose a piece instead.', { task: task.kind });
  const isDrumsOnly = plan.instruments.every((instrument) => instrument === DRUMS);
  if (isDrumsOnly && (wish.tonic !== undefined || wish.mode !== undefined))
    fail('Drums alone have no key.', { instruments: plan.instruments.join() });
  return plan;
}

type Planner<Kind extends TaskKind> = (
  task: Extract<GivenTask, { readonly kind: Kind }>,
  given: GivenMusic,
  wish: Conditioning,
  rng: Rng,
) => TaskPlan;

const PLANNERS: { readonly [Kind in TaskKind]: Planner<Kind> } = {
  infill({ bars: [first, last] }, given, wish) {
    const isWhole = Number.isInteger(first) && Number.isInteger(last);
    if (!isWhole || first < 1 || last < first || last > given.bars) {
      fail(`Bars ${first} to ${last} cannot be filled: the music has bars 1 to ${given.bars}.`, {
        first,
        last,
      });
    }
    const hole = infillPart(first - 1, last);
    const kept = given.notes.filter(({ bar }) => bar < hole.firstBar || bar >= hole.endBar);
    return { ...sameInstruments(given, wish), kept, sketch: undefined, parts: [hole] };
  },

  accompany(_, given, wish) {
    const writes = sorted(askedInstruments(wish, 'accompany'));
    const playing = writes.find((instrument) => given.conditioning.instruments.includes(instrument));
    if (playing !== undefined)
      fail(`Instrument ${playing} plays in the given music already.`, { instrument: playing });
    return {
      kept: given.notes,
      sketch: undefined,
      writes,
      instruments: sorted([...given.conditioning.instruments, ...writes]),
      asked: writes,
      parts: [wholePart('accompany', given.bars)],
    };
  },

  reorchestrate(_, given, wish) {
    const asked = sorted(askedInstruments(wish, 'reorchestrate'));
    const writes = asked.filter((instrument) => instrument !== DRUMS);
    if (writes.length === 0)
      fail('Drums cannot play the notes of other instruments.', { instruments: DRUMS });
    const drums = given.notes.filter(({ instrument }) => instrument === DRUMS);
    if (asked.includes(DRUMS) && drums.length === 0)
      fail('The given music has no drums to keep; let drums accompany it instead.', { instruments: DRUMS });
    if (drums.length === given.notes.length)
      fail('The given music has drums alone, which no other instrument can play.', { notes: drums.length });
    const kept = asked.includes(DRUMS) ? drums : [];
    const melodic = given.notes.filter(({ instrument }) => instrument !== DRUMS);
    const sketch = sketchOf([...melodic, ...kept]);
    return {
      kept,
      sketch,
      writes,
      instruments: asked,
      asked,
      parts: [wholePart('reorchestrate', given.bars)],
    };
  },

  vary({ keep, unit = 'bars' }, given, wish, rng) {
    if (!(keep > 0 && keep < 1)) fail(`keep is ${keep}; it can be above 0 and below 1.`, { keep });
    const common = { ...sameInstruments(given, wish), sketch: undefined };
    if (unit === 'notes') {
      const order = rng.shuffle([...given.notes.keys()]);
      const dropped = new Set(order.slice(0, changedOf(given.notes.length, keep)));
      const kept = given.notes.filter((_note, i) => !dropped.has(i));
      return { ...common, kept, parts: [wholePart('vary', given.bars)] };
    }
    const order = rng.shuffle([...Array(given.bars).keys()]);
    const anew = new Set(order.slice(0, changedOf(given.bars, keep)));
    const parts: PlannedPart[] = [];
    for (let bar = 0; bar < given.bars; bar++) {
      if (!anew.has(bar)) continue;
      const first = bar;
      while (anew.has(bar + 1)) bar++;
      parts.push(infillPart(first, bar + 1));
    }
    return { ...common, kept: given.notes.filter(({ bar }) => !anew.has(bar)), parts };
  },
};

/** How many of `count` are written anew: at least one. */
function changedOf(count: number, keep: number): number {
  return Math.max(1, count - Math.round(keep * count));
}

function infillPart(firstBar: number, endBar: number): PlannedPart {
  return { kind: 'infill', firstBar, endBar, leastBars: endBar - firstBar };
}

/** The last bar may stay empty: others play there. */
function wholePart(kind: TaskKind, bars: number): PlannedPart {
  return { kind, firstBar: 0, endBar: bars, leastBars: Math.max(1, bars - 1) };
}

function sameInstruments(
  given: GivenMusic,
  wish: Conditioning,
): Pick<TaskPlan, 'writes' | 'instruments' | 'asked'> {
  const writes = sorted(wish.instruments ?? given.conditioning.instruments);
  return { writes, instruments: sorted([...writes, ...given.conditioning.instruments]), asked: writes };
}

function askedInstruments(wish: Conditioning, kind: TaskKind): readonly number[] {
  return wish.instruments ?? fail(`Name the instruments that are to ${kind}.`, { task: kind });
}

function sorted(instruments: readonly number[]): number[] {
  return [...new Set(instruments)].sort((a, b) => a - b);
}

function fail(message: string, place: Record<string, string | number>): never {
  throw new AttuneError('argument/invalid', message, place);
}
