import { createScore, type Rng, type Score } from '@attune/core';
import { instrumentRange } from '../instrument-ranges.ts';

/** Programs of a General MIDI family. */
const FAMILY_SIZE = 8;
/** Chance that an instrument is exchanged; the rest of the band stays. */
const EXCHANGE = 0.6;
/** Factor of the tempo, from–to, drawn evenly on a logarithmic scale. */
const SLOWEST = 0.85;
const FASTEST = 1 / SLOWEST;

/**
 * The same notes for other instruments of the same families, at another tempo: what a training piece could as well
 * have been scored for. Two instruments that differ still differ; an instrument whose notes no other one of its
 * family can play, and drums, stay. The notes are those of `score`.
 */
export function varyOrchestration(score: Score, rng: Rng): Score {
  const programs = [...new Set(score.tracks.filter(({ isDrum }) => !isDrum).map(({ program }) => program))];
  const taken = new Set(programs);
  const exchanged = new Map<number, number>();
  for (const program of programs) {
    if (rng.uniform() >= EXCHANGE) continue;
    const first = program - (program % FAMILY_SIZE);
    const pitches = score.tracks.flatMap((track) =>
      track.isDrum || track.program !== program ? [] : track.notes.map(({ pitch }) => pitch),
    );
    const others = Array.from({ length: FAMILY_SIZE }, (_, i) => first + i).filter((other) => {
      const [low, high] = instrumentRange(other);
      return !taken.has(other) && pitches.every((pitch) => pitch >= low && pitch <= high);
    });
    if (others.length === 0) continue;
    const other = others[rng.integer(others.length)]!;
    taken.add(other);
    exchanged.set(program, other);
  }
  const pace = Math.exp(Math.log(SLOWEST) + rng.uniform() * (Math.log(FASTEST) - Math.log(SLOWEST)));
  return createScore({
    ...score,
    tempos: score.tempos.map(({ tick, bpm }) => ({ tick, bpm: bpm * pace })),
    tracks: score.tracks.map((track) =>
      track.isDrum ? track : { ...track, program: exchanged.get(track.program) ?? track.program },
    ),
  });
}
