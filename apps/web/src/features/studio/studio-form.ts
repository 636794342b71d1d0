import type { MoodWish } from '@/api/moods.ts';
import type {
  ComposeOptions,
  ComposeTask,
  ComposeTaskKind,
  ConditioningView,
  MeterSetting,
} from '@/api/types.ts';
import type { ComposeRequest } from '@/features/compose/use-compose.ts';
import { faultOf, faultOfGap, takesBars } from '@/lib/check-wish.ts';
import { strings } from '@/strings/index.ts';

/** What the page holds: every field of the conditioning may be open; the seed is text until it is sent. */
export interface StudioForm {
  readonly conditioning: ConditioningView;
  readonly bars: number;
  readonly seed: string;
  readonly task: ComposeTaskKind;
  /** The piece to start from, for every task but 'compose'. */
  readonly sourceTrackId: string | null;
  /** First and last bar to fill, as typed. */
  readonly gap: readonly [first: string, last: string];
  /** Share of a varied piece that stays. */
  readonly keep: number;
  readonly unit: 'bars' | 'notes';
  /** Heard while it is written. */
  readonly listen: boolean;
  /** Composed by the listener's own machine. */
  readonly onDevice: boolean;
  /** What decides where a field is open: all of the listener's taste, one of their moods, or the composer alone (null). */
  readonly follow: 'taste' | MoodWish | null;
}

export type Field = keyof ConditioningView;
/** The order in which tasks are offered. */
export const TASKS: readonly ComposeTaskKind[] = [
  'compose',
  'continue',
  'vary',
  'infill',
  'accompany',
  'reorchestrate',
];

export const EMPTY_FORM: StudioForm = {
  conditioning: {},
  bars: 16,
  seed: '',
  task: 'compose',
  sourceTrackId: null,
  gap: ['', ''],
  keep: 0.5,
  unit: 'bars',
  listen: true,
  onDevice: false,
  follow: 'taste',
};

/** Whether a word, from an address for example, names a task. */
export function isTask(word: unknown): word is ComposeTaskKind {
  return TASKS.some((task) => task === word);
}

const MOOD_PREFIX = 'mood:';

/** What is followed, as the value of a select box, and back. */
export function followText(follow: StudioForm['follow']): string {
  if (follow === null) return '';
  return follow === 'taste' ? follow : `${MOOD_PREFIX}${follow.mood}`;
}

export function parseFollow(text: string): StudioForm['follow'] {
  if (text.startsWith(MOOD_PREFIX)) return { mood: text.slice(MOOD_PREFIX.length) };
  return text === 'taste' ? text : null;
}

/** Sets one field, or leaves it open again. */
export function withField<F extends Field>(
  form: StudioForm,
  field: F,
  value: ConditioningView[F] | undefined,
): StudioForm {
  const { [field]: _, ...rest } = form.conditioning;
  return { ...form, conditioning: value === undefined ? rest : { ...rest, [field]: value } };
}

/** Adds or removes an instrument; no instrument at all leaves the field open. */
export function withInstrument(form: StudioForm, program: number, chosen: boolean): StudioForm {
  const others = (form.conditioning.instruments ?? []).filter((value) => value !== program);
  const next = chosen ? [...others, program].sort((a, b) => a - b) : others;
  return withField(form, 'instruments', next.length > 0 ? next : undefined);
}

/** Why the seed cannot be used, or null. */
export function seedError(seed: string): string | null {
  const text = seed.trim();
  if (text === '') return null;
  return /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff ? null : strings.studio.seedError;
}

/** The bars to fill as numbers; NaN for what is none. */
export function gapOf({ gap }: Pick<StudioForm, 'gap'>): [first: number, last: number] {
  const number = (text: string): number => (/^\s*\d{1,6}\s*$/.test(text) ? Number(text) : NaN);
  return [number(gap[0]), number(gap[1])];
}

/** What a task lets one wish for: given music has its own key, tempo and meter. */
export function conditioningOf({ conditioning, task }: StudioForm): ConditioningView {
  if (task === 'compose') return conditioning;
  const { tonic: _tonic, mode: _mode, tempo: _tempo, meter: _meter, form, range, ...rest } = conditioning;
  return {
    ...rest,
    ...(task === 'continue' && form !== undefined && { form }),
    ...(task !== 'reorchestrate' && range !== undefined && { range }), // that keeps every pitch
  };
}

/** Why this cannot be asked for, in one sentence, or null. `sourceBars`: those of the piece to start from, if known. */
export function formError(
  form: StudioForm,
  options: ComposeOptions,
  sourceBars: number | undefined,
): string | null {
  const ability = options.tasks[form.task];
  if (!ability.available) return ability.reason;
  if (form.task !== 'compose' && form.sourceTrackId === null) return strings.studio.sourceMissing;
  const task = taskOf(form);
  if (task?.kind === 'infill') {
    const [first, last] = task.bars;
    const whole = Number.isInteger(first) && Number.isInteger(last) && first >= 1 && first <= last;
    if (!whole) return strings.studio.gapError(sourceBars ?? 1);
    if (sourceBars !== undefined) return faultOfGap(task.bars, sourceBars);
  }
  return seedError(form.seed) ?? faultOf({ conditioning: conditioningOf(form), bars: form.bars, task });
}

function taskOf({ task, sourceTrackId, keep, unit, ...form }: StudioForm): ComposeTask | undefined {
  if (task === 'compose' || sourceTrackId === null) return undefined;
  if (task === 'infill') return { kind: task, sourceTrackId, bars: gapOf(form) };
  return task === 'vary' ? { kind: task, sourceTrackId, keep, unit } : { kind: task, sourceTrackId };
}

/** The request for the server; an empty seed is left to it. */
export function toRequest(form: StudioForm): Extract<ComposeRequest, { mode: 'controls' }> {
  const seed = form.seed.trim();
  const task = taskOf(form);
  return {
    mode: 'controls',
    conditioning: sendable(conditioningOf(form)),
    ...(takesBars(task) ? { bars: form.bars } : {}),
    ...(seed === '' ? {} : { seed: Number(seed) }),
    ...(task ? { task: sendableTask(task) } : {}),
    ...(form.listen ? { listen: true } : {}),
    ...(form.follow === null ? {} : { follow: form.follow }),
  };
}

type Sent = Extract<ComposeRequest, { mode: 'controls' }>;

function sendableTask(task: ComposeTask): NonNullable<Sent['task']> {
  return task.kind === 'infill' ? { ...task, bars: [...task.bars] } : task;
}

function sendable({ instruments, meter, ...rest }: ConditioningView): Sent['conditioning'] {
  return {
    ...rest,
    ...(instruments ? { instruments: [...instruments] } : {}),
    ...(meter ? { meter: meter as NonNullable<Sent['conditioning']['meter']> } : {}),
  };
}

export function meterText(meter: MeterSetting): string {
  return `${meter.numerator}/${meter.denominator}`;
}

export function parseMeter(text: string): MeterSetting | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  return match ? { numerator: Number(match[1]), denominator: Number(match[2]) } : undefined;
}

/** A quantile in a word: 0.5 → "middling". */
export function amountWord(share: number): string {
  const { amount } = strings.studio;
  return amount[Math.min(amount.length - 1, Math.floor(share * amount.length))]!;
}
