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

/**
 * Chooses what is liked best, a track only once: two of it, or as many as the model needs, to start from nothing; beside
 * tracks that are chosen already every free place, so that these go towards what is liked.
 */
export function withLiked({ inputs }: SamplerView, form: SampleForm, liked: readonly string[]): SampleForm {
  const chosen = chosenOf(form);
  const wanted = chosen.length > 0 ? inputs.most : Math.min(inputs.most, Math.max(inputs.fewest, 2));
  const free = liked.filter((id) => !chosen.includes(id)).slice(0, wanted - chosen.length);
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
