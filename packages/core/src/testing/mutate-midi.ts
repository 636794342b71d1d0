import type { Rng } from '../foundation/rng.ts';
import { looseEvent, putTogether, takeApart } from './loose-midi.ts';
import type { LooseChunk, LooseEvent, LooseFile } from './loose-midi.ts';
import { ascii, quantity } from './midi-bytes.ts';

/** Changes of the file's parts, whose other lengths then still fit, so that readers get past them. */
const STRUCTURAL = {
  'chunk length': (rng, file) =>
    inChunk(rng, file, (chunk) => ({
      ...chunk,
      declaredLength: pick(rng, [0, 1, sizeOf(chunk) - 1, sizeOf(chunk) + 1, sizeOf(chunk) * 2, ...LARGE]),
    })),
  quantity: (rng, file) => inEvent(rng, file, (event) => ({ ...event, delta: hostileQuantity(rng) })),
  'running status': (rng, file) =>
    inEvent(rng, file, (event) => ({
      ...event,
      head:
        event.head.length > 0 && rng.integer(2) === 0 ? [] : [128 + rng.integer(128), ...event.head.slice(1)],
    })),
  'event inserted': (rng, file) =>
    inEvents(rng, file, (events, at) => [...events.slice(0, at), randomEvent(rng), ...events.slice(at)]),
  'event deleted': (rng, file) =>
    inEvents(rng, file, (events, at) => [...events.slice(0, at), ...events.slice(at + 1 + rng.integer(3))]),
  'event repeated': (rng, file) =>
    inEvents(rng, file, (events, at) => {
      const times = rng.integer(20) === 0 ? 500 : 1 + rng.integer(5);
      const copies = Array.from({ length: times }, () => events[at]).filter((event) => event !== undefined);
      return [...events.slice(0, at), ...copies, ...events.slice(at)];
    }),
  'body length': (rng, file) =>
    inEvent(rng, file, (event) =>
      event.length.length > 0 ? { ...event, length: hostileQuantity(rng) } : event,
    ),
  'meta event': (rng, file) =>
    inEvent(rng, file, (event) =>
      looseEvent(0, [0xff, pick(rng, METAS)], someBytes(rng, event.body.length + 3)),
    ),
  header: (rng, file) => ({
    ...file,
    ...pick<Partial<LooseFile>>(rng, [
      { division: rng.integer(65536) },
      { division: 0x8000 + 256 * (256 - pick(rng, [24, 25, 29, 30]) - 128) + rng.integer(256) },
      { format: pick(rng, [0, 1, 2, 3, 65535]) },
      { declaredTracks: pick(rng, [0, 1, 2, 1000, 65535]) },
      { headerLength: pick(rng, [0, 5, 7, 8, 32, 0xffffffff]) },
      { isWrapped: !file.isWrapped },
    ]),
  }),
  chunks: (rng, file) => {
    const at = rng.integer(file.chunks.length + 1);
    const stranger: LooseChunk = { type: ascii('XFIH'), declaredLength: null, events: [] };
    const chunk = file.chunks[at] ?? stranger;
    return pick(rng, [
      { ...file, chunks: file.chunks.toSpliced(at, 0, chunk) },
      { ...file, chunks: file.chunks.toSpliced(at, 1) },
      { ...file, chunks: file.chunks.toSpliced(at, 0, stranger) },
      { ...file, chunks: file.chunks.toSpliced(at, 1, { ...chunk, type: someBytes(rng, 4, 4) }) },
    ]);
  },
  splice: (rng, file, other) =>
    inEvents(rng, file, (events, at) => {
      const foreign = other.chunks.length > 0 ? pick(rng, other.chunks).events : [];
      return [...events.slice(0, at), ...foreign.slice(rng.integer(foreign.length + 1))];
    }),
} satisfies Record<string, (rng: Rng, file: LooseFile, other: LooseFile) => LooseFile>;

/** Changes of the bytes as they come. */
const BYTEWISE = {
  'bit flips': (rng, bytes) => {
    const copy = bytes.slice();
    for (let count = 1 + rng.integer(16); count > 0; count--)
      copy[rng.integer(copy.length)]! ^= 1 << rng.integer(8);
    return copy;
  },
  truncation: (rng, bytes) => bytes.slice(0, rng.integer(bytes.length)),
  'bytes changed': (rng, bytes) => {
    const at = rng.integer(bytes.length);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at + rng.integer(9))];
    return Uint8Array.from([...head, ...someBytes(rng, 8), ...tail]);
  },
} satisfies Record<string, (rng: Rng, bytes: Uint8Array) => Uint8Array>;

const SEVERAL = 'several';
type Structural = keyof typeof STRUCTURAL;
type Bytewise = keyof typeof BYTEWISE;
const STRUCTURAL_NAMES = Object.keys(STRUCTURAL) as Structural[];
const BYTEWISE_NAMES = Object.keys(BYTEWISE) as Bytewise[];

/** Names of all mutations, in the order of tables. */
export const MIDI_MUTATIONS: readonly string[] = [...STRUCTURAL_NAMES, ...BYTEWISE_NAMES, SEVERAL];

/** A damaged file and what was done to it. */
export interface MutatedMidi {
  readonly mutation: string;
  readonly bytes: Uint8Array;
}

/** Makes broken files of sound ones: the same corpus and generator state, the same file. */
export function createMidiMutator(corpus: readonly Uint8Array[]): (rng: Rng) => MutatedMidi {
  const files = corpus.map(takeApart);
  return (rng) => {
    const mutation = pick(rng, MIDI_MUTATIONS);
    let file = pick(rng, files);
    for (let turn = 1 + rng.integer(3); turn > 0; turn--) {
      const name = mutation === SEVERAL ? pick(rng, STRUCTURAL_NAMES) : (mutation as Structural);
      if (name in STRUCTURAL) file = STRUCTURAL[name](rng, file, pick(rng, files));
    }
    let bytes = putTogether(file);
    const name = mutation === SEVERAL ? pick(rng, BYTEWISE_NAMES) : (mutation as Bytewise);
    if (name in BYTEWISE && (mutation !== SEVERAL || rng.integer(2) === 0))
      bytes = BYTEWISE[name](rng, bytes);
    return { mutation, bytes };
  };
}

const LARGE = [255, 65_536, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff];
const METAS = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x20, 0x21, 0x2f, 0x51, 0x54, 0x58, 0x59, 0x60, 0x7f, 0x80, 0xff,
];

function hostileQuantity(rng: Rng): number[] {
  return pick(rng, [
    quantity(rng.integer(2 ** 28)),
    quantity(0xfffffff),
    quantity(rng.integer(2 ** 14)),
    [0x80, 0x80, rng.integer(128)],
    [0x80, 0x80, 0x80, rng.integer(128)],
    [0x80, 0x80, 0x80, 0x80, 0],
    [0xff, 0xff, 0xff, 0xff, 0x7f],
    [0x8f, 0xff, 0xff, 0xff, 0x78],
    [0xff],
    [],
  ]);
}

function randomEvent(rng: Rng): LooseEvent {
  const delta = pick(rng, [0, 1, rng.integer(200), rng.integer(20_000)]);
  const data = (): number => rng.integer(rng.integer(30) === 0 ? 256 : 128);
  switch (rng.integer(4)) {
    case 0:
      return looseEvent(delta, [0xff, pick(rng, METAS)], someBytes(rng, 12));
    case 1:
      return looseEvent(delta, [pick(rng, [0xf0, 0xf7, 0xf1, 0xf8])], someBytes(rng, 12));
    default: {
      const status = 0x80 + rng.integer(0x70);
      return looseEvent(delta, [status], status >= 0xc0 && status < 0xe0 ? [data()] : [data(), data()]);
    }
  }
}

function inChunk(rng: Rng, file: LooseFile, change: (chunk: LooseChunk) => LooseChunk): LooseFile {
  if (file.chunks.length === 0) return file;
  const at = rng.integer(file.chunks.length);
  return { ...file, chunks: file.chunks.with(at, change(file.chunks[at]!)) };
}

function inEvents(
  rng: Rng,
  file: LooseFile,
  change: (events: readonly LooseEvent[], at: number) => readonly LooseEvent[],
): LooseFile {
  return inChunk(rng, file, (chunk) => ({
    ...chunk,
    events: change(chunk.events, rng.integer(chunk.events.length + 1)),
  }));
}

function inEvent(rng: Rng, file: LooseFile, change: (event: LooseEvent) => LooseEvent): LooseFile {
  return inEvents(rng, file, (events, at) => (events[at] ? events.with(at, change(events[at])) : events));
}

function sizeOf({ events }: LooseChunk): number {
  return events.reduce(
    (sum, { delta, head, length, body }) => sum + delta.length + head.length + length.length + body.length,
    0,
  );
}

/** Between `least` and `most` bytes, as likely below 128 as not. */
function someBytes(rng: Rng, most: number, least = 0): number[] {
  const top = rng.integer(2) === 0 ? 128 : 256;
  return Array.from({ length: least + rng.integer(most - least + 1) }, () => rng.integer(top));
}

function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[rng.integer(items.length)]!;
}
