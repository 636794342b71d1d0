import { AttuneError, type ErrorPlace } from '../foundation/errors.ts';
import { fromFloat16, toFloat16 } from './float16.ts';
import type { NamedArray } from './named-array.ts';

/** The element types that are read and written; F16 is Float32Array in memory. */
export const SAFETENSORS_TYPES = ['F32', 'F16', 'I32', 'U32', 'I16', 'U16', 'I8', 'U8'] as const;
/** One of `SAFETENSORS_TYPES`. */
export type SafetensorsType = (typeof SAFETENSORS_TYPES)[number];

/** An array and how its elements are stored. */
export interface StoredArray extends NamedArray {
  readonly type: SafetensorsType;
}

/** What a safetensors file holds. */
export interface SafetensorsFile {
  /** In the order of their bytes. */
  readonly tensors: Map<string, StoredArray>;
  /** `__metadata__`: free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

const BYTES: Readonly<Record<SafetensorsType, number>> = {
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
};
const MAX_HEADER = 16 * 1024 * 1024;
const PREFIX = 8; // header length, 64 bits little endian

/**
 * Writes the safetensors format (https://github.com/huggingface/safetensors). Each array takes the type of its
 * elements, or F16 where `type` says so. Larger elements come first, so that all stay aligned; arrays of one size
 * keep their order.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, NamedArray & { readonly type?: SafetensorsType }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const items = [...tensors].map(([name, array]) => ({
    name,
    ...array,
    type: array.type ?? typeOf(array.data),
  }));
  items.sort((a, b) => BYTES[b.type] - BYTES[a.type]);
  const header = Object.create(null) as Record<string, unknown>; // any name is a plain key, `__proto__` too
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let offset = 0;
  for (const { name, shape, data, type } of items) {
    if (name === '__metadata__' || product(shape) !== data.length) {
      throw new AttuneError(
        'argument/invalid',
        `Tensor ${name} of shape [${shape.join(', ')}] cannot be written with ${data.length} values.`,
        { tensor: name },
      );
    }
    const end = offset + data.length * BYTES[type];
    header[name] = { dtype: type, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8; // padded with spaces: the data start aligned
  const file = new Uint8Array(PREFIX + headerLength + offset);
  const view = new DataView(file.buffer);
  view.setUint32(0, headerLength, true);
  file.fill(0x20, PREFIX, PREFIX + headerLength);
  file.set(json, PREFIX);
  let at = PREFIX + headerLength;
  for (const { data, type } of items) {
    writeElements(view, at, data, type);
    at += data.length * BYTES[type];
  }
  return file;
}

/**
 * Reads safetensors bytes. Throws `checkpoint/malformed`, naming the tensor and the values, when the header or any
 * offset is not as the format demands (bounds, size, gaps and overlaps included), or for another element type.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, start } = readHeader(bytes, view);
  const space = bytes.length - start;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const parsed = entries.map(([name, entry]) => parseEntry(name, entry, space));
  parsed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  const tensors = new Map<string, StoredArray>();
  let expected = 0;
  for (const { name, type, shape, begin, end } of parsed) {
    if (begin !== expected) {
      fail(`Tensor ${name} starts at byte ${begin} of the data, and ${expected} was expected.`, {
        tensor: name,
        begin,
        expected,
      });
    }
    tensors.set(name, { type, shape, data: readElements(view, start + begin, product(shape), type) });
    expected = end;
  }
  if (expected !== space) {
    fail(`The tensors take ${expected} bytes, and the file has ${space}.`, { expected, found: space });
  }
  return { tensors, metadata: readMetadata(header['__metadata__']) };
}

function readHeader(bytes: Uint8Array, view: DataView): { header: Record<string, unknown>; start: number } {
  if (bytes.length < PREFIX)
    fail(`A safetensors file has at least ${PREFIX} bytes; this has ${bytes.length}.`, {});
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > MAX_HEADER || length > bytes.length - PREFIX) {
    fail(`The header claims ${length} bytes in a file of ${bytes.length}.`, { headerLength: length });
  }
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREFIX, PREFIX + length)),
    );
  } catch (cause) {
    throw new AttuneError('checkpoint/malformed', 'The safetensors header is not JSON.', {}, { cause });
  }
  if (!isRecord(header)) fail('The safetensors header is not a JSON object.', {});
  return { header, start: PREFIX + length };
}

interface Entry {
  readonly name: string;
  readonly type: SafetensorsType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function parseEntry(name: string, entry: unknown, space: number): Entry {
  if (!isRecord(entry)) fail(`Tensor ${name} has no description.`, { tensor: name });
  const type = SAFETENSORS_TYPES.find((t) => t === entry['dtype']);
  if (type === undefined) {
    const dtype = JSON.stringify(entry['dtype']) ?? 'missing';
    fail(
      `Tensor ${name} has the element type ${dtype}, which is not one of ${SAFETENSORS_TYPES.join(', ')}.`,
      {
        tensor: name,
        dtype,
      },
    );
  }
  const { shape, data_offsets: offsets } = entry;
  if (!isCounts(shape) || shape.length > 16) fail(`Tensor ${name} has no valid shape.`, { tensor: name });
  if (!isCounts(offsets) || offsets.length !== 2)
    fail(`Tensor ${name} has no valid offsets.`, { tensor: name });
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > space) {
    fail(`Tensor ${name} claims bytes ${begin} to ${end} of ${space}.`, { tensor: name, begin, end, space });
  }
  const needed = product(shape) * BYTES[type];
  if (needed !== end - begin) {
    fail(
      `Tensor ${name} of type ${type} and shape [${shape.join(', ')}] needs ${needed} bytes, not ${end - begin}.`,
      {
        tensor: name,
        needed,
        found: end - begin,
      },
    );
  }
  return { name, type, shape, begin, end };
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string')) {
    fail('The safetensors metadata is not a map from text to text.', {});
  }
  return value as Record<string, string>;
}

function readElements(view: DataView, at: number, count: number, type: SafetensorsType): NamedArray['data'] {
  switch (type) {
    case 'F32':
      return Float32Array.from({ length: count }, (_, i) => view.getFloat32(at + 4 * i, true));
    case 'F16':
      return Float32Array.from({ length: count }, (_, i) => fromFloat16(view.getUint16(at + 2 * i, true)));
    case 'I32':
      return Int32Array.from({ length: count }, (_, i) => view.getInt32(at + 4 * i, true));
    case 'U32':
      return Uint32Array.from({ length: count }, (_, i) => view.getUint32(at + 4 * i, true));
    case 'I16':
      return Int16Array.from({ length: count }, (_, i) => view.getInt16(at + 2 * i, true));
    case 'U16':
      return Uint16Array.from({ length: count }, (_, i) => view.getUint16(at + 2 * i, true));
    case 'I8':
      return Int8Array.from({ length: count }, (_, i) => view.getInt8(at + i));
    case 'U8':
      return Uint8Array.from({ length: count }, (_, i) => view.getUint8(at + i));
  }
}

function writeElements(view: DataView, at: number, data: NamedArray['data'], type: SafetensorsType): void {
  const size = BYTES[type];
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!;
    const to = at + size * i;
    if (type === 'F32') view.setFloat32(to, x, true);
    else if (type === 'F16') view.setUint16(to, toFloat16(x), true);
    else if (size === 4) view.setUint32(to, x, true);
    else if (size === 2) view.setUint16(to, x, true);
    else view.setUint8(to, x);
  }
}

function typeOf(data: NamedArray['data']): SafetensorsType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof Uint32Array) return 'U32';
  if (data instanceof Int16Array) return 'I16';
  if (data instanceof Uint16Array) return 'U16';
  return data instanceof Int8Array ? 'I8' : 'U8';
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}

function fail(message: string, place: ErrorPlace): never {
  throw new AttuneError('checkpoint/malformed', message, place);
}
