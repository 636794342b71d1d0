import { BAR, END, FIELD_COUNT, MAX_BAR_GAP, POSITION, type GridNote } from '@attune/core/tokens';
import type { Role, StartKind, TaskWishes } from '../input-layout.ts';

/**
 * One window of a task: the given notes, then the notes to write, each in order of time. The first step of the
 * written part shows no note and predicts the first one; its bar field counts from `firstBar`.
 */
export interface TaskWindow {
  readonly wishes: TaskWishes;
  /** Does the window begin where the piece does? */
  readonly start: StartKind;
  /** Notes that are not charged; with `isSketch` their instruments are hidden, drums not. */
  readonly given: readonly GridNote[];
  readonly isSketch: boolean;
  readonly written: readonly GridNote[];
  /** Bars that are written: from the first up to the one before `endBar`. */
  readonly firstBar: number;
  readonly endBar: number;
  /** Nothing more is to be written after the window: END is charged. */
  readonly closes: boolean;
}

/** Input steps of a window: each given note, the beginning of the written part, and each written note. */
export function windowSteps({ given, written }: Pick<TaskWindow, 'given' | 'written'>): number {
  return given.length + 1 + written.length;
}

/** Given before, inside or after the bars that are written. */
export function roleOfGiven(
  bar: number,
  { firstBar, endBar }: Pick<TaskWindow, 'firstBar' | 'endBar'>,
): Role {
  return bar < firstBar ? 'before' : bar < endBar ? 'inside' : 'after';
}

/** The fields of a note as an input or target, its bar counted from `barBefore` and held to what a step can say. */
export function fieldsOf(note: GridNote, barBefore: number): number[] {
  const gap = Math.min(MAX_BAR_GAP, Math.max(0, note.bar - barBefore));
  return [gap, note.position, note.instrument, note.pitch, note.duration, note.velocity];
}

/** One input step of a window with what it predicts. */
export interface TaskStep {
  /** Undefined: the beginning of the written part. */
  readonly note: GridNote | undefined;
  /** Fields of `note`, if any. [FIELD_COUNT] */
  readonly fields: readonly number[] | undefined;
  readonly isSketch: boolean;
  readonly role: Role;
  readonly bar: number;
  readonly position: number;
  /** Fields of the next written note, or END; undefined for given notes. [FIELD_COUNT] */
  readonly target: readonly number[] | undefined;
  readonly isCharged: boolean;
}

const CLOSING: readonly number[] = Array.from({ length: FIELD_COUNT }, (_, k) => (k === BAR ? END : 0));

/** The input steps of a window in order. */
export function stepsOfWindow(window: TaskWindow): TaskStep[] {
  const { given, written, firstBar, closes } = window;
  const steps = givenSteps(window, given);
  const ahead = (next: number, bar: number): Pick<TaskStep, 'target' | 'isCharged'> => {
    const note = written[next];
    return note ? { target: fieldsOf(note, bar), isCharged: true } : { target: CLOSING, isCharged: closes };
  };
  steps.push({ ...beginning(firstBar), ...ahead(0, firstBar) });
  written.forEach((note, i) => {
    const fields = fieldsOf(note, written[i - 1]?.bar ?? firstBar);
    const { bar } = note;
    const position = fields[POSITION]!;
    steps.push({ note, fields, isSketch: false, role: 'written', bar, position, ...ahead(i + 1, bar) });
  });
  return steps;
}

/** The input steps of given notes. */
export function givenSteps(
  window: Pick<TaskWindow, 'isSketch' | 'firstBar' | 'endBar'>,
  given: readonly GridNote[],
): TaskStep[] {
  return given.map((note, i) => ({
    note,
    fields: fieldsOf(note, given[i - 1]?.bar ?? note.bar),
    isSketch: window.isSketch && note.pitch < 128,
    role: roleOfGiven(note.bar, window),
    bar: note.bar,
    position: note.position,
    target: undefined,
    isCharged: false,
  }));
}

/** The input step at which writing begins. */
export function beginning(bar: number): Omit<TaskStep, 'target' | 'isCharged'> {
  return { note: undefined, fields: undefined, isSketch: false, role: 'written', bar, position: 0 };
}

/** Order of `GridNote`: bar, position, instrument, pitch. */
export function compareNotes(a: GridNote, b: GridNote): number {
  return a.bar - b.bar || a.position - b.position || a.instrument - b.instrument || a.pitch - b.pitch;
}

/** What is left of notes when one no longer knows who plays them: each pitch once a moment, drums as they are. */
export function sketchOf(notes: readonly GridNote[]): GridNote[] {
  const kept = new Map<string, GridNote>();
  for (const note of notes) {
    if (note.pitch >= 128) kept.set(`${note.bar} ${note.position} drums ${note.pitch}`, note);
    else {
      const name = `${note.bar} ${note.position} ${note.pitch}`;
      const known = kept.get(name);
      const longest = !known || known.duration < note.duration ? note : known;
      kept.set(name, { ...longest, instrument: 0 });
    }
  }
  return [...kept.values()].sort(compareNotes);
}
