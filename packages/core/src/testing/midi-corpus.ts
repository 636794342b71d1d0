import type { Rng } from '../foundation/rng.ts';
import { writeMidi } from '../midi/write-midi.ts';
import {
  ascii,
  controlChange,
  END_OF_TRACK,
  metaEvent,
  midiFile,
  midiTrack,
  noteOff,
  noteOn,
  programChange,
  tempoEvent,
  trackChunk,
} from './midi-bytes.ts';
import { putTogether, takeApart } from './loose-midi.ts';
import { randomScore } from './random-score.ts';

/** Every kind of event that a file can hold, split and escaped sysex, chunks that no standard names. */
export function everyKindOfEvent(): Uint8Array {
  const conductor = midiTrack(
    metaEvent(0, 0x00, [1, 44]),
    metaEvent(0, 0x01, ascii('text')),
    metaEvent(0, 0x02, [0xa9, ...ascii(' 1907')]), // Latin-1
    metaEvent(0, 0x03, [0xc3, 0xa9, ...ascii('tude')]), // UTF-8
    metaEvent(0, 0x20, [3]),
    metaEvent(0, 0x04, ascii('flute')),
    metaEvent(0, 0x54, [0x41, 30, 15, 10, 50]),
    tempoEvent(0, 500_000),
    metaEvent(0, 0x58, [6, 3, 36, 8]),
    metaEvent(0, 0x59, [0xfd, 1]),
    metaEvent(96, 0x05, ascii('la')),
    metaEvent(0, 0x06, ascii('A')),
    metaEvent(0, 0x07, ascii('curtain')),
    metaEvent(0, 0x08, ascii('programme')),
    metaEvent(0, 0x09, ascii('device')),
    metaEvent(0, 0x4b, [1, 2, 3]), // unknown
    metaEvent(0, 0x7f, [0x41, 1, 2]),
    tempoEvent(96, 400_000),
  );
  const player = trackChunk([
    ...metaEvent(0, 0x21, [1]),
    ...[0, 0xf0, 5, 0x7e, 0x7f, 9, 1, 0xf7], // General MIDI on
    ...[0, 0xf0, 3, 0x43, 0x12, 0x00, 0x81, 0x48, 0xf7, 3, 0x43, 0x12, 0xf7], // in two packets
    ...[0, 0xf7, 2, 0xf3, 1], // escape
    ...controlChange(0, 0, 121, 2),
    ...programChange(0, 40, 2),
    ...noteOn(0, 60, 100, 2),
    ...[10, 64, 90, 0, 67, 80], // running status
    ...[5, 0xa2, 60, 33, 5, 0xd2, 70, 5, 0xe2, 0, 96],
    ...programChange(60, 41, 2),
    ...[20, 0x82, 60, 77], // release velocity
    ...noteOn(0, 64, 0, 2),
    ...noteOff(200, 67, 2),
    ...noteOn(0, 36, 99, 9),
    ...noteOff(30, 36, 9),
    ...[0x83, 0x60, ...END_OF_TRACK.slice(1)],
  ]);
  const unknown = [...ascii('XFIH'), 0, 0, 0, 3, 1, 2, 3];
  return midiFile(1, 96, [conductor, unknown, player, unknown], 2);
}

/** Sound files of all formats and divisions, small, as the start of mutations. */
export function midiCorpus(rng: Rng): Uint8Array[] {
  const whole = takeApart(everyKindOfEvent());
  const tracks = whole.chunks.filter((chunk) => chunk.events.length > 1);
  const playing = { ...whole, chunks: tracks.slice(1) };
  return [
    everyKindOfEvent(),
    putTogether({ ...whole, isWrapped: true }),
    putTogether({ ...playing, format: 0 }),
    putTogether({ ...playing, format: 0, division: 0xe728 }), // 25 frames of 40 ticks
    putTogether({ ...whole, format: 2, chunks: [...tracks, ...tracks] }),
    putTogether({ ...whole, headerLength: 10 }),
    ...Array.from({ length: 24 }, () => writeMidi(randomScore(rng))),
  ];
}
