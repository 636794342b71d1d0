import { describe, expect, it } from 'vitest';
import { countNotes, scoreDuration, scoreEndTick } from '../score/extent.ts';
import { createTempoMap } from '../score/tempo-map.ts';
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
} from '../testing/midi-bytes.ts';
import { readMidi, readMidiLenient } from './read-midi.ts';

const note = (start: number, duration: number, pitch: number, velocity = 64) => ({
  start,
  duration,
  pitch,
  velocity,
});

describe('readMidi: events', () => {
  it('reads the example of the Standard MIDI File specification (format 0)', () => {
    // RP-001, appendix: 96 ticks a quarter, 4/4, 120 bpm; C3 on channel 3 doubled by C4, G4 and E5.
    const track = [
      0x00,
      0xff,
      0x58,
      0x04,
      0x04,
      0x02,
      0x18,
      0x08, // meter 4/4
      0x00,
      0xff,
      0x51,
      0x03,
      0x07,
      0xa1,
      0x20, // tempo 500,000
      0x00,
      0xc0,
      0x05,
      0x00,
      0xc1,
      0x2e,
      0x00,
      0xc2,
      0x46, // programs 5, 46, 70
      0x00,
      0x92,
      0x30,
      0x60,
      0x00,
      0x3c,
      0x60, // running status
      0x60,
      0x91,
      0x43,
      0x40,
      0x60,
      0x90,
      0x4c,
      0x20,
      0x81,
      0x40,
      0x82,
      0x30,
      0x40,
      0x00,
      0x3c,
      0x40, // two-byte delta, running status
      0x00,
      0x81,
      0x43,
      0x40,
      0x00,
      0x80,
      0x4c,
      0x40,
      0x00,
      0xff,
      0x2f,
      0x00,
    ];
    const score = readMidi(midiFile(0, 96, [trackChunk(track)]));
    expect(score).toMatchObject({
      ticksPerQuarter: 96,
      tempos: [{ tick: 0, bpm: 120 }],
      meters: [{ tick: 0, numerator: 4, denominator: 4 }],
    });
    expect(score.tracks.map(({ program, notes }) => ({ program, notes }))).toEqual([
      { program: 5, notes: [note(192, 192, 0x4c, 0x20)] },
      { program: 46, notes: [note(96, 288, 0x43, 0x40)] },
      { program: 70, notes: [note(0, 384, 0x30, 0x60), note(0, 384, 0x3c, 0x60)] },
    ]);
    expect(scoreDuration(score)).toBe(2);
  });

  it('ends notes first in, first out, by note-off or velocity 0, and ignores orphan ends', () => {
    const events = [
      noteOff(0, 60),
      noteOn(0, 60, 1),
      noteOn(10, 60, 2),
      noteOn(5, 60, 0),
      noteOff(5, 60),
      noteOff(9, 60),
    ];
    expect(readMidi(midiFile(0, 96, [midiTrack(...events)])).tracks[0]!.notes).toEqual([
      note(0, 15, 60, 1),
      note(10, 10, 60, 2),
    ]);
  });

  it('ends what never ends with the track', () => {
    const bytes = midiFile(0, 96, [trackChunk([...noteOn(0, 60), ...noteOn(7, 62), 50, 0xff, 0x2f, 0])]);
    expect(readMidi(bytes).tracks[0]!.notes).toEqual([note(0, 57, 60), note(7, 50, 62)]);
    expect(readMidiLenient(bytes).repairs).toEqual([
      { offset: 22, message: '2 notes never end; they were ended with their track.' },
    ]);
  });

  it('keeps controllers, the pedal among them, and bends; skips pressure and sysex', () => {
    const events = [
      controlChange(0, 64, 127),
      [0, 0xe0, 0, 0],
      noteOn(0, 60),
      [1, 0xe0, 0x7f, 0x7f],
      [0, 0xa0, 60, 5],
      [0, 0xd0, 5],
      [0, 0xf0, 3, 0x7e, 0x7f, 0xf7],
      [0, 0xf7, 2, 0xf8, 0xfe],
      noteOff(9, 60),
      [1, 0xb0, 64, 0, 2, 64, 1], // running status
      [0, 0xe0, 0, 64],
    ];
    const track = readMidi(midiFile(0, 96, [midiTrack(...events)])).tracks[0]!;
    expect(track.controls).toEqual([
      { tick: 0, controller: 64, value: 127 },
      { tick: 11, controller: 64, value: 0 },
      { tick: 13, controller: 64, value: 1 },
    ]);
    expect(track.bends).toEqual([
      { tick: 0, value: -8192 },
      { tick: 1, value: 8191 },
      { tick: 13, value: 0 },
    ]);
    expect(track.notes).toEqual([note(0, 10, 60)]);
  });

  it('goes on with running status after meta events', () => {
    const events = [noteOn(0, 60), metaEvent(0, 6, ascii('A')), [5, 60, 0]];
    expect(readMidi(midiFile(0, 96, [midiTrack(...events)])).tracks[0]!.notes).toEqual([note(0, 5, 60)]);
  });

  it('reads tempos, meters, keys and texts of all tracks; at one tick the first track wins', () => {
    const first = midiTrack(
      metaEvent(0, 3, ascii('Title')),
      tempoEvent(0, 1_000_000),
      metaEvent(0, 0x58, [6, 3, 36, 8]),
      metaEvent(0, 0x59, [0xfd, 1]),
      metaEvent(10, 6, ascii('A')),
      tempoEvent(0, 250_000),
    );
    const second = midiTrack(
      tempoEvent(0, 500_000),
      metaEvent(5, 1, ascii('hi')),
      metaEvent(15, 0x59, [2, 0, 9]),
      noteOn(0, 60),
      noteOff(1, 60),
    );
    const score = readMidi(midiFile(1, 96, [first, second]));
    expect(score).toMatchObject({
      title: 'Title',
      tempos: [
        { tick: 0, bpm: 60 },
        { tick: 10, bpm: 240 },
      ],
      meters: [{ tick: 0, numerator: 6, denominator: 8 }],
      keys: [
        { tick: 0, fifths: -3, mode: 'minor' },
        { tick: 20, fifths: 2, mode: 'major' },
      ],
      texts: [
        { tick: 5, kind: 'text', text: 'hi' },
        { tick: 10, kind: 'marker', text: 'A' },
      ],
    });
  });

  it('reads text as UTF-8, and as Latin-1 where it is not', () => {
    const texts = [
      metaEvent(0, 1, [0xc3, 0xa9]),
      metaEvent(0, 5, [0xe9, 0x80]),
      metaEvent(0, 7, [0xef, 0xbb, 0xbf, 0x61]),
      metaEvent(0, 2, []),
    ];
    expect(
      readMidi(midiFile(0, 96, [midiTrack(...texts)])).texts.map(({ kind, text }) => [kind, text]),
    ).toEqual([
      ['text', 'é'],
      ['lyric', 'é\u0080'],
      ['cue', '\ufeffa'],
      ['copyright', ''],
    ]);
  });

  it('skips chunks it does not know and extra header bytes', () => {
    const header = [...ascii('MThd'), 0, 0, 0, 8, 0, 0, 0, 1, 0, 96, 1, 2];
    const unknown = [...ascii('XFIH'), 0, 0, 0, 2, 9, 9];
    const bytes = Uint8Array.from([
      ...header,
      ...unknown,
      ...midiTrack(noteOn(0, 60), noteOff(1, 60)),
      ...unknown,
    ]);
    expect(countNotes(readMidi(bytes))).toBe(1);
  });
});

describe('readMidi: tracks', () => {
  it('splits format 0 by channel and by program, with drums on channel 10', () => {
    const score = readMidi(
      midiFile(0, 96, [
        midiTrack(
          programChange(0, 40, 1),
          programChange(0, 16, 9),
          noteOn(0, 36, 64, 9),
          noteOn(0, 60, 64, 1),
          noteOn(0, 48, 64, 0),
          noteOff(96, 36, 9),
          noteOff(0, 60, 1),
          noteOff(0, 48, 0),
          programChange(0, 41, 1),
          noteOn(0, 62, 64, 1),
          noteOff(96, 62, 1),
          programChange(0, 40, 1),
          noteOn(0, 64, 64, 1),
          noteOff(96, 64, 1),
        ),
      ]),
    );
    expect(
      score.tracks.map(({ program, isDrum, notes }) => ({
        program,
        isDrum,
        notes: notes.map((n) => n.pitch),
      })),
    ).toEqual([
      { program: 0, isDrum: false, notes: [48] },
      { program: 40, isDrum: false, notes: [60, 64] },
      { program: 41, isDrum: false, notes: [62] },
      { program: 16, isDrum: true, notes: [36] },
    ]);
  });

  it('gives each program its controls, and at its turn what changed meanwhile', () => {
    const play = (pitch: number) => [...noteOn(0, pitch), ...noteOff(10, pitch)];
    const events = [
      controlChange(0, 7, 100),
      programChange(0, 1),
      play(60),
      programChange(0, 2),
      play(61),
      controlChange(0, 7, 50),
      [0, 0xe0, 0, 0],
      programChange(0, 1),
      play(62),
      programChange(0, 2),
      play(63),
    ];
    const [first, second] = readMidi(midiFile(0, 96, [midiTrack(...events)])).tracks;
    expect(first!.controls).toEqual([
      { tick: 0, controller: 7, value: 100 },
      { tick: 20, controller: 7, value: 50 },
    ]);
    expect(second!.controls).toEqual([
      { tick: 10, controller: 7, value: 100 },
      { tick: 20, controller: 7, value: 50 },
    ]);
    expect(first!.bends).toEqual([{ tick: 20, value: -8192 }]);
    expect(second!.bends).toEqual([{ tick: 20, value: -8192 }]);
  });

  it('makes one track of each chunk of format 1 and names it; two chunks may share a channel', () => {
    const chunk = (name: string, pitch: number) =>
      midiTrack(metaEvent(0, 3, ascii(name)), programChange(0, pitch), noteOn(0, pitch), noteOff(1, pitch));
    const score = readMidi(midiFile(1, 96, [chunk('one', 60), chunk('two', 61), midiTrack()]));
    expect(score.tracks.map(({ name, program }) => [name, program])).toEqual([
      ['one', 60],
      ['two', 61],
    ]);
    expect(score.title).toBe('one');
  });

  it('applies programs and controllers that another chunk sets on the channel', () => {
    const setup = midiTrack(programChange(0, 24, 2), controlChange(0, 7, 90, 2), programChange(100, 30, 2));
    const notes = midiTrack(
      noteOn(0, 60, 64, 2),
      noteOff(50, 60, 2),
      noteOn(50, 62, 64, 2),
      noteOff(50, 62, 2),
    );
    const score = readMidi(midiFile(1, 96, [setup, notes]));
    const control = { tick: 0, controller: 7, value: 90 };
    expect(score.tracks.map(({ program, controls }) => ({ program, controls }))).toEqual([
      { program: 24, controls: [control] },
      { program: 30, controls: [control] },
    ]);
  });

  it('keeps a chunk that sets up one channel and plays nothing', () => {
    const score = readMidi(
      midiFile(1, 96, [midiTrack(), midiTrack(metaEvent(0, 3, ascii('tacet')), programChange(0, 68, 4))]),
    );
    expect(score.tracks).toEqual([
      { name: 'tacet', program: 68, isDrum: false, notes: [], controls: [], bends: [] },
    ]);
  });

  it('tells channels of different ports apart', () => {
    const chunk = (port: number) =>
      midiTrack(metaEvent(0, 0x21, [port]), controlChange(0, 10, port), noteOn(0, 60), noteOff(1, 60));
    const score = readMidi(midiFile(1, 96, [chunk(0), chunk(1)]));
    expect(score.tracks.map((track) => track.controls[0]!.value)).toEqual([0, 1]);
  });

  it('plays the sequences of format 2 one after the other, each with its own tempo', () => {
    const first = midiTrack(tempoEvent(0, 1_000_000), noteOn(0, 60), noteOff(96, 60));
    const second = trackChunk([...noteOn(96, 62), ...noteOff(96, 62), 96, ...END_OF_TRACK.slice(1)]);
    const third = midiTrack(tempoEvent(0, 250_000), noteOn(0, 64), noteOff(96, 64));
    const score = readMidi(midiFile(2, 96, [first, second, third]));
    expect(score.tracks.map((track) => track.notes)).toEqual([
      [note(0, 96, 60)],
      [note(192, 96, 62)],
      [note(384, 96, 64)],
    ]);
    expect(scoreDuration(score)).toBe(1 + 1.5 + 0.25);
  });
});

describe('readMidi: SMPTE division', () => {
  const file = (frames: number, ticks: number) =>
    midiFile(1, (256 - frames) * 256 + ticks, [
      midiTrack(tempoEvent(0, 250_000)),
      midiTrack(noteOn(0, 60), noteOff(5000, 60)),
    ]);

  it.each([
    [25, 40, 5],
    [24, 100, 5000 / 2400],
    [30, 80, 5000 / 2400],
    [29, 80, (5000 / 2400) * 1.001], // 30 frames take 1.001 s
  ])('%d frames of %d ticks give exact seconds whatever the tempo says', (frames, ticks, seconds) => {
    const score = readMidi(file(frames, ticks));
    expect(scoreDuration(score)).toBeCloseTo(seconds, 12);
    expect(scoreEndTick(score)).toBe(5000);
    expect(score.tempos).toHaveLength(1);
  });
});

describe('readMidi: limits', () => {
  const bytes = midiFile(1, 96, [
    midiTrack(tempoEvent(0, 500_000)),
    midiTrack(noteOn(0, 60), noteOff(96, 60), noteOn(0, 62), noteOff(96, 62)),
    midiTrack(noteOn(0, 60), noteOff(96, 60)),
  ]);
  const actual = { bytes: bytes.length, tracks: 3, events: 10, notes: 3, changes: 1, duration: 1 };

  it.each(Object.keys(actual) as (keyof typeof actual)[])(
    'holds at the limit of %s and refuses above it',
    (limit) => {
      expect(countNotes(readMidi(bytes, { limits: actual }))).toBe(3);
      const tight = { ...actual, [limit]: actual[limit] * 0.99 };
      for (const reader of [readMidi, readMidiLenient]) {
        expect(() => reader(bytes, { limits: tight })).toThrow(
          expect.objectContaining({
            code: 'midi/limit',
            place: expect.objectContaining({ limit, offset: expect.any(Number) as number }) as object,
          }),
        );
      }
    },
  );

  it('counts seconds up to events that are not notes', () => {
    const late = midiFile(0, 96, [midiTrack(noteOn(0, 60), noteOff(96, 60), controlChange(96 * 8, 7, 1))]);
    expect(createTempoMap(readMidi(late)).secondsAt(96 * 9)).toBe(4.5);
    expect(() => readMidi(late, { limits: { duration: 4 } })).toThrow(
      expect.objectContaining({ code: 'midi/limit' }),
    );
  });
});
