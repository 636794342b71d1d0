import { describe, expect, it } from 'vitest';
import { createNoteTable } from '../features/symbolic/note-table.ts';
import { findKey } from '../score/find-key.ts';
import type { Note, Score, Track } from '../score/score.ts';
import { analyseScore } from './analyse-score.ts';
import { chromaticShare, dissonanceOf, INTERVAL_CLASS_DISSONANCE, moodQuantile } from './mood.ts';

const TPQ = 480;

function note(start: number, duration: number, pitch: number, velocity = 80): Note {
  return { start: start * TPQ, duration: duration * TPQ, pitch, velocity };
}
function track(notes: Note[], program = 0, isDrum = false): Track {
  return { name: '', program, isDrum, notes, controls: [], bends: [] };
}
function score(tracks: Track[], rest: Partial<Score> = {}): Score {
  return { ticksPerQuarter: TPQ, title: '', tracks, tempos: [], meters: [], keys: [], texts: [], ...rest };
}
const scale = [60, 62, 64, 65, 67, 69, 71, 72].map((pitch, i) => note(i, 1, pitch));

describe('analyseScore', () => {
  it('finds instruments, density, meter and tempo of a scale with drums', () => {
    const drums = Array.from({ length: 8 }, (_, i) => note(i, 0.25, 36));
    const result = analyseScore(
      score([track(scale, 40), track(drums, 0, true)], {
        meters: [{ tick: 0, numerator: 3, denominator: 4 }],
      }),
    );
    expect(result.instruments).toEqual([40, 128]);
    expect(result.density).toBe(2); // 16 notes in 8 quarters
    expect(result.meter).toEqual({ numerator: 3, denominator: 4 });
    expect(result.tempo).toBe(120);
  });

  it('takes the tempo that holds for half of the sounding time, not the most frequent event', () => {
    const tempos = [60, 70, 80, 90].map((bpm, i) => ({ tick: i * TPQ, bpm })); // 90 bpm from quarter 3 to 8
    expect(analyseScore(score([track(scale)], { tempos })).tempo).toBe(90);
  });

  it('takes the meter that lasts longest', () => {
    const meters = [
      { tick: 0, numerator: 2, denominator: 4 },
      { tick: 2 * TPQ, numerator: 6, denominator: 8 },
    ];
    expect(analyseScore(score([track(scale)], { meters })).meter).toEqual({ numerator: 6, denominator: 8 });
  });

  it('gives no key to drums alone, and refuses silence', () => {
    const drums = analyseScore(score([track([note(0, 0.25, 36)], 0, true)]));
    expect(drums).not.toHaveProperty('tonic');
    expect(drums.rawMood.tension).toBe(0);
    expect(() => analyseScore(score([track([])]))).toThrow(/without notes/);
  });

  it('is not moved by transposition, save for register', () => {
    const up = scale.map((n) => ({ ...n, pitch: n.pitch + 5 }));
    const a = analyseScore(score([track(scale)]));
    const b = analyseScore(score([track(up)]));
    expect(b.tonic).toBe((a.tonic! + 5) % 12);
    expect(b.mode).toBe(a.mode);
    expect(b.rawMood.tension).toBeCloseTo(a.rawMood.tension, 12);
    expect(b.rawMood.energy - a.rawMood.energy).toBeCloseTo((0.1 * 5) / 48, 12);
  });

  it('hears more energy in the same notes played faster and louder', () => {
    const slow = analyseScore(score([track(scale)], { tempos: [{ tick: 0, bpm: 60 }] }));
    const fast = analyseScore(
      score([track(scale.map((n) => ({ ...n, velocity: 120 })))], { tempos: [{ tick: 0, bpm: 180 }] }),
    );
    expect(fast.rawMood.energy).toBeGreaterThan(slow.rawMood.energy);
    expect(fast.rawMood.valence).toBeGreaterThan(slow.rawMood.valence);
  });
});

describe('mood cues', () => {
  it('scales the table of Huron (1994): semitone 1, fourth 0, major third (1.24 − 0.386) / 2.668', () => {
    expect(INTERVAL_CLASS_DISSONANCE[1]).toBe(1);
    expect(INTERVAL_CLASS_DISSONANCE[5]).toBe(0);
    expect(INTERVAL_CLASS_DISSONANCE[4]).toBeCloseTo(0.32009, 5);
  });

  it('averages dissonance over pairs and over time', () => {
    // A semitone for 3 quarters, then a unison-free single note for 1: 3/4 of 1.
    const notes = createNoteTable(score([track([note(0, 3, 60), note(0, 3, 61), note(3, 1, 60)])]));
    expect(dissonanceOf(notes)).toBeCloseTo(0.75, 12);
    // C E G: thirds 0.386 and 0.594, fifth 1.24
    const triad = createNoteTable(score([track([note(0, 1, 60), note(0, 1, 64), note(0, 1, 67)])]));
    expect(dissonanceOf(triad)).toBeCloseTo((1.24 - 0.386 + (1.24 - 0.594) + 0) / 2.668 / 3, 12);
  });

  it('weighs chromatic notes by duration', () => {
    const piece = score([track([...scale, note(8, 2, 66)])]); // F sharp for 2 of 10 quarters
    expect(
      chromaticShare(createNoteTable(piece), { ...findKey(piece)!, tonic: 0, mode: 'major' }),
    ).toBeCloseTo(0.2, 12);
  });

  it('interpolates quantiles and clamps outside them', () => {
    const tables = { energy: [0, 1, 3], valence: [0, 1], tension: [0, 1] };
    expect(moodQuantile('energy', -1, tables)).toBe(0);
    expect(moodQuantile('energy', 1, tables)).toBe(0.5);
    expect(moodQuantile('energy', 2, tables)).toBe(0.75);
    expect(moodQuantile('energy', 9, tables)).toBe(1);
  });
});
