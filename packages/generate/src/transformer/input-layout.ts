import {
  COMPOUND_FIELDS,
  DRUM_INSTRUMENT,
  FIELD_SIZES,
  INSTRUMENT,
  INSTRUMENT_COUNT,
  MAX_BAR_STEPS,
  PITCH,
  POSITION,
  STEPS_PER_QUARTER,
} from '@attune/core/tokens';
import { conditionSizes, type ConditionBins } from './conditions.ts';
import type { Ability, ConditionSpace } from './config.ts';
import { distanceBucket, RETURN_DISTANCES, type BarForm } from './form/bar-form.ts';

/** Where a piece begins for the model: at its real start, or in the middle of more music. */
export type StartKind = 'start' | 'middle';

/** Bars that remain are told exactly up to this number. */
export const MAX_BARS_REMAINING = 32;
const BAR_CYCLE = 16;
const FAMILIES = 17; // General MIDI families of eight programs, and drums
const PITCH_CLASSES = 12;
const OCTAVES = 11;
const BEATS = MAX_BAR_STEPS / STEPS_PER_QUARTER;

/** Tasks in which notes are written beside given ones, in one window: first the given, then the written. */
export const TASK_KINDS = ['infill', 'accompany', 'reorchestrate', 'vary'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** What a note is for the task: given before, inside or after the stretch that is written, or written. */
export const ROLES = ['before', 'inside', 'after', 'written'] as const;
export type Role = (typeof ROLES)[number];

/** What every step of a window is told of its task. */
export interface TaskWishes {
  readonly kind: TaskKind;
  /** Instruments to be written. */
  readonly writes: readonly number[];
}

/** Bars left to write are told exactly up to this number. */
const MAX_BARS_LEFT = 16;
const SECTION_LETTERS = 8;
const MAX_BARS_IN_SECTION = 16;

/** Rows of the input table, block after block. */
export interface InputLayout {
  readonly rows: number;
  /** What each row means, unique: rows of one name mean the same in another model. [rows] */
  readonly names: readonly string[];
  /** Appends the rows of the note before (`step` of its fields) to `out` from `at`; returns the new length. */
  note(step: ArrayLike<number>, offset: number, out: Int32Array, at: number): number;
  /** As `note`, its instrument hidden. */
  sketchNote(step: ArrayLike<number>, offset: number, out: Int32Array, at: number): number;
  start(kind: StartKind, out: Int32Array, at: number): number;
  /** `bar`: absolute bar of the note before; `remaining`: bars after that bar up to the last, −1 unknown. */
  metre(bar: number, remaining: number, out: Int32Array, at: number): number;
  conditions(bins: ConditionBins, out: Int32Array, at: number): number;
  /** The task of the whole window; nothing where the model has no tasks. */
  task(wishes: TaskWishes, out: Int32Array, at: number): number;
  /** `left`: bars after this one up to the end of what is written. */
  role(role: Role, left: number, out: Int32Array, at: number): number;
  /** Form around `bar`; `form` undefined: open. Nothing where the model knows no form. */
  form(form: BarForm | undefined, bar: number, out: Int32Array, at: number): number;
}

/** Most rows that one step can have: derived for buffers. */
export const MAX_ACTIVE_ROWS = 6 + 5 + 2 + 8 + INSTRUMENT_COUNT + (1 + INSTRUMENT_COUNT) + 2 + 6;

/** `abilities` add their rows after all others, so that a model without them keeps its table. */
export function createInputLayout(space: ConditionSpace, abilities: readonly Ability[] = []): InputLayout {
  const names: string[] = [];
  const block = (name: string, size: number, nameOf: (i: number) => string | number = (i) => i): number => {
    const first = names.length;
    for (let i = 0; i < size; i++) names.push(`${name}=${nameOf(i)}`);
    return first;
  };
  const orUnknown =
    (size: number, nameOf: (i: number) => string | number = (i) => i) =>
    (i: number) =>
      i === size ? 'unknown' : nameOf(i);
  const fields = FIELD_SIZES.map((size, k) => block(COMPOUND_FIELDS[k]!, size));
  const pitchClass = block('pitch class', PITCH_CLASSES);
  const octave = block('octave', OCTAVES);
  const family = block('family', FAMILIES);
  const phase = block('phase', STEPS_PER_QUARTER);
  const beat = block('beat', BEATS);
  const startRows = block('start', 2);
  const barInCycle = block('bar in cycle', BAR_CYCLE);
  const barsRemaining = block('bars remaining', MAX_BARS_REMAINING + 3, orUnknown(MAX_BARS_REMAINING + 2)); // 0 … 32, more, unknown
  const sizes = conditionSizes(space);
  const valueNames: Partial<Record<string, (i: number) => string | number>> = {
    style: (i) => space.styles[i]!,
    meter: (i) => space.meters[i] ?? 'other',
  };
  const single = (
    ['style', 'mode', 'tempo', 'meter', 'density', 'energy', 'valence', 'tension'] as const
  ).map((name) => ({
    name,
    size: sizes[name],
    first: block(`wish ${name}`, sizes[name] + 1, orUnknown(sizes[name], valueNames[name])), // the last: unknown
  }));
  const instruments = block('wish instrument', INSTRUMENT_COUNT + 1, orUnknown(INSTRUMENT_COUNT));
  const tasks = abilities.includes('tasks') && {
    kind: block('task', TASK_KINDS.length, (i) => TASK_KINDS[i]!),
    role: block('role', ROLES.length, (i) => ROLES[i]!),
    left: block('bars left to write', MAX_BARS_LEFT + 2), // 0 … 16, more
    writes: block('writes instrument', INSTRUMENT_COUNT),
    hidden: block('hidden instrument', 1),
  };
  const forms = abilities.includes('form') && {
    open: block('form', 1, () => 'unknown'),
    section: block('section', SECTION_LETTERS),
    inSection: block('bar in section', MAX_BARS_IN_SECTION),
    leftInSection: block('bars left in section', MAX_BARS_IN_SECTION),
    back: block('returns', RETURN_DISTANCES + 1), // 0: new
    nextBack: block('next bar returns', RETURN_DISTANCES + 1),
    nextStarts: block('next bar starts a section', 1),
  };

  const timeRows = (position: number, out: Int32Array, at: number): number => {
    out[at++] = phase + (position % STEPS_PER_QUARTER);
    out[at++] = beat + Math.floor(position / STEPS_PER_QUARTER);
    return at;
  };

  return {
    rows: names.length,
    names,
    note(step, offset, out, at) {
      for (let k = 0; k < fields.length; k++) out[at++] = fields[k]! + step[offset + k]!;
      const instrument = step[offset + INSTRUMENT]!;
      const position = step[offset + POSITION]!;
      if (instrument !== DRUM_INSTRUMENT) {
        const pitch = step[offset + PITCH]!;
        out[at++] = pitchClass + (pitch % 12);
        out[at++] = octave + Math.floor(pitch / 12);
      }
      out[at++] = family + (instrument >> 3);
      return timeRows(position, out, at);
    },
    sketchNote(step, offset, out, at) {
      for (let k = 0; k < fields.length; k++)
        if (k !== INSTRUMENT) out[at++] = fields[k]! + step[offset + k]!;
      const pitch = step[offset + PITCH]!;
      out[at++] = pitchClass + (pitch % 12);
      out[at++] = octave + Math.floor(pitch / 12);
      if (tasks) out[at++] = tasks.hidden;
      return timeRows(step[offset + POSITION]!, out, at);
    },
    start(kind, out, at) {
      out[at++] = startRows + (kind === 'start' ? 0 : 1);
      return at;
    },
    metre(bar, remaining, out, at) {
      out[at++] = barInCycle + (bar % BAR_CYCLE);
      out[at++] =
        barsRemaining +
        (remaining < 0 ? MAX_BARS_REMAINING + 2 : Math.min(remaining, MAX_BARS_REMAINING + 1));
      return at;
    },
    conditions(bins, out, at) {
      for (const { name, size, first } of single) out[at++] = first + (bins[name] < 0 ? size : bins[name]);
      if (bins.instruments === undefined) out[at++] = instruments + INSTRUMENT_COUNT;
      else for (const instrument of bins.instruments) out[at++] = instruments + instrument;
      return at;
    },
    task({ kind, writes }, out, at) {
      if (!tasks) return at;
      out[at++] = tasks.kind + TASK_KINDS.indexOf(kind);
      for (const instrument of writes) out[at++] = tasks.writes + instrument;
      return at;
    },
    role(role, left, out, at) {
      if (!tasks) return at;
      out[at++] = tasks.role + ROLES.indexOf(role);
      if (role === 'written') out[at++] = tasks.left + Math.min(MAX_BARS_LEFT + 1, left);
      return at;
    },
    form(form, bar, out, at) {
      if (!forms) return at;
      if (!form || bar >= form.section.length) {
        out[at++] = forms.open;
        return at;
      }
      const next = bar + 1;
      out[at++] = forms.section + (form.section[bar]! % SECTION_LETTERS);
      out[at++] = forms.inSection + Math.min(MAX_BARS_IN_SECTION - 1, form.inSection[bar]!);
      out[at++] = forms.leftInSection + Math.min(MAX_BARS_IN_SECTION - 1, form.leftInSection[bar]!);
      out[at++] = forms.back + distanceBucket(form.back[bar]!);
      if (next === form.section.length) return at;
      out[at++] = forms.nextBack + distanceBucket(form.back[next]!);
      if (form.inSection[next] === 0) out[at++] = forms.nextStarts;
      return at;
    },
  };
}

/** First row of each field's one-hot block among the values of a note; the last entry is the number of values. */
export const FIELD_OFFSETS: readonly number[] = FIELD_SIZES.reduce<number[]>(
  (all, size) => [...all, all.at(-1)! + size],
  [0],
);
export const VALUE_COUNT = FIELD_OFFSETS.at(-1)!;

/**
 * Periods of the rotation pairs of a head: the first half in bars of musical time, the most telling first, the
 * rest in notes, geometric from 4 to 2048.
 */
export function rotationPeriods(pairs: number): {
  readonly bars: readonly number[];
  readonly notes: readonly number[];
} {
  const BAR_PERIODS = [4, 1, 8, 2, 16, 1 / 2, 32, 1 / 4, 1 / 3, 64, 1 / 6, 1 / 8, 3, 6, 12, 1 / 12];
  const inBars = Math.min(BAR_PERIODS.length, Math.ceil(pairs / 2));
  const inNotes = pairs - inBars;
  return {
    bars: BAR_PERIODS.slice(0, inBars),
    notes: Array.from({ length: inNotes }, (_, i) => 4 * 512 ** (inNotes < 2 ? 1 : i / (inNotes - 1))),
  };
}

/** Writes the angles of one step [P] to `out` from `at`. `time` in bars, `index` in notes. */
export function writeAngles(
  periods: ReturnType<typeof rotationPeriods>,
  time: number,
  index: number,
  out: Float32Array | Float64Array,
  at: number,
): void {
  for (const period of periods.bars) out[at++] = 2 * Math.PI * ((time / period) % 1);
  for (const period of periods.notes) out[at++] = 2 * Math.PI * ((index / period) % 1);
}
