import type { InputLayout } from '../input-layout.ts';
import type { TaskStep, TaskWindow } from './task-window.ts';

/**
 * Writes the rows of one input step of a task, but for the wishes that all steps share, to `out` from 0; returns
 * their number. `remaining`: bars after this one up to the piece's last, −1 unknown.
 */
export function taskRows(
  layout: InputLayout,
  step: Omit<TaskStep, 'target' | 'isCharged'>,
  window: Pick<TaskWindow, 'start' | 'endBar'>,
  remaining: number,
  out: Int32Array,
): number {
  let count = !step.fields
    ? layout.start(window.start, out, 0)
    : step.isSketch
      ? layout.sketchNote(step.fields, 0, out, 0)
      : layout.note(step.fields, 0, out, 0);
  count = layout.metre(step.bar, remaining, out, count);
  return layout.role(step.role, window.endBar - 1 - step.bar, out, count);
}
