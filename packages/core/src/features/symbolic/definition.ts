import type { SymbolicContext } from './context.ts';

/** What side of the music a feature describes. */
export type SymbolicFeatureGroup =
  | 'pitch'
  | 'interval'
  | 'rhythm'
  | 'texture'
  | 'harmony'
  | 'instrumentation'
  | 'dynamics'
  | 'drums'
  | 'structure';

/** One number about a score. `value` returns a finite number for every score; what it returns for too few notes is 0 unless said. */
export interface SymbolicFeature {
  readonly name: string;
  readonly group: SymbolicFeatureGroup;
  readonly unit: string;
  /** The definition in words, precise enough to compute by hand. */
  readonly description: string;
  /** Paper or toolkit whose definition this is or follows; 'own' where there is none. */
  readonly source: string;
  value(context: SymbolicContext): number;
}
