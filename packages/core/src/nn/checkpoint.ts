import { AttuneError } from '../foundation/errors.ts';
import type { JsonObject } from './json.ts';
import type { NamedArray } from './named-array.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** Files by name, as fetched by a browser or read from a folder. */
export type FileMap = Readonly<Record<string, Uint8Array>>;

/** Version of the layout, kept in the configuration; another one is refused. */
export const CHECKPOINT_VERSION = 1;
/** File of a checkpoint with what the model is. */
export const CONFIG_FILE = 'config.json';
/** File of a checkpoint with what it learned. */
export const WEIGHTS_FILE = 'weights.safetensors';
/** File of a checkpoint with what was measured, one JSON object a line. */
export const METRICS_FILE = 'metrics.jsonl';
/** File of a checkpoint that tells people of data, results and limits. */
export const MODEL_CARD_FILE = 'MODEL_CARD.md';

/** A trained model outside of any backend. */
export interface Checkpoint {
  /** The model family, such as `transformer`; it says how `config` is to be read. */
  readonly kind: string;
  /** Everything needed to build the model again: hyper-parameters, tokenizer, style space, labels. */
  readonly config: JsonObject;
  readonly parameters: ReadonlyMap<string, NamedArray>;
  /** One object a line of `metrics.jsonl`. */
  readonly metrics?: readonly JsonObject[];
  /** Markdown: data and licences, split, seed, results beside baselines, limits. */
  readonly modelCard?: string;
}

/** `half` stores the float parameters, or those of them that it names, as F16: half the size, and about 3 decimal digits. */
export function writeCheckpoint(
  checkpoint: Checkpoint,
  { half = false }: { readonly half?: boolean | ((name: string) => boolean) } = {},
): Record<string, Uint8Array> {
  const isHalf = typeof half === 'function' ? half : (): boolean => half;
  const text = new TextEncoder();
  const { kind, config, metrics, modelCard } = checkpoint;
  const parameters = new Map(
    [...checkpoint.parameters].map(([name, array]) => [
      name,
      array.data instanceof Float32Array && isHalf(name) ? { ...array, type: 'F16' as const } : array,
    ]),
  );
  const head = { kind, formatVersion: CHECKPOINT_VERSION, config };
  return {
    [CONFIG_FILE]: text.encode(`${JSON.stringify(head, null, 2)}\n`),
    [WEIGHTS_FILE]: writeSafetensors(parameters, { kind, formatVersion: String(CHECKPOINT_VERSION) }),
    ...(metrics && { [METRICS_FILE]: text.encode(metrics.map((m) => `${JSON.stringify(m)}\n`).join('')) }),
    ...(modelCard !== undefined && { [MODEL_CARD_FILE]: text.encode(modelCard) }),
  };
}

/**
 * Reads a checkpoint. Throws `checkpoint/malformed` when a file is missing or broken, and `checkpoint/mismatch`
 * when it is of another kind or format version. Names and shapes are checked by `ParameterStore.load`.
 */
export function readCheckpoint(files: FileMap, expected: { readonly kind?: string } = {}): Checkpoint {
  const { kind, config } = readConfig(files, expected.kind);
  const { tensors } = readSafetensors(need(files, WEIGHTS_FILE));
  const metrics = files[METRICS_FILE];
  const card = files[MODEL_CARD_FILE];
  return {
    kind,
    config,
    parameters: tensors,
    ...(metrics && { metrics: readLines(metrics) }),
    ...(card && { modelCard: new TextDecoder().decode(card) }),
  };
}

/** The kind and configuration alone, from `config.json`. Throws as `readCheckpoint` does. */
export function readConfig(files: FileMap, kind?: string): { kind: string; config: JsonObject } {
  const head = parseObject(need(files, CONFIG_FILE), CONFIG_FILE);
  const found = head['kind'];
  if (typeof found !== 'string') {
    throw new AttuneError('checkpoint/malformed', `${CONFIG_FILE} does not say which kind of model it is.`, {
      file: CONFIG_FILE,
    });
  }
  if (kind !== undefined && found !== kind) {
    throw new AttuneError('checkpoint/mismatch', `This checkpoint is a ${found}, and a ${kind} is needed.`, {
      found,
      wanted: kind,
    });
  }
  const version = head['formatVersion'];
  if (version !== CHECKPOINT_VERSION) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `This checkpoint has format version ${JSON.stringify(version) ?? 'none'}, and version ${CHECKPOINT_VERSION} is read here.`,
      { found: JSON.stringify(version) ?? 'none', wanted: CHECKPOINT_VERSION },
    );
  }
  const config = head['config'];
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new AttuneError('checkpoint/malformed', `${CONFIG_FILE} has no config object.`, {
      file: CONFIG_FILE,
    });
  }
  return { kind: found, config: config as JsonObject };
}

/** The file's bytes; throws `checkpoint/malformed` when it is absent. */
export function need(files: FileMap, name: string): Uint8Array {
  const bytes = files[name];
  if (bytes === undefined) {
    throw new AttuneError('checkpoint/malformed', `The checkpoint has no file ${name}.`, { file: name });
  }
  return bytes;
}

/** Parses one JSON object; throws `checkpoint/malformed` naming the file. */
export function parseObject(bytes: Uint8Array, file: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AttuneError('checkpoint/malformed', `${file} is not JSON.`, { file }, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AttuneError('checkpoint/malformed', `${file} is not a JSON object.`, { file });
  }
  return value as JsonObject;
}

function readLines(bytes: Uint8Array): JsonObject[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => parseObject(new TextEncoder().encode(line), METRICS_FILE));
}
