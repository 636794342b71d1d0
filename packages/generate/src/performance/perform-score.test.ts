import {
  createMeterMap,
  createScore,
  createTempoMap,
  createTrack,
  scoreDuration,
  type Note,
  type Score,
} from '@attune/core';
import { scoreArbitrary } from '@attune/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMechanical, louder } from './deviations.ts';
import { metricalLevel } from './dynamics-rules.ts';
import { performScore } from './perform-score.ts';
import { findPhrases, localBoundaries } from './phrases.ts';
import { RULE_NAMES, type PerformanceRules } from './rules.ts';
import { swingRatio } from './timing-rules.ts';

const OFF = Object.fromEntries(RULE_NAMES.map((name) => [name, 0])) as unknown as PerformanceRules;
const only = (rules: Partial<PerformanceRules>): PerformanceRules => ({ ...OFF, ...rules });

/** Notes one after another, velocity 80, on a piano at 480 ticks a quarter. */
function line(pitches: readonly number[], ticks = 480, duration = ticks): Note[] {
  return pitches.map((pitch, i) => ({ start: i * ticks, duration, pitch, velocity: 80 }));
}
function pieceOf(notes: readonly Note[], extra: Partial<Score> = {}): Score {
  return createScore({
    ticksPerQuarter: 480,
    tracks: [createTrack({ name: 'a', notes: [...notes] })],
    ...extra,
  });
}
const velocities = (score: Score): number[] => score.tracks[0]!.notes.map(({ velocity }) => velocity);

describe('performScore', () => {
  it('changes nothing with every rule off', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), fc.nat(), (score, seed) => {
        const fine = performScore(score, { seed, rules: OFF });
        expect(fine.ticksPerQuarter % score.ticksPerQuarter).toBe(0);
        expect(performScore(fine, { seed: seed + 1, rules: OFF })).toEqual(fine);
        expect(scoreDuration(fine)).toBeCloseTo(scoreDuration(score), 6);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps every note: its pitch and track, a valid velocity, no time before the start', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), fc.nat(), (score, seed) => {
        const rules = Object.fromEntries(RULE_NAMES.map((name) => [name, 4]));
        const played = performScore(score, { seed, style: 'drums-jazz', rules });
        played.tracks.forEach((track, t) => {
          const pitches = (notes: readonly Note[]): number[] =>
            notes.map(({ pitch }) => pitch).sort((a, b) => a - b);
          expect(pitches(track.notes)).toEqual(pitches(score.tracks[t]!.notes));
          for (const { start, duration, velocity } of track.notes) {
            expect(Number.isInteger(start) && start >= 0 && duration >= 0).toBe(true);
            expect(velocity >= 1 && velocity <= 127 && Number.isInteger(velocity)).toBe(true);
          }
        });
        expect(played.tempos.every(({ bpm }) => Number.isFinite(bpm) && bpm > 0)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same performance for the same seed and another for another', () => {
    const score = pieceOf(line([60, 62, 64, 65, 67, 69, 71, 72]));
    expect(performScore(score, { seed: 1 })).toEqual(performScore(score, { seed: 1 }));
    expect(performScore(score, { seed: 1 })).not.toEqual(performScore(score, { seed: 2 }));
  });

  it('refuses unknown rules, wild quantities and seeds', () => {
    const score = pieceOf(line([60]));
    expect(() => performScore(score, { seed: 1, rules: { vibrato: 1 } as object })).toThrow(
      /no performance rule vibrato/,
    );
    expect(() => performScore(score, { seed: 1, rules: { swing: 9 } })).toThrow(
      /swing lies from −4 to 4; it is 9/,
    );
    expect(() => performScore(score, { seed: 1, rules: { swing: NaN } })).toThrow(/it is NaN/);
    expect(() => performScore(score, { seed: -1 })).toThrow(/whole number/);
  });

  it('leaves a silent score alone', () => {
    expect(performScore(createScore(), { seed: 1 }).tracks).toEqual([]);
  });
});

describe('dynamics', () => {
  it('high-loud: an octave over the mean is 3 dB louder, half an octave under it 1.5 dB softer', () => {
    const played = performScore(pieceOf(line([48, 72])), { seed: 1, rules: only({ highLoud: 1 }) });
    // mean 60: ∓12 semitones × 0.25 dB = ∓3 dB → 80 · 10^(∓3/40)
    expect(velocities(played)).toEqual([67, 95]);
  });
  it('melodic charge: in C major C gets nothing, G 0.2 dB, F sharp 1.2 dB', () => {
    const score = pieceOf(line([60, 67, 66]), { keys: [{ tick: 0, fifths: 0, mode: 'major' }] });
    const played = performScore(score, { seed: 1, rules: only({ melodicCharge: 4 }) });
    expect(velocities(played)).toEqual([80, louder(80, 0.8), louder(80, 4.8)]);
  });
  it('metrical accents: bar, middle, beats and what lies between', () => {
    const meters = createMeterMap(
      createScore({ ticksPerQuarter: 480, meters: [{ tick: 0, numerator: 4, denominator: 4 }] }),
    );
    expect([0, 960, 480, 1440, 240, 1920].map((tick) => metricalLevel(meters, tick))).toEqual([
      0, 1, 2, 2, 3, 0,
    ]);
    const six = createMeterMap(
      createScore({ ticksPerQuarter: 480, meters: [{ tick: 0, numerator: 6, denominator: 8 }] }),
    );
    expect([0, 240, 480, 720, 960].map((tick) => metricalLevel(six, tick))).toEqual([0, 3, 3, 1, 3]);
    const three = createMeterMap(
      createScore({ ticksPerQuarter: 480, meters: [{ tick: 0, numerator: 3, denominator: 4 }] }),
    );
    expect([0, 480, 960].map((tick) => metricalLevel(three, tick))).toEqual([0, 2, 2]);
  });
  it('phrases swell to their climax and the mean level stays', () => {
    const played = performScore(pieceOf(line(new Array<number>(64).fill(60), 120, 60)), {
      seed: 1,
      rules: only({ phraseArch: 1 }),
    });
    const all = velocities(played);
    const loudest = (all.indexOf(Math.max(...all)) + all.lastIndexOf(Math.max(...all))) / 2;
    expect(loudest / 64).toBeCloseTo(0.6, 1);
    expect(all[0]).toBeLessThan(80);
    const meanDecibels = all.reduce((sum, v) => sum + 40 * Math.log10(v / 80), 0) / 64;
    expect(Math.abs(meanDecibels)).toBeLessThan(0.15);
  });
  it('leaves the loudness of a track alone that somebody played', () => {
    const played = line([60, 62, 64, 65, 67, 69, 71, 72]).map((note, i) => ({
      ...note,
      velocity: 50 + 7 * i,
    }));
    const score = pieceOf(played);
    expect(isMechanical(score.tracks[0]!)).toBe(false);
    expect(velocities(performScore(score, { seed: 1, rules: { noise: 0 } }))).toEqual(
      played.map(({ velocity }) => velocity),
    );
  });
});

describe('timing', () => {
  it('final ritard: the last onset has 0.6 of the tempo, and bars keep their ticks', () => {
    const score = pieceOf(line(new Array<number>(32).fill(60)), { tempos: [{ tick: 0, bpm: 120 }] });
    const played = performScore(score, { seed: 1, rules: only({ finalRitard: 1 }) });
    expect(createTempoMap(played).bpmAt(31 * 480)).toBeCloseTo(72, 6);
    expect(createTempoMap(played).bpmAt(20 * 480)).toBeCloseTo(120, 6);
    expect(played.tracks[0]!.notes.map(({ start }) => start)).toEqual(
      score.tracks[0]!.notes.map(({ start }) => start),
    );
    expect(scoreDuration(played)).toBeGreaterThan(scoreDuration(score));
  });
  it('swing: the published line at 80, 190 and 300 quarters a minute, half way from even', () => {
    expect([80, 190, 300, 400].map((bpm) => swingRatio(bpm))).toEqual([2.25, 1.625, 1, 1]);
    const eighths = line(new Array<number>(16).fill(60), 240);
    const score = pieceOf(eighths, { tempos: [{ tick: 0, bpm: 124 }] }); // 3.5 − 2.5·44/220 = 3 → ratio 2
    const played = performScore(score, { seed: 1, style: 'standards', rules: only({ swing: 1 }) });
    expect(played.tracks[0]!.notes.slice(0, 4).map(({ start }) => start)).toEqual([0, 320, 480, 800]);
    const straight = performScore(score, { seed: 1, style: 'baroque', rules: only({ swing: 1 }) });
    expect(straight.tracks[0]!.notes[1]!.start).toBe(240);
  });
  it('punctuation: repeated notes and phrase ends breathe, others stay legato', () => {
    const played = performScore(pieceOf(line([60, 60, 62, 64])), {
      seed: 1,
      rules: only({ punctuation: 1 }),
    });
    // half a second each: a fifth is 100 ms = 96 ticks at 120 bpm
    expect(played.tracks[0]!.notes.map(({ duration }) => duration)).toEqual([384, 480, 480, 384]);
  });
  it('a note is over before the next of its pitch begins, however much players differ', () => {
    const score = pieceOf(line(new Array<number>(200).fill(60), 60));
    const { notes } = performScore(score, { seed: 5, rules: { noise: 4 } }).tracks[0]!;
    notes
      .slice(1)
      .forEach((note, i) => expect(notes[i]!.start + notes[i]!.duration).toBeLessThanOrEqual(note.start));
  });
});

describe('phrases', () => {
  it('boundaries stand before the leap and after the long note (hand computed)', () => {
    // pitches 60 62 64 | 72 74, onsets even: pitch intervals 2 2 8 2; change 0, 0.6, 0.6
    // strengths 2·0=0, 2·(0+0.6)=1.2, 8·1.2=9.6, 2·0.6=1.2 → only the leap counts, weight 0.25
    const strengths = localBoundaries(line([60, 62, 64, 72, 74]));
    expect([...strengths].map((x) => Number(x.toFixed(4)))).toEqual([0, 0, 0.0313, 0.25, 0.0313]);
  });
  it('four bars each where nothing is said, and together the whole piece', () => {
    const score = pieceOf(line(new Array<number>(48).fill(60)));
    expect(findPhrases(score)).toEqual([0, 1, 2].map((i) => ({ start: i * 7680, end: (i + 1) * 7680 })));
  });
  it('follow the rests of the melody', () => {
    const notes = [0, 1, 2, 6, 7, 8].flatMap((bar) =>
      line([60, 62, 64, 65]).map((n) => ({ ...n, start: n.start + bar * 1920 })),
    );
    expect(findPhrases(pieceOf(notes)).some(({ start }) => start === 6 * 1920)).toBe(true);
  });
});
