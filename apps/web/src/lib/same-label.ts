/** Labels of the model of sound that go by other names among the styles, with the styles that each stands for. */
const STYLES_OF_LABEL: Readonly<Record<string, readonly string[]>> = {
  'jazz-standard': ['standards'],
  'march-ragtime': ['march', 'ragtime'],
};

/** [label of the model of sound, style that it stands for]: the same as pairs, for SQL. */
export const LABEL_PAIRS: readonly (readonly [label: string, style: string])[] = Object.entries(
  STYLES_OF_LABEL,
).flatMap(([label, styles]) => styles.map((style) => [label, style] as const));

/** Labels that stand for one style alone: that is what a track is shown under. */
export const LABELS_OF_ONE_STYLE = LABEL_PAIRS.filter(([label]) => STYLES_OF_LABEL[label]!.length === 1);

/** Whether two labels say the same: they are equal, or one of them stands for the other. */
export function isSameLabel(a: string | null, b: string | null): boolean {
  return (
    a === b ||
    LABEL_PAIRS.some(([label, style]) => (label === a && style === b) || (label === b && style === a))
  );
}

/** The style that a track is shown under; a label that stands for several styles stays. */
export function styleOfLabel(label: string | null): string | null {
  return LABELS_OF_ONE_STYLE.find(([own]) => own === label)?.[1] ?? label;
}

/** The name that a model has for a label: its own where it knows the label under another one alone. */
export function nameIn(labels: readonly string[], label: string): string {
  if (labels.includes(label)) return label;
  return LABEL_PAIRS.find(([own, style]) => style === label && labels.includes(own))?.[0] ?? label;
}
