import type fastCheck from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { createScore } from '../score/create-score.ts';
import type { Note, Score } from '../score/score.ts';

/** The functions of fast-check that are used; passed in, so that this entry does not depend on it. */
type FastCheck = typeof fastCheck;

/** How large and how nasty the generated scores are. */
export interface ScoreArbitraryOptions {
  readonly maxTracks?: number;
  readonly maxNotes?: number;
  /** Ticks; default 4000. */
  readonly maxTick?: number;
  /**
   * Shortens notes so that none overlaps another of its pitch in its track: what a MIDI file holds without
   * loss. Default true.
   */
  readonly separable?: boolean;
}

/** Any valid score: uneven ticks, drums, empty tracks, controls, bends, texts, meters and keys anywhere. */
export function scoreArbitrary(fc: FastCheck, options: ScoreArbitraryOptions = {}): Arbitrary<Score> {
  const { maxTracks = 4, maxNotes = 20, maxTick = 4000, separable = true } = options;
  const tick = fc.nat(maxTick);
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const note = fc.record({
    start: tick,
    duration: fc.oneof(fc.constant(0), fc.nat(maxTick)),
    pitch: fc.oneof(fc.integer({ min: 60, max: 63 }), fc.nat(127)), // few pitches: overlaps are likely
    velocity: fc.integer({ min: 1, max: 127 }),
  });
  const track = fc.record({
    name: text,
    program: fc.nat(127),
    isDrum: fc.boolean(),
    notes: fc.array(note, { maxLength: maxNotes }).map((notes) => (separable ? separate(notes) : notes)),
    controls: fc.array(fc.record({ tick, controller: fc.nat(127), value: fc.nat(127) }), { maxLength: 6 }),
    bends: fc.array(fc.record({ tick, value: fc.integer({ min: -8192, max: 8191 }) }), { maxLength: 6 }),
  });
  return fc
    .record({
      ticksPerQuarter: fc.oneof(fc.constantFrom(96, 480, 960), fc.integer({ min: 32, max: 32767 })),
      title: text,
      tracks: fc.array(track, { maxLength: maxTracks }),
      // whole microseconds a quarter, as in a file; above 200,000 so that the score stays short
      tempos: fc.array(
        fc.record({ tick, bpm: fc.integer({ min: 200_000, max: 2_000_000 }).map((us) => 60_000_000 / us) }),
        { maxLength: 5 },
      ),
      meters: fc.array(
        fc.record({
          tick,
          numerator: fc.integer({ min: 1, max: 32 }),
          denominator: fc.constantFrom(1, 2, 4, 8, 16, 32),
        }),
        { maxLength: 4 },
      ),
      keys: fc.array(
        fc.record({
          tick,
          fifths: fc.integer({ min: -7, max: 7 }),
          mode: fc.constantFrom('major' as const, 'minor' as const),
        }),
        {
          maxLength: 3,
        },
      ),
      texts: fc.array(
        fc.record({ tick, kind: fc.constantFrom('marker', 'lyric', 'text', 'cue', 'copyright'), text }),
        { maxLength: 5 },
      ),
    })
    .map((parts) => createScore(parts));
}

/** Of each pitch: one note a start, ending at the latest where the next one starts. */
function separate(notes: readonly Note[]): Note[] {
  const byPitch = new Map<number, Note[]>();
  for (const note of notes) byPitch.set(note.pitch, [...(byPitch.get(note.pitch) ?? []), note]);
  return [...byPitch.values()].flatMap((group) => {
    const sorted = group.sort((a, b) => a.start - b.start);
    const distinct = sorted.filter((note, i) => note.start !== sorted[i + 1]?.start);
    return distinct.map((note, i) => {
      const next = distinct[i + 1]?.start ?? Infinity;
      return { ...note, duration: Math.min(note.duration, next - note.start) };
    });
  });
}
