import { CHORD_QUALITIES, createByteReader, createByteWriter, type ByteReader } from '@attune/core';
import { DRUMS } from '@attune/core/style';
import { packMoves, unpackMoves, type PackedMoves } from '../melody/packed-moves.ts';
import {
  ASPECTS,
  type Aspect,
  type ExampleProfile,
  type HarmonyProfile,
  type TimbreProfile,
} from './describe-example.ts';

/** The first byte of a sketch: another number where what is kept changes, so that old ones are made again. */
const VERSION = 1;
/** A long piece is known by its first moves: what one hums is a theme. */
const MOST_MOVES = 1_200;
/** Shares are kept in parts of this. */
const WHOLE = 65_535;
const PITCH_CLASSES = 12;

/** Every change of chord by its number in a sketch. */
const CHANGES: readonly string[] = CHORD_QUALITIES.flatMap((from) =>
  Array.from({ length: 12 }, (_, up) => CHORD_QUALITIES.map((to) => `${from}>${up}>${to}`)).flat(),
);
const NUMBERS: ReadonlyMap<string, number> = new Map(CHANGES.map((change, number) => [change, number]));

/**
 * What searching compares of a piece as bytes, mostly under two kilobytes: a version, then rhythm, harmony, timbre and
 * melody, each with its length before it (0: absent). Shares are rounded to 1/65535, melodies as `packMoves` does, to the
 * first 1,200 moves.
 */
export function packExample({ rhythm, harmony, timbre, melody }: ExampleProfile): Uint8Array<ArrayBuffer> {
  const writer = createByteWriter(256);
  writer.uint8(VERSION);
  const parts = [
    rhythm && packShares(rhythm),
    harmony && packHarmony(harmony),
    timbre && packTimbre(timbre),
    melody && packMelody(packMoves(melody)),
  ];
  for (const part of parts) {
    writer.uint16LE(part?.length ?? 0);
    if (part) writer.bytes(part);
  }
  return writer.toBytes();
}

/**
 * The profile in a sketch, in the aspects `wanted` (all if left out).
 * @throws `checkpoint/malformed` for bytes that are no sketch of this version.
 */
export function unpackExample(sketch: Uint8Array, wanted: readonly Aspect[] = ASPECTS): ExampleProfile {
  const parts = partsOf(sketch);
  const read = <T>(aspect: Aspect, part: (reader: ByteReader) => T): T | undefined => {
    const reader = parts[aspect];
    return reader && wanted.includes(aspect) ? part(reader) : undefined;
  };
  const rhythm = read('rhythm', (reader) => unpackShares(reader, reader.remaining / 2));
  const harmony = read('harmony', unpackHarmony);
  const timbre = read('timbre', unpackTimbre);
  const melody = read('melody', (reader) => unpackMoves(unpackMelody(reader)));
  return {
    ...(rhythm && { rhythm }),
    ...(harmony && { harmony }),
    ...(timbre && { timbre }),
    ...(melody && { melody }),
  };
}

const NO_MOVES: PackedMoves = { steps: undefined, ratios: new Int8Array() };

/** The melody in a sketch, as views of its bytes; without moves where there is none. @throws as `unpackExample`. */
export function melodyInSketch(sketch: Uint8Array): PackedMoves {
  const { melody } = partsOf(sketch);
  return melody ? unpackMelody(melody) : NO_MOVES;
}

function partsOf(sketch: Uint8Array): Partial<Record<Aspect, ByteReader>> {
  const reader = createByteReader(sketch, 'checkpoint/malformed');
  if (reader.uint8() !== VERSION) reader.fail('These bytes are no sketch of a piece of this version.', 0);
  const parts: Partial<Record<Aspect, ByteReader>> = {};
  for (const aspect of ASPECTS) {
    const length = reader.uint16LE();
    if (length > 0) parts[aspect] = reader.slice(length);
  }
  if (reader.remaining > 0) reader.fail('A sketch goes on after its end.');
  return parts;
}

function packShares(shares: Float64Array): Uint8Array {
  const writer = createByteWriter(2 * shares.length);
  for (const share of shares) writer.uint16LE(Math.round(WHOLE * share));
  return writer.toBytes();
}

function unpackShares(reader: ByteReader, count: number): Float64Array {
  const shares = new Float64Array(Math.ceil(count));
  for (let i = 0; i < shares.length; i++) shares[i] = reader.uint16LE() / WHOLE;
  return shares;
}

function packHarmony({ pitchClasses, changes }: HarmonyProfile): Uint8Array {
  const writer = createByteWriter(2 * PITCH_CLASSES + 4 * changes.size);
  writer.bytes(packShares(pitchClasses));
  for (const [change, share] of changes) {
    writer.uint16LE(NUMBERS.get(change)!);
    writer.uint16LE(Math.round(WHOLE * share));
  }
  return writer.toBytes();
}

function unpackHarmony(reader: ByteReader): HarmonyProfile {
  const pitchClasses = unpackShares(reader, PITCH_CLASSES);
  const changes = new Map<string, number>();
  while (reader.remaining > 0) {
    const change =
      CHANGES[reader.uint16LE()] ?? reader.fail('A sketch names a change of chord that is none.');
    changes.set(change, reader.uint16LE() / WHOLE);
  }
  return { pitchClasses, changes };
}

function packTimbre(timbre: TimbreProfile): Uint8Array {
  const writer = createByteWriter(64);
  if (timbre.kind === 'sound') {
    writer.uint8(1);
    const values = new DataView(new ArrayBuffer(4 * timbre.values.length));
    timbre.values.forEach((value, i) => values.setFloat32(4 * i, value, true));
    writer.bytes(new Uint8Array(values.buffer));
    return writer.toBytes();
  }
  writer.uint8(0);
  timbre.shares.forEach((share, instrument) => {
    if (share === 0) return;
    writer.uint8(instrument);
    writer.uint16LE(Math.max(1, Math.round(WHOLE * share)));
  });
  return writer.toBytes();
}

function unpackTimbre(reader: ByteReader): TimbreProfile {
  if (reader.uint8() === 1) {
    const bytes = reader.bytes(reader.remaining);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = Float64Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
    return { kind: 'sound', values };
  }
  const shares = new Float64Array(DRUMS + 1);
  while (reader.remaining > 0) {
    const instrument = reader.uint8();
    if (instrument > DRUMS) reader.fail(`A sketch names instrument ${instrument}, which is none.`);
    shares[instrument] = reader.uint16LE() / WHOLE;
  }
  return { kind: 'instruments', shares };
}

function packMelody({ steps, ratios }: PackedMoves): Uint8Array {
  const writer = createByteWriter(1 + 2 * ratios.length);
  writer.uint8(steps ? 1 : 0);
  for (const moves of [steps, ratios]) {
    for (const move of moves?.subarray(0, MOST_MOVES) ?? []) writer.int8(move);
  }
  return writer.toBytes();
}

function unpackMelody(reader: ByteReader): PackedMoves {
  const isPitched = reader.uint8() === 1;
  const moves = isPitched ? reader.remaining >> 1 : reader.remaining;
  const view = (): Int8Array => {
    const { buffer, byteOffset } = reader.bytes(moves);
    return new Int8Array(buffer, byteOffset, moves);
  };
  return { steps: isPitched ? view() : undefined, ratios: view() };
}
