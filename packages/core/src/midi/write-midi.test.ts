import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScore } from '../score/create-score.ts';
import { EXACTLY, firstDifference } from '../score/difference.ts';
import type { Note, Score } from '../score/score.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { midiFile, trackChunk } from '../testing/midi-bytes.ts';
import { readMidi, readMidiLenient } from './read-midi.ts';
import { writeMidi } from './write-midi.ts';

const note = (start: number, duration: number, pitch: number, velocity = 64) => ({
  start,
  duration,
  pitch,
  velocity,
});
const refused = expect.objectContaining({ code: 'score/invalid' }) as Error;

/** What MIDI can tell apart: of each pitch, starts in order meet ends in order. */
function firstInFirstOut(score: Score): Score {
  const pair = (notes: readonly Note[]): Note[] => {
    const pitches = [...new Set(notes.map((n) => n.pitch))];
    return pitches.flatMap((pitch) => {
      const group = notes.filter((n) => n.pitch === pitch);
      const ends = group.map((n) => n.start + n.duration).sort((a, b) => a - b);
      return group.map((n, i) => ({ ...n, duration: ends[i]! - n.start }));
    });
  };
  return createScore({
    ...score,
    tracks: score.tracks.map((track) => ({ ...track, notes: pair(track.notes) })),
  });
}

describe('writeMidi', () => {
  it('writes these bytes', () => {
    const score = createScore({
      ticksPerQuarter: 96,
      title: 'Hé',
      tracks: [
        {
          name: 'Vn',
          program: 40,
          notes: [note(0, 96, 60), note(96, 0, 62, 1)],
          controls: [{ tick: 0, controller: 0, value: 8 }],
        },
      ],
      tempos: [{ tick: 0, bpm: 60 }],
      meters: [{ tick: 0, numerator: 6, denominator: 8 }],
      keys: [{ tick: 200, fifths: -3, mode: 'minor' }],
    });
    const conductor = [
      0,
      0xff,
      3,
      3,
      0x48,
      0xc3,
      0xa9,
      0,
      0xff,
      0x51,
      3,
      0x0f,
      0x42,
      0x40, // 1,000,000 µs
      0,
      0xff,
      0x58,
      4,
      6,
      3,
      36,
      8,
      0x81,
      0x48,
      0xff,
      0x59,
      2,
      0xfd,
      1,
      0,
      0xff,
      0x2f,
      0,
    ];
    const violin = [
      0,
      0xff,
      3,
      2,
      0x56,
      0x6e,
      0,
      0xb0,
      0,
      8, // bank before program
      0,
      0xc0,
      40,
      0,
      0x90,
      60,
      64,
      96,
      60,
      0, // running status
      0,
      62,
      1,
      0,
      62,
      0,
      0,
      0xff,
      0x2f,
      0,
    ];
    expect([...writeMidi(score)]).toEqual([...midiFile(1, 96, [trackChunk(conductor), trackChunk(violin)])]);
  });

  it('is read back exactly', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), (score) => {
        const bytes = writeMidi(score);
        expect(firstDifference(score, readMidi(bytes), EXACTLY)).toBeUndefined();
        expect(readMidiLenient(bytes).repairs).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('pairs overlapping notes of one pitch first in, first out, and loses nothing else', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc, { separable: false }), (score) => {
        expect(firstDifference(firstInFirstOut(score), readMidi(writeMidi(score)), EXACTLY)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('keeps more tracks apart than there are channels', () => {
    const tracks = Array.from({ length: 40 }, (_, i) => ({
      name: `t${i}`,
      program: i % 3,
      isDrum: i % 10 === 9,
      notes: [note(i, 10, 60)],
      controls: [{ tick: 0, controller: 7, value: i }],
    }));
    const score = createScore({
      tracks: [...tracks, { name: 'empty' }, { name: 'empty drums', isDrum: true, program: 8 }],
    });
    expect(firstDifference(score, readMidi(writeMidi(score)), EXACTLY)).toBeUndefined();
  });

  it('rounds tempo to whole microseconds', () => {
    const { tempos } = readMidi(writeMidi(createScore({ tempos: [{ tick: 0, bpm: 133 }] })));
    expect(tempos[0]!.bpm).toBe(60_000_000 / 451_128);
  });

  it('writes an empty score', () => {
    expect(readMidi(writeMidi(createScore()))).toEqual(createScore());
  });

  it.each<[string, Score]>([
    ['too slow a tempo', createScore({ tempos: [{ tick: 0, bpm: 3 }] })],
    ['events too far apart', createScore({ tracks: [{ notes: [note(2 ** 28, 1, 60)] }] })],
    ['too many drum tracks', createScore({ tracks: Array.from({ length: 129 }, () => ({ isDrum: true })) })],
    ['a score that breaks its rules', { ...createScore(), ticksPerQuarter: 0 }],
  ])('refuses %s', (_, score) => {
    expect(() => writeMidi(score)).toThrow(refused);
  });
});
