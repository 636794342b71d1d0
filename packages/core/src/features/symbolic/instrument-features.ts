import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { familyOf, INSTRUMENT_FAMILIES } from './instrument-families.ts';
import { share } from './statistics.ts';

export const INSTRUMENT_FEATURES: readonly SymbolicFeature[] = [
  feature(
    'instrumentCount',
    'instruments',
    'Different programs that play; the drum kit is one.',
    'McKay 2010 (jSymbolic), number of pitched instruments',
    (c) => new Set(c.notes.program).size,
  ),
  feature(
    'drumShare',
    'share',
    'Notes of the drum kit.',
    'McKay 2010 (jSymbolic), percussion prevalence',
    (c) => share(c.drums.length, c.notes.size),
  ),
  ...INSTRUMENT_FAMILIES.map((family) =>
    feature(
      `${family}Share`,
      'share',
      `Notes whose General MIDI program belongs to the family ${family}.`,
      'McKay 2010 (jSymbolic), instrument group prevalence',
      (c) =>
        share(c.pitched.filter((row) => familyOf(c.notes.program[row]!) === family).length, c.notes.size),
    ),
  ),
];

function feature(
  name: string,
  unit: string,
  description: string,
  source: string,
  value: (context: SymbolicContext) => number,
): SymbolicFeature {
  return { name, group: 'instrumentation', unit, description, source, value };
}
