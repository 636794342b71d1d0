/**
 * The styles that Attune composes in and that the symbolic classifier tells apart, in a fixed, versioned order:
 * a model's label index is an index into the list stored in its own checkpoint, which starts as this one.
 */
export const STYLES = [
  'art-song',
  'baroque',
  'classical',
  'drums-funk',
  'drums-jazz',
  'drums-latin',
  'drums-rock',
  'folk',
  'game',
  'hymn',
  'march',
  'ragtime',
  'renaissance',
  'romantic',
  'standards',
  'string-quartet',
  'pop',
  'rock',
  'jazz',
  'latin',
  'funk',
  'electronic',
] as const;
/** One of `STYLES`. */
export type Style = (typeof STYLES)[number];

/** Whether a word is one of `STYLES`. */
export function isStyle(value: string): value is Style {
  return (STYLES as readonly string[]).includes(value);
}
