import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { deviation, mean, share } from './statistics.ts';

export const DYNAMICS_FEATURES: readonly SymbolicFeature[] = [
  feature('velocityMean', 'velocity', 'Mean velocity.', 'McKay 2010 (jSymbolic), mean of dynamics', (c) =>
    mean(c.notes.velocity),
  ),
  feature(
    'velocityDeviation',
    'velocity',
    'Standard deviation of velocity.',
    'McKay 2010 (jSymbolic), variation of dynamics',
    (c) => deviation(c.notes.velocity),
  ),
  feature(
    'velocityChange',
    'velocity',
    'Mean absolute change of velocity from one note to the next, in order of start and pitch.',
    'McKay 2010 (jSymbolic), average note to note change in dynamics',
    (c) => mean(changes(c.notes.velocity)),
  ),
  feature('softShare', 'share', 'Notes of velocity below 48.', 'own', (c) =>
    share(c.notes.velocity.filter((v) => v < 48).length, c.notes.size),
  ),
  feature('loudShare', 'share', 'Notes of velocity 100 and above.', 'own', (c) =>
    share(c.notes.velocity.filter((v) => v >= 100).length, c.notes.size),
  ),
];

function feature(
  name: string,
  unit: string,
  description: string,
  source: string,
  value: (context: SymbolicContext) => number,
): SymbolicFeature {
  return { name, group: 'dynamics', unit, description, source, value };
}

function changes(velocities: Uint8Array): number[] {
  return Array.from({ length: Math.max(0, velocities.length - 1) }, (_, i) =>
    Math.abs(velocities[i + 1]! - velocities[i]!),
  );
}
