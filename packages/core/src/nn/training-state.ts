import { AttuneError } from '../foundation/errors.ts';
import type { RngState } from '../foundation/rng.ts';
import { need, parseObject, type FileMap } from './checkpoint.ts';
import type { Json } from './json.ts';
import type { NamedArray } from './named-array.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** Everything that `train` needs to go on as if it had never stopped. */
export interface TrainingState {
  /** Updates done so far. */
  readonly step: number;
  readonly parameters: ReadonlyMap<string, NamedArray>;
  readonly optimiser: ReadonlyMap<string, NamedArray>;
  /** State of the weight average, in runs that keep one. */
  readonly average?: ReadonlyMap<string, NamedArray>;
  readonly rng: RngState;
  readonly cursor: Json;
  /** The best evaluation so far, with its weights. */
  readonly best?: {
    readonly step: number;
    readonly score: number;
    readonly parameters: ReadonlyMap<string, NamedArray>;
  };
  /** Evaluations since the best one. */
  readonly sinceBest: number;
}

const STATE_FILE = 'training-state.json';
const ARRAYS_FILE = 'training-state.safetensors';

/** The state as two files, to stand beside a checkpoint. */
export function writeTrainingState(state: TrainingState): Record<string, Uint8Array> {
  const { step, rng, cursor, best, sinceBest } = state;
  const arrays = new Map<string, NamedArray>();
  const add = (group: string, values: ReadonlyMap<string, NamedArray>): void => {
    for (const [name, array] of values) arrays.set(`${group}|${name}`, array);
  };
  add('parameters', state.parameters);
  add('optimiser', state.optimiser);
  if (best) add('best', best.parameters);
  if (state.average) add('average', state.average);
  const head = {
    formatVersion: 1,
    step,
    rng,
    cursor,
    sinceBest,
    best: best ? { step: best.step, score: best.score } : null,
  };
  return {
    [STATE_FILE]: new TextEncoder().encode(`${JSON.stringify(head)}\n`),
    [ARRAYS_FILE]: writeSafetensors(arrays),
  };
}

/** Throws `checkpoint/malformed` or `checkpoint/mismatch`. */
export function readTrainingState(files: FileMap): TrainingState {
  const head = parseObject(need(files, STATE_FILE), STATE_FILE) as {
    formatVersion?: number;
    step?: number;
    rng?: RngState;
    cursor?: Json;
    sinceBest?: number;
    best?: { step: number; score: number } | null;
  };
  if (head.formatVersion !== 1) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The training state has format version ${head.formatVersion}, not 1.`,
    );
  }
  if (!Number.isInteger(head.step) || head.rng?.length !== 4 || head.cursor === undefined) {
    throw new AttuneError(
      'checkpoint/malformed',
      `${STATE_FILE} lacks its step, random state or data cursor.`,
    );
  }
  const { tensors } = readSafetensors(need(files, ARRAYS_FILE));
  const group = (prefix: string): Map<string, NamedArray> =>
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(`${prefix}|`))
        .map(([name, array]) => [name.slice(prefix.length + 1), array]),
    );
  const average = group('average');
  return {
    step: head.step!,
    parameters: group('parameters'),
    optimiser: group('optimiser'),
    ...(average.size > 0 && { average }),
    rng: head.rng,
    cursor: head.cursor,
    sinceBest: head.sinceBest ?? 0,
    ...(head.best && { best: { ...head.best, parameters: group('best') } }),
  };
}
