import type { ErrorCode } from '../foundation/errors.ts';
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
  quantity,
  tempoEvent,
  trackChunk,
} from './midi-bytes.ts';

/** A MIDI file made to break a reader, and what a sound reader does with it. */
export interface HostileMidi {
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** The code of the refusal when read strictly, or the notes of the Score. */
  readonly strict: ErrorCode | { readonly notes: number };
  /** The same for lenient reading. */
  readonly lenient: ErrorCode | { readonly notes: number };
}

const oneNote = [...noteOn(0, 60), ...noteOff(9, 60)];
const oneNoteTrack = midiTrack(oneNote);
const conductor = midiTrack(tempoEvent(0, 500_000));

/** `count` pieces of bytes one after the other, without spreading them onto the call stack. */
function repeat(count: number, piece: (index: number) => readonly number[]): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < count; i++) for (const byte of piece(i)) bytes.push(byte);
  return bytes;
}

/** Files known to hang, crash or exhaust MIDI parsers, one fault each. */
export const HOSTILE_MIDI: readonly HostileMidi[] = [
  {
    name: 'a length of five bytes that 32-bit arithmetic reads as negative (34 bytes)',
    bytes: () => midiFile(0, 480, [trackChunk([0, 0xff, 1, 0x8f, 0xff, 0xff, 0xff, 0x78, ...END_OF_TRACK])]),
    strict: 'midi/malformed',
    lenient: { notes: 0 },
  },
  {
    name: 'a delta time whose continuation bits never end',
    bytes: () => midiFile(0, 480, [trackChunk(repeat(100_000, () => [0xff]))]),
    strict: 'midi/malformed',
    lenient: { notes: 0 },
  },
  {
    name: 'a delta time padded to five bytes',
    bytes: () => midiFile(0, 480, [trackChunk([...oneNote, 0x80, 0x80, 0x80, 0x80, 0x00, 0xff, 0x2f, 0])]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a track of 2 GB in a file of 40 bytes',
    bytes: () => midiFile(0, 480, [trackChunk([...oneNote, ...END_OF_TRACK], 0x7fffffff)]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a track length that is negative as a signed number',
    bytes: () => midiFile(1, 480, [trackChunk([...oneNote, ...END_OF_TRACK], 0xfffffff8), oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a text event of 300 kB',
    bytes: () => midiFile(0, 480, [midiTrack(metaEvent(0, 1, ascii('x'.repeat(300_000))), oneNote)]),
    strict: { notes: 1 },
    lenient: { notes: 1 },
  },
  {
    name: 'a text event of 300 kB that is not UTF-8',
    bytes: () =>
      midiFile(0, 480, [
        midiTrack(
          metaEvent(
            0,
            1,
            repeat(300_000, () => [0xe9]),
          ),
          oneNote,
        ),
      ]),
    strict: { notes: 1 },
    lenient: { notes: 1 },
  },
  {
    name: 'a meta event longer than its track',
    bytes: () => midiFile(0, 480, [trackChunk([...oneNote, 0, 0xff, 1, ...quantity(1_000_000)])]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: '60,000 note-offs without notes before 60,000 notes',
    bytes: () => {
      const orphans = repeat(60_000, (i) => noteOff(i === 0 ? 0 : 1, 61));
      return midiFile(0, 480, [
        midiTrack(
          orphans,
          repeat(60_000, () => [...noteOn(1, 60), ...noteOff(1, 60)]),
        ),
      ]);
    },
    strict: { notes: 60_000 },
    lenient: { notes: 60_000 },
  },
  {
    name: '60,000 notes of one pitch at one tick that never end',
    bytes: () => midiFile(0, 480, [midiTrack(repeat(60_000, () => noteOn(0, 60)))]),
    strict: { notes: 60_000 },
    lenient: { notes: 60_000 },
  },
  {
    name: '50,000 notes at one tick in falling pitch',
    bytes: () => {
      const ons = repeat(50_000, (i) => noteOn(0, 127 - (i % 128)));
      return midiFile(0, 480, [
        midiTrack(
          ons,
          repeat(50_000, (i) => noteOff(i === 0 ? 480 : 0, i % 128)),
        ),
      ]);
    },
    strict: { notes: 50_000 },
    lenient: { notes: 50_000 },
  },
  {
    name: '100,000 tempo changes',
    bytes: () =>
      midiFile(1, 480, [
        midiTrack(repeat(100_000, (i) => tempoEvent(i === 0 ? 0 : 1, 500_000))),
        oneNoteTrack,
      ]),
    strict: { notes: 1 },
    lenient: { notes: 1 },
  },
  {
    name: '60,000 empty tracks',
    bytes: () =>
      midiFile(
        1,
        480,
        Array.from({ length: 60_000 }, () => midiTrack()),
      ),
    strict: 'midi/limit',
    lenient: 'midi/limit',
  },
  {
    name: '60,000 empty tracks where one is declared',
    bytes: () =>
      midiFile(
        1,
        480,
        Array.from({ length: 60_000 }, () => midiTrack()),
        1,
      ),
    strict: 'midi/limit',
    lenient: 'midi/limit',
  },
  {
    name: 'a program change before every note, on all channels and programs',
    bytes: () =>
      midiFile(0, 480, [
        midiTrack(
          repeat(40_000, (i) => {
            const channel = i % 16;
            const program = Math.floor(i / 16) % 128;
            return [
              ...programChange(0, program, channel),
              ...noteOn(0, 60, 64, channel),
              ...noteOff(1, 60, channel),
            ];
          }),
        ),
      ]),
    strict: 'midi/limit', // 15 channels × 128 programs + drums = 1921 tracks
    lenient: 'midi/limit',
  },
  {
    name: 'programs and controllers in turns, to be carried over at every change',
    bytes: () =>
      midiFile(0, 480, [
        midiTrack(
          repeat(20_000, (i) => [
            ...programChange(0, i % 128),
            ...controlChange(0, i % 120, i % 127),
            ...noteOn(0, 60),
            ...noteOff(1, 60),
          ]),
        ),
      ]),
    strict: 'midi/limit',
    lenient: 'midi/limit',
  },
  {
    name: '40,000 program changes without notes',
    bytes: () =>
      midiFile(0, 480, [
        midiTrack(repeat(40_000, (i) => programChange(1, Math.floor(i / 16) % 128, i % 16))),
      ]),
    strict: { notes: 0 },
    lenient: { notes: 0 },
  },
  {
    name: 'division 0',
    bytes: () => midiFile(1, 0, [conductor, oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: 'midi/malformed',
  },
  {
    name: 'SMPTE division without ticks',
    bytes: () => midiFile(1, 0xe700, [conductor, oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: 'midi/malformed',
  },
  {
    name: 'SMPTE division of 100 frames a second',
    bytes: () => midiFile(1, 0x9c28, [conductor, oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: 'midi/malformed',
  },
  {
    name: 'tempo of 0 microseconds',
    bytes: () => midiFile(1, 480, [midiTrack(tempoEvent(0, 0)), oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a tempo event of two bytes',
    bytes: () => midiFile(1, 480, [midiTrack(metaEvent(0, 0x51, [7, 161])), oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a meter of 0/4',
    bytes: () => midiFile(1, 480, [midiTrack(metaEvent(0, 0x58, [0, 2, 24, 8])), oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a meter of 4 / 2^255',
    bytes: () => midiFile(1, 480, [midiTrack(metaEvent(0, 0x58, [4, 255, 24, 8])), oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a bar shorter than a tick',
    bytes: () => midiFile(1, 1, [midiTrack(metaEvent(0, 0x58, [1, 7, 24, 8])), oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a key of 100 sharps',
    bytes: () => midiFile(1, 480, [midiTrack(metaEvent(0, 0x59, [100, 0])), oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a note that lasts 77 hours',
    bytes: () =>
      midiFile(1, 480, [conductor, midiTrack(noteOn(0, 60), [...quantity(0xfffffff), 0x80, 60, 0])]),
    strict: 'midi/limit',
    lenient: 'midi/limit',
  },
  {
    name: 'a slow tempo that makes a short file last for days',
    bytes: () =>
      midiFile(1, 1, [midiTrack(tempoEvent(0, 0xffffff)), midiTrack(noteOn(0, 60), noteOff(16_000, 60))]),
    strict: 'midi/limit',
    lenient: 'midi/limit',
  },
  {
    name: 'a data byte without any status',
    bytes: () => midiFile(0, 480, [midiTrack([0, 60, 64], oneNote)]),
    strict: 'midi/malformed',
    lenient: { notes: 0 },
  },
  {
    name: 'a pitch above 127',
    bytes: () => midiFile(0, 480, [midiTrack([0, 0x90, 253, 86], oneNote, [0, 0x90, 253, 0])]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'a real-time status byte',
    bytes: () => midiFile(0, 480, [midiTrack(oneNote, [0, 0xf8])]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'no end-of-track event',
    bytes: () => midiFile(0, 480, [trackChunk(oneNote)]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'notes after the end of the track',
    bytes: () => midiFile(0, 480, [trackChunk([...oneNote, ...END_OF_TRACK, ...oneNote, ...END_OF_TRACK])]),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'format 0 with two tracks',
    bytes: () => midiFile(0, 480, [oneNoteTrack, oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: { notes: 2 },
  },
  {
    name: 'format 3',
    bytes: () => midiFile(3, 480, [oneNoteTrack]),
    strict: 'midi/malformed',
    lenient: 'midi/malformed',
  },
  {
    name: 'more tracks declared than present',
    bytes: () => midiFile(1, 480, [conductor, oneNoteTrack], 9),
    strict: 'midi/malformed',
    lenient: { notes: 1 },
  },
  {
    name: 'an empty file',
    bytes: () => new Uint8Array(0),
    strict: 'midi/malformed',
    lenient: 'midi/malformed',
  },
  {
    name: 'another kind of file',
    bytes: () => Uint8Array.from(ascii('RIFF....WAVEfmt and so on, not MIDI')),
    strict: 'midi/malformed',
    lenient: 'midi/malformed',
  },
];
