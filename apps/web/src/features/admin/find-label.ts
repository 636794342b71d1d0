import { styleName } from '@/lib/describe.ts';

/** The label that typed words mean, or those that they could mean: none, or several. */
export type FoundLabel =
  | { readonly kind: 'one'; readonly label: string }
  | { readonly kind: 'many'; readonly labels: readonly string[] };

/** By the name that people see or the label itself: the whole of it, else how it begins, else a part of it. Case does not matter. */
export function findLabel(labels: readonly string[], typed: string): FoundLabel {
  const words = typed.trim().toLowerCase();
  if (words === '') return { kind: 'many', labels: [] };
  const named = labels.map((label) => ({ label, names: [styleName(label).toLowerCase(), label] }));
  for (const fits of [
    (name: string) => name === words,
    (name: string) => name.startsWith(words),
    (name: string) => name.includes(words),
  ]) {
    const found = named.filter(({ names }) => names.some(fits)).map(({ label }) => label);
    if (found.length === 1) return { kind: 'one', label: found[0]! };
    if (found.length > 1) return { kind: 'many', labels: found };
  }
  return { kind: 'many', labels: [] };
}
