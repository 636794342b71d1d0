import { createRng, createScore, type Score } from '@attune/core';
import { decodeCompound, DRUM_INSTRUMENT } from '@attune/core/tokens';
import { describe, expect, it } from 'vitest';
import { instrumentRange } from '../instrument-ranges.ts';
import { pieceOfScore, type Piece } from './piece.ts';
import { varyOrchestration } from './vary-orchestration.ts';

const note = (pitch: number, start = 0) => ({ start, duration: 480, pitch, velocity: 80 });
const quartet = pieceOfScore(
  createScore({
    tempos: [{ tick: 0, bpm: 100 }],
    tracks: [
      { program: 40, notes: [note(76), note(74, 480), note(72, 1920)] },
      { program: 42, notes: [note(48), note(43, 1920)] },
      { program: 0, notes: [note(60), note(64), note(67, 480)] },
      { isDrum: true, notes: [note(38), note(36, 480)] },
    ],
  }),
  'quartet',
  'folk',
)!;

/** Pitches and onsets of every track by its instrument, as a decoder that checks order and ranges reads them. */
function tracksOf({ steps, meter }: Piece): { instrument: number; notes: string }[] {
  const score: Score = decodeCompound({ steps, meter, shift: 0 });
  return score.tracks.map(({ isDrum, program, notes }) => ({
    instrument: isDrum ? DRUM_INSTRUMENT : program,
    notes: notes.map(({ pitch, start, duration }) => `${pitch}@${start}+${duration}`).join(' '),
  }));
}

describe('varyOrchestration', () => {
  const variants = Array.from({ length: 400 }, (_, seed) => varyOrchestration(quartet, createRng(seed)));
  const original = tracksOf(quartet);

  it('keeps every note, drums, and the number of instruments, within ranges', () => {
    for (const varied of variants) {
      const tracks = tracksOf(varied);
      expect(tracks.map(({ notes }) => notes).sort()).toEqual(original.map(({ notes }) => notes).sort());
      expect(tracks.map(({ instrument }) => instrument).sort((a, b) => a - b)).toEqual(varied.instruments);
      expect(new Set(varied.instruments).size).toBe(4);
      expect(tracks.find(({ instrument }) => instrument === DRUM_INSTRUMENT)!.notes).toBe(
        original.find(({ instrument }) => instrument === DRUM_INSTRUMENT)!.notes,
      );
      for (const { instrument, notes } of tracks) {
        const [low, high] = instrumentRange(instrument);
        if (instrument === DRUM_INSTRUMENT) continue;
        for (const text of notes.split(' ')) {
          expect(parseInt(text, 10)).toBeGreaterThanOrEqual(low);
          expect(parseInt(text, 10)).toBeLessThanOrEqual(high);
        }
      }
      expect(varied.barOf).toBe(quartet.barOf);
    }
  });

  it('exchanges about six in ten instruments, three in ten of these for one of any family', () => {
    const programs = variants.map((varied) => {
      const notes = original.find(({ instrument }) => instrument === 0)!.notes;
      return tracksOf(varied).find((track) => track.notes === notes)!.instrument;
    });
    const share = (wants: (program: number) => boolean): number =>
      programs.filter(wants).length / programs.length;
    // 0.6 and 0.18 · (share of other families) with standard deviations of 0.025 and 0.02
    expect(share((program) => program !== 0)).toBeGreaterThan(0.5);
    expect(share((program) => program !== 0)).toBeLessThan(0.7);
    expect(share((program) => program >= 8)).toBeGreaterThan(0.08);
    expect(share((program) => program >= 8)).toBeLessThan(0.26);
  });

  it('plays at 0.85 to 1 / 0.85 of the tempo', () => {
    const tempos = variants.map(({ tempo }) => tempo);
    expect(Math.min(...tempos)).toBeGreaterThanOrEqual(85 - 1e-3);
    expect(Math.max(...tempos)).toBeLessThanOrEqual(100 / 0.85 + 1e-3);
    expect(Math.max(...tempos) - Math.min(...tempos)).toBeGreaterThan(20);
  });
});
