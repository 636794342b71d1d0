import type { ConditioningView, MeterSetting } from '@/api/types.ts';
import type { ComposeRequest } from '@/features/compose/use-compose.ts';
import { strings } from '@/strings/index.ts';

/** What the page holds: every field of the conditioning may be open; the seed is text until it is sent. */
export interface StudioForm {
  readonly conditioning: ConditioningView;
  readonly bars: number;
  readonly seed: string;
  /** The piece to be continued. */
  readonly promptTrackId: string | null;
}

export type Field = keyof ConditioningView;

export const EMPTY_FORM: StudioForm = { conditioning: {}, bars: 16, seed: '', promptTrackId: null };

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

/** The request for the server; an empty seed is left to it. */
export function toRequest(form: StudioForm): ComposeRequest {
  const seed = form.seed.trim();
  return {
    mode: 'controls',
    conditioning: sendable(form.conditioning),
    bars: form.bars,
    ...(seed === '' ? {} : { seed: Number(seed) }),
    ...(form.promptTrackId ? { promptTrackId: form.promptTrackId } : {}),
  };
}

type SentConditioning = Extract<ComposeRequest, { mode: 'controls' }>['conditioning'];

function sendable({ instruments, meter, ...rest }: ConditioningView): SentConditioning {
  return {
    ...rest,
    ...(instruments ? { instruments: [...instruments] } : {}),
    ...(meter ? { meter: meter as NonNullable<SentConditioning['meter']> } : {}),
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
