import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { EXACTLY, firstDifference } from '../score/difference.ts';
import { everyKindOfEvent, midiCorpus } from '../testing/midi-corpus.ts';
import {
  ascii,
  END_OF_TRACK,
  metaEvent,
  midiFile,
  midiTrack,
  noteOff,
  noteOn,
  trackChunk,
} from '../testing/midi-bytes.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { firstMidiDifference } from './midi-difference.ts';
import { createMidiTrack, midiEvents } from './midi-event.ts';
import type { MidiEvent } from './midi-event.ts';
import { createMidiFile } from './midi-file.ts';
import type { MidiFile } from './midi-file.ts';
import { decodeMeta, encodeMeta } from './midi-meta.ts';
import { readMidiFile, readMidiFileLenient } from './read-midi-file.ts';
import { readMidi } from './read-midi.ts';
import { midiFileToScore, scoreToMidiFile } from './score-conversion.ts';
import { writeMidiFile } from './write-midi-file.ts';
import { writeMidi } from './write-midi.ts';

const data = fc.nat(127);
const channel = fc.nat(15);
const bytes = fc.uint8Array({ maxLength: 300 });
/** Any event but the end of track; `tick` is its distance from the one before. */
const event: fc.Arbitrary<MidiEvent> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('noteOn' as const, 'noteOff' as const),
    tick: wait(),
    channel,
    pitch: data,
    velocity: data,
  }),
  fc.record({
    kind: fc.constant('polyPressure' as const),
    tick: wait(),
    channel,
    pitch: data,
    pressure: data,
  }),
  fc.record({ kind: fc.constant('control' as const), tick: wait(), channel, controller: data, value: data }),
  fc.record({ kind: fc.constant('program' as const), tick: wait(), channel, program: data }),
  fc.record({ kind: fc.constant('channelPressure' as const), tick: wait(), channel, pressure: data }),
  fc.record({
    kind: fc.constant('bend' as const),
    tick: wait(),
    channel,
    value: fc.integer({ min: -8192, max: 8191 }),
  }),
  fc.record({
    kind: fc.constant('meta' as const),
    tick: wait(),
    type: data.filter((type) => type !== 0x2f),
    bytes,
  }),
  fc.record({
    kind: fc.constant('sysex' as const),
    tick: wait(),
    status: fc.constantFrom(0xf0 as const, 0xf7 as const),
    bytes,
  }),
);
const events = fc.array(event, { maxLength: 30 }).map((list) => {
  let tick = 0;
  return list.map((each) => ({ ...each, tick: (tick += each.tick) }));
});

function wait(): fc.Arbitrary<number> {
  return fc.oneof(fc.nat(300), fc.nat(0xfffffff));
}

const end = (tick: number): MidiEvent => ({ kind: 'meta', tick, type: 0x2f, bytes: new Uint8Array(0) });
const plain = (file: MidiFile): MidiEvent[][] => file.tracks.map((track) => [...midiEvents(track)]);

describe('readMidiFile and writeMidiFile', () => {
  it('keep any events exactly, also as plain objects', () => {
    const file = fc.record({
      format: fc.constantFrom(1 as const, 2 as const),
      division: fc.oneof(
        fc.record({
          kind: fc.constant('quarter' as const),
          ticksPerQuarter: fc.integer({ min: 1, max: 32767 }),
        }),
        fc.record({
          kind: fc.constant('smpte' as const),
          framesPerSecond: fc.constantFrom(24, 25, 29, 30),
          ticksPerFrame: fc.integer({ min: 1, max: 255 }),
        }),
      ),
      tracks: fc.array(events, { maxLength: 3 }),
      headerRest: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(file, bytes, ({ tracks, ...rest }, chunk) => {
        const otherChunks = [0, tracks.length].map((tracksBefore) => ({
          type: 'XFIH',
          bytes: chunk,
          tracksBefore,
        }));
        const made = createMidiFile({ ...rest, otherChunks, tracks: tracks.map(createMidiTrack) });
        const read = readMidiFile(writeMidiFile(made));
        expect(plain(read)).toEqual(tracks.map((list) => [...list, end(list.at(-1)?.tick ?? 0)]));
        expect(firstMidiDifference(made, read)).toBeUndefined();
        expect(read).toMatchObject({ ...rest, otherChunks });
      }),
      { numRuns: 200 },
    );
  });

  it('keep every kind of event of a file made by hand', () => {
    const [conductor, player] = plain(readMidiFile(everyKindOfEvent()));
    expect(
      conductor!.map((each) => (each.kind === 'meta' ? decodeMeta(each.type, each.bytes) : each)),
    ).toEqual([
      { kind: 'sequenceNumber', number: 300 },
      { kind: 'text', text: 'text' },
      { kind: 'copyright', text: '© 1907' },
      { kind: 'trackName', text: 'étude' },
      { kind: 'channelPrefix', channel: 3 },
      { kind: 'instrumentName', text: 'flute' },
      { kind: 'smpteOffset', hours: 0x41, minutes: 30, seconds: 15, frames: 10, fraction: 50 },
      { kind: 'tempo', microsecondsPerQuarter: 500_000 },
      { kind: 'meter', numerator: 6, denominator: 8, clocksPerClick: 36, thirtySecondsPerQuarter: 8 },
      { kind: 'key', fifths: -3, mode: 1 },
      { kind: 'lyric', text: 'la' },
      { kind: 'marker', text: 'A' },
      { kind: 'cue', text: 'curtain' },
      { kind: 'programName', text: 'programme' },
      { kind: 'deviceName', text: 'device' },
      { kind: 'unknown', type: 0x4b, bytes: Uint8Array.of(1, 2, 3) },
      { kind: 'sequencerSpecific', bytes: Uint8Array.of(0x41, 1, 2) },
      { kind: 'tempo', microsecondsPerQuarter: 400_000 },
      { kind: 'endOfTrack' },
    ]);
    expect(player!.slice(1, 5)).toEqual([
      { kind: 'sysex', tick: 0, status: 0xf0, bytes: Uint8Array.of(0x7e, 0x7f, 9, 1, 0xf7) },
      { kind: 'sysex', tick: 0, status: 0xf0, bytes: Uint8Array.of(0x43, 0x12, 0) },
      { kind: 'sysex', tick: 200, status: 0xf7, bytes: Uint8Array.of(0x43, 0x12, 0xf7) },
      { kind: 'sysex', tick: 200, status: 0xf7, bytes: Uint8Array.of(0xf3, 1) },
    ]);
    expect(player!.slice(7, 15)).toEqual([
      { kind: 'noteOn', tick: 200, channel: 2, pitch: 60, velocity: 100 },
      { kind: 'noteOn', tick: 210, channel: 2, pitch: 64, velocity: 90 },
      { kind: 'noteOn', tick: 210, channel: 2, pitch: 67, velocity: 80 },
      { kind: 'polyPressure', tick: 215, channel: 2, pitch: 60, pressure: 33 },
      { kind: 'channelPressure', tick: 220, channel: 2, pressure: 70 },
      { kind: 'bend', tick: 225, channel: 2, value: 4096 },
      { kind: 'program', tick: 285, channel: 2, program: 41 },
      { kind: 'noteOff', tick: 305, channel: 2, pitch: 60, velocity: 77 },
    ]);
    expect(player!.at(-1)).toEqual(end(1015)); // 480 ticks of silence are kept
  });

  it('give the same events for RMID and for sound files of every format', () => {
    for (const sound of midiCorpus(createRng(3))) {
      const file = readMidiFile(sound);
      expect(firstMidiDifference(file, readMidiFile(writeMidiFile(file)))).toBeUndefined();
      expect(firstMidiDifference(file, readMidiFileLenient(sound).file)).toBeUndefined();
      expect(firstDifference(readMidi(sound), midiFileToScore(file), EXACTLY)).toBeUndefined();
    }
    const [open, wrapped] = midiCorpus(createRng(3)).map((sound) => readMidiFile(sound));
    expect(firstMidiDifference(open!, wrapped!)).toBeUndefined();
  });

  it('do not follow later changes of the bytes they were given', () => {
    const given = everyKindOfEvent();
    const file = readMidiFile(given);
    given.fill(0);
    expect(firstMidiDifference(file, readMidiFile(everyKindOfEvent()))).toBeUndefined();
  });

  it('keep an impossible tempo, which a Score refuses at its byte', () => {
    const file = readMidiFile(midiFile(1, 96, [midiTrack(metaEvent(5, 0x51, [0, 0, 0]))]));
    expect(plain(file)[0]![0]).toEqual({ kind: 'meta', tick: 5, type: 0x51, bytes: new Uint8Array(3) });
    expect(() => midiFileToScore(file)).toThrow(
      expect.objectContaining({ code: 'midi/malformed', place: { offset: 23 } }),
    );
  });

  it('end a cut track where it was cut, and keep the time of a message left out', () => {
    const cut = midiFile(1, 96, [trackChunk([...noteOn(3, 60), 7, 0x90])]);
    expect(plain(readMidiFileLenient(cut).file)).toEqual([
      [{ kind: 'noteOn', tick: 3, channel: 0, pitch: 60, velocity: 64 }, end(10)],
    ]);
    const wrong = midiFile(1, 96, [midiTrack(noteOn(3, 60), [4, 0x90, 200, 1], noteOff(5, 60))]);
    expect(plain(readMidiFileLenient(wrong).file)[0]!.map(({ tick }) => tick)).toEqual([3, 12, 12]);
  });
});

describe('readMidiFileLenient', () => {
  it('stays writable where messages left out leave more time than a delta can state', () => {
    const left = [0xff, 0xff, 0xff, 0x7f, 0x90, 200, 1]; // after 2^28 - 1 ticks
    const bytes = midiFile(1, 96, [midiTrack(noteOn(3, 60), left, left, noteOff(5, 60))]);
    const { file, repairs } = readMidiFileLenient(bytes);
    expect(repairs.map(({ offset }) => offset)).toEqual([31, 37]);
    expect(plain(file)[0]!.map(({ tick }) => tick)).toEqual([3, 3 + 0xfffffff]);
    expect(firstMidiDifference(file, readMidiFile(writeMidiFile(file)))).toBeUndefined();
  });
});

describe('firstMidiDifference', () => {
  const file = readMidiFile(everyKindOfEvent());
  const [conductor, player] = plain(file) as [MidiEvent[], MidiEvent[]];
  const withPlayer = (changed: readonly MidiEvent[]): MidiFile => ({
    ...file,
    tracks: [createMidiTrack(conductor), createMidiTrack(changed)],
  });

  it('names the first event that differs in time, value or body', () => {
    expect(firstMidiDifference(file, withPlayer(player))).toBeUndefined();
    player.forEach((each, i) => {
      if (i === player.length - 1) return;
      const changed: MidiEvent =
        each.kind === 'sysex' || each.kind === 'meta'
          ? { ...each, bytes: Uint8Array.from([...each.bytes.subarray(1), 5]) }
          : { ...each, channel: 15 };
      expect(firstMidiDifference(file, withPlayer(player.with(i, changed)))).toBe(`tracks[1].events[${i}]`);
    });
    expect(firstMidiDifference(file, withPlayer([...player.slice(0, -1), end(2000)]))).toBe(
      `tracks[1].events[${player.length - 1}]`,
    );
  });

  it('sees header and chunks', () => {
    expect(firstMidiDifference(file, { ...file, format: 2 })).toBe('format');
    expect(firstMidiDifference(file, { ...file, division: { kind: 'quarter', ticksPerQuarter: 97 } })).toBe(
      'division',
    );
    expect(firstMidiDifference(file, { ...file, headerRest: Uint8Array.of(1) })).toBe('headerRest');
    expect(firstMidiDifference(file, { ...file, otherChunks: [] })).toBe('otherChunks.length');
    expect(firstMidiDifference(file, { ...file, tracks: [] })).toBe('tracks.length');
  });
});

describe('scoreToMidiFile', () => {
  it('holds what writeMidi writes, byte for byte', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), (score) => {
        const file = scoreToMidiFile(score);
        expect(writeMidiFile(file)).toEqual(writeMidi(score));
        expect(firstDifference(score, midiFileToScore(file), EXACTLY)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});

describe('refusals', () => {
  const noteAt = (tick: number, pitch = 60): MidiEvent => ({
    kind: 'noteOn',
    tick,
    channel: 0,
    pitch,
    velocity: 1,
  });
  it.each<[string, MidiEvent[]]>([
    ['a pitch of 128', [noteAt(0), noteAt(1, 128)]],
    ['half a tick', [noteAt(0), noteAt(0.5)]],
    ['time that goes back', [noteAt(5), noteAt(4)]],
    ['a gap of 2^28 ticks', [noteAt(0), noteAt(2 ** 28)]],
    ['events after the end', [end(0), noteAt(1)]],
    ['a bend of 8192', [noteAt(0), { kind: 'bend', tick: 0, channel: 0, value: 8192 }]],
    ['channel 16', [noteAt(0), { kind: 'program', tick: 0, channel: 16, program: 0 }]],
  ])('createMidiTrack names the event of %s', (_, list) => {
    expect(() => createMidiTrack(list)).toThrow(
      expect.objectContaining({ code: 'argument/invalid', place: { event: 1 } }),
    );
  });

  it('writeMidiFile refuses what no file can state', () => {
    const track = createMidiTrack([noteAt(0)]);
    const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
    expect(() => writeMidiFile(createMidiFile({ format: 0, tracks: [track, track] }))).toThrow(refused);
    expect(() =>
      writeMidiFile(createMidiFile({ division: { kind: 'quarter', ticksPerQuarter: 0 } })),
    ).toThrow(refused);
    expect(() =>
      writeMidiFile(createMidiFile({ division: { kind: 'smpte', framesPerSecond: 26, ticksPerFrame: 1 } })),
    ).toThrow(refused);
    const chunk = { type: 'MTrk', bytes: new Uint8Array(0), tracksBefore: 0 };
    expect(() => writeMidiFile(createMidiFile({ otherChunks: [chunk] }))).toThrow(refused);
    for (const rows of [[0, 0x90, 8], [-1, 0x2fff, 8], [0, 0x808090, 8], []]) {
      const broken = { ...track, count: rows.length / 3, rows: Int32Array.from(rows) };
      expect(() => writeMidiFile(createMidiFile({ tracks: [broken] })), String(rows)).toThrow(refused);
    }
  });

  it('an RMID file without MIDI data is refused, and a cut one is repaired', () => {
    const wrapped = [...ascii('RIFF'), 0, 0, 0, 0, ...ascii('RMID')];
    expect(() => readMidi(Uint8Array.from([...wrapped, ...ascii('DISP'), 1, 0, 0, 0, 7, 0]))).toThrow(
      expect.objectContaining({ code: 'midi/malformed' }),
    );
    const inner = [...midiFile(0, 96, [trackChunk([...noteOn(0, 60), ...noteOff(4, 60), ...END_OF_TRACK])])];
    const padded = [...wrapped, ...ascii('DISP'), 1, 0, 0, 0, 7, 0, ...ascii('data'), 200, 0, 0, 0, ...inner];
    const { file, repairs } = readMidiFileLenient(Uint8Array.from(padded));
    expect(plain(file)[0]!).toHaveLength(3);
    expect(repairs).toHaveLength(1);
  });
});

describe('encodeMeta', () => {
  it('gives back what decodeMeta says, for any body that the standard allows', () => {
    fc.assert(
      fc.property(fc.nat(127), fc.uint8Array({ minLength: 5, maxLength: 5 }), (type, body) => {
        const meta = decodeMeta(type, body);
        fc.pre(meta.kind !== 'meter' || body[1]! < 60); // 2^n stays exact
        expect(decodeMeta(encodeMeta(meta).type, encodeMeta(meta).bytes)).toEqual(meta);
      }),
    );
  });

  it('writes the examples of the standard', () => {
    const hex = (meta: Parameters<typeof encodeMeta>[0]): number[] => [
      encodeMeta(meta).type,
      ...encodeMeta(meta).bytes,
    ];
    expect(hex({ kind: 'tempo', microsecondsPerQuarter: 500_000 })).toEqual([0x51, 7, 0xa1, 0x20]);
    expect(
      hex({ kind: 'meter', numerator: 6, denominator: 8, clocksPerClick: 36, thirtySecondsPerQuarter: 8 }),
    ).toEqual([0x58, 6, 3, 36, 8]);
    expect(hex({ kind: 'key', fifths: -7, mode: 1 })).toEqual([0x59, 0xf9, 1]);
  });

  it.each([
    { kind: 'tempo', microsecondsPerQuarter: 2 ** 24 } as const,
    { kind: 'meter', numerator: 4, denominator: 3, clocksPerClick: 24, thirtySecondsPerQuarter: 8 } as const,
    { kind: 'sequenceNumber', number: -1 } as const,
  ])('refuses $kind out of range', (meta) => {
    expect(() => encodeMeta(meta)).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
  });
});
