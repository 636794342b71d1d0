export { extractSymbolicFeatures, SYMBOLIC_FEATURES } from './extract.ts';
export type { SymbolicFeature, SymbolicFeatureGroup } from './definition.ts';
export { familyOf, INSTRUMENT_FAMILIES } from './instrument-families.ts';
export type { InstrumentFamily } from './instrument-families.ts';
