import type { ComposeTask, ConditioningView } from '../api/types.ts';

/** Bars that can be composed, or continued with. */
export const COMPOSE_BARS = { min: 4, max: 64 } as const;
/** Number of the drum kit among instruments. */
const DRUMS = 128;
const FORM = /^[A-H]{1,64}$/;

/** What is asked of the composer, as far as it can be judged without the music. */
export interface Wish {
  readonly conditioning: ConditioningView;
  readonly bars: number;
  readonly task?: ComposeTask | undefined;
}

/** Whether a task writes as many bars as it is asked for; the others write in the bars of what is given. */
export function takesBars(task: ComposeTask | undefined): boolean {
  return task === undefined || task.kind === 'continue';
}

/** Why a wish makes no sense, in one sentence that says what to do; null where it does. */
export function faultOf({ conditioning, bars, task }: Wish): string | null {
  const { instruments = [], form, tonic, mode, range } = conditioning;
  const { min, max } = COMPOSE_BARS;
  if (takesBars(task)) {
    if (!Number.isInteger(bars) || bars < min || bars > max)
      return `A piece can have ${min} to ${max} bars, not ${bars}.`;
    if (form !== undefined && !FORM.test(form))
      return 'A form is written in letters from A to H, for example AABA.';
    if (form !== undefined && form.length > bars)
      return `A form of ${form.length} sections needs at least ${form.length} bars.`;
  } else if (form !== undefined) {
    return 'The form is that of the piece to start from; leave it open.';
  }
  const drumsAlone = instruments.length > 0 && instruments.every((instrument) => instrument === DRUMS);
  if (drumsAlone && (tonic !== undefined || mode !== undefined)) {
    return 'Drums alone have no key: leave key and mode open, or add an instrument.';
  }
  if (drumsAlone && range !== undefined)
    return 'Drums alone have no range: leave it open, or add an instrument.';
  return task ? faultOfTask(task, instruments) : null;
}

function faultOfTask(task: ComposeTask, instruments: readonly number[]): string | null {
  if (task.kind === 'infill') {
    const [first, last] = task.bars;
    const whole = Number.isInteger(first) && Number.isInteger(last);
    if (!whole || first < 1 || last < first)
      return 'The bars to fill are whole numbers from 1, the first not after the last.';
  }
  if (task.kind === 'vary' && !(task.keep > 0 && task.keep < 1)) {
    return 'The share to keep lies between nothing and everything.';
  }
  if (task.kind === 'accompany' && instruments.length === 0)
    return 'Choose the instruments that are to be added.';
  if (task.kind === 'reorchestrate' && instruments.length === 0)
    return 'Choose the instruments that are to play it.';
  return null;
}

/** Why bars cannot be filled in a piece of so many bars, or null. */
export function faultOfGap([first, last]: readonly [number, number], bars: number): string | null {
  if (last <= bars) return bars > last - first + 1 ? null : 'At least one bar of the piece has to stay.';
  return `Bars ${first} to ${last} cannot be filled: the piece has bars 1 to ${bars}.`;
}
