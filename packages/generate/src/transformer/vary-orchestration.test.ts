import { createRng, createScore } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { instrumentRange } from '../instrument-ranges.ts';
import { varyOrchestration } from './vary-orchestration.ts';

const note = (pitch: number) => ({ start: 0, duration: 480, pitch, velocity: 80 });
const trio = createScore({
  tempos: [{ tick: 0, bpm: 100 }],
  tracks: [
    { program: 40, notes: [note(76)] },
    { program: 42, notes: [note(48)] },
    { program: 0, notes: [note(60), note(64)] },
    { isDrum: true, notes: [note(38)] },
  ],
});

describe('varyOrchestration', () => {
  it('keeps every note, drums, and the number of instruments, within families and ranges', () => {
    for (let seed = 0; seed < 200; seed++) {
      const varied = varyOrchestration(trio, createRng(seed));
      expect(varied.tracks.map(({ notes }) => notes)).toEqual(trio.tracks.map(({ notes }) => notes));
      expect(varied.tracks.map(({ isDrum }) => isDrum)).toEqual([false, false, false, true]);
      const programs = varied.tracks.slice(0, 3).map(({ program }) => program);
      expect(new Set(programs).size).toBe(3);
      expect(programs.map((program) => Math.floor(program / 8))).toEqual([5, 5, 0]);
      varied.tracks.slice(0, 3).forEach(({ program, notes }) => {
        const [low, high] = instrumentRange(program);
        expect(notes.every(({ pitch }) => pitch >= low && pitch <= high)).toBe(true);
      });
    }
  });

  it('exchanges about six in ten instruments, and tempos between 0.85 and 1 / 0.85', () => {
    const all = Array.from({ length: 400 }, (_, seed) => varyOrchestration(trio, createRng(seed)));
    const pianos = all.filter(({ tracks }) => tracks[2]!.program !== 0).length / all.length;
    expect(pianos).toBeGreaterThan(0.5);
    expect(pianos).toBeLessThan(0.7);
    const bpms = all.map(({ tempos }) => tempos[0]!.bpm);
    expect(Math.min(...bpms)).toBeGreaterThanOrEqual(85);
    expect(Math.max(...bpms)).toBeLessThanOrEqual(100 / 0.85 + 1e-9);
    expect(Math.max(...bpms) - Math.min(...bpms)).toBeGreaterThan(20);
  });
});
