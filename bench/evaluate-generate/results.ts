import type { DistributionDistance, DistributionFeature, FormMeasure } from '@attune/generate';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckedCopies } from './compose-sets.ts';
import type { Judged } from './count-control.ts';

/** Nats a note of one style. */
export interface NatsResult {
  readonly style: string;
  readonly pieces: number;
  readonly notes: number;
  readonly toldNothing: number;
  readonly toldStyle: number;
  readonly toldAll: number;
}

/** Distances of one feature from the real pieces: of the composed, of two real halves, of the rivals. */
export interface LikenessResult {
  readonly style: string;
  readonly feature: DistributionFeature;
  readonly composed: DistributionDistance;
  readonly floor: DistributionDistance;
  readonly open?: DistributionDistance;
}

/** One style's composed pieces. */
export interface ControlResult {
  readonly style: string;
  readonly pieces: number;
  readonly kept: Readonly<Partial<Record<Judged, readonly [kept: number, asked: number]>>>;
  /** Share of real pieces that the classifier hears as their style. */
  readonly realHeard: number | null;
  readonly craft: number;
  readonly nats: number;
  readonly seconds: number;
}

export interface FormResult {
  readonly name: string;
  readonly pieces: number;
  readonly values: Readonly<Record<FormMeasure | 'returns' | 'others', number>>;
}

export interface Settings {
  readonly model: string;
  readonly split: string;
  readonly source: string;
  readonly pieces: number;
  readonly bars: number;
  readonly seed: number;
  readonly notes: number;
  readonly classifier?: string;
}

/** What the n-gram needs no composer for. */
export interface NgramResult {
  readonly style: string;
  /** Of the same pieces as the model's nats. */
  readonly notes: number;
  readonly nats: number;
  /** Of its samples from the real pieces. */
  readonly likeness: readonly {
    readonly feature: DistributionFeature;
    readonly distance: DistributionDistance;
  }[];
}

/** Everything that the page shows; a part that was not run keeps its earlier figures and settings. */
export interface Results {
  readonly ngram?: { readonly settings: Settings; readonly rows: readonly NgramResult[] };
  readonly nats?: { readonly settings: Settings; readonly rows: readonly NatsResult[] };
  readonly likeness?: { readonly settings: Settings; readonly rows: readonly LikenessResult[] };
  readonly control?: { readonly settings: Settings; readonly rows: readonly ControlResult[] };
  readonly keys?: readonly KeyFinderResult[];
  readonly copies?: {
    readonly settings: Settings;
    readonly rows: readonly ({ readonly style: string } & CheckedCopies)[];
    readonly floor: { readonly longestRun: number; readonly sharedShare: number };
    readonly pieces: number;
  };
  readonly form?: { readonly settings: Settings; readonly rows: readonly FormResult[] };
  readonly speed?: { readonly settings: Settings; readonly rows: readonly SpeedResult[] };
  readonly tasks?: { readonly settings: Settings; readonly rows: readonly TaskResult[] };
}

export interface KeyFinderResult {
  readonly set: string;
  readonly pieces: number;
  /** Share of pieces whose written or annotated key is found: by this judge, and by core's `findKey`. */
  readonly judge: number;
  readonly findKey: number;
}

/** CPU seconds, medians. */
export interface SpeedResult {
  readonly name: string;
  readonly notes: number;
  readonly firstBar: number;
  readonly whole: number;
}

export interface TaskResult {
  readonly kind: string;
  readonly windows: number;
  readonly notes: number;
  readonly given: number;
  readonly hidden: number;
  /** The same of the model that it began from. */
  readonly before?: { readonly given: number; readonly hidden: number };
}

export function readResults(file: string): Results {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {};
}

/** Figures with five digits, so that the file is small. */
export function writeResults(file: string, results: Results): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const digits = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  writeFileSync(file, `${JSON.stringify(results, digits, 1)}\n`);
}
