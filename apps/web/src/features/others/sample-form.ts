import type { SamplerView } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';

/** What the page holds for one kind of model. */
export interface SampleForm {
  /** One place an input; null: not chosen yet. */
  readonly sources: readonly (string | null)[];
  readonly settings: Readonly<Record<string, number | string>>;
  readonly count: number;
}

/** Most pieces that are offered at once. */
export const MOST_PIECES = 8;

/** Everything at its default, with a place for each input. */
export function emptyForm({ inputs, settings }: SamplerView): SampleForm {
  return {
    sources: Array.from({ length: inputs.most }, () => null),
    settings: Object.fromEntries(settings.map((setting) => [setting.name, setting.default])),
    count: 1,
  };
}

export function chosenOf({ sources }: SampleForm): string[] {
  return sources.filter((id) => id !== null);
}

/** Fills the places that are still free, the best liked first; a track that is chosen already is passed over. */
export function withLiked(form: SampleForm, liked: readonly string[]): SampleForm {
  const free = liked.filter((id) => !form.sources.includes(id));
  return { ...form, sources: form.sources.map((id) => id ?? free.shift() ?? null) };
}

/** Why nothing can be made yet, or null. */
export function sampleError({ inputs }: SamplerView, form: SampleForm): string | null {
  return chosenOf(form).length < inputs.fewest ? strings.others.inputsNeeded(inputs.fewest) : null;
}

/** A setting's name for people: "noiseSteps" → "Noise steps". */
export function settingName(name: string): string {
  const words = name
    .replaceAll(/[-_]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
