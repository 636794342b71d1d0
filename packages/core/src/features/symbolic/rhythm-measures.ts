import { BEAT_TOLERANCE, distanceFromGrid } from './beats.ts';
import type { SymbolicContext } from './context.ts';
import { entropy, share } from './statistics.ts';

/** Gaps between following onsets of any part, in beats; n − 1 values. */
export function onsetGaps({ notes, beats, onsets }: SymbolicContext): number[] {
  return onsets
    .slice(1)
    .map((row, i) => (notes.start[row]! - notes.start[onsets[i]!]!) / beats.beatTicks[onsets[i]!]!);
}

/** Gaps between following onsets in seconds; n − 1 values. */
export function onsetGapSeconds({ notes, onsets }: SymbolicContext): number[] {
  return onsets.slice(1).map((row, i) => notes.startSeconds[row]! - notes.startSeconds[onsets[i]!]!);
}

/** Entropy in bits of the gaps in classes of half an octave: round(2 · log₂ gap in beats), from −8 to 8. */
export function gapEntropy(context: SymbolicContext): number {
  const counts = new Array<number>(17).fill(0);
  for (const gap of onsetGaps(context))
    counts[Math.max(-8, Math.min(8, Math.round(2 * Math.log2(gap)))) + 8]!++;
  return entropy(counts);
}

/** Share of the onsets within the tolerance of a multiple of `step` beats and of none of `coarser`. */
export function gridShare(
  { beats, onsets }: SymbolicContext,
  step: number,
  coarser: readonly number[] = [],
): number {
  const on = (beat: number, grid: number): boolean => distanceFromGrid(beat, grid) <= BEAT_TOLERANCE + 1e-9;
  const count = onsets.filter(
    (row) => on(beats.beat[row]!, step) && !coarser.some((grid) => on(beats.beat[row]!, grid)),
  ).length;
  return share(count, onsets.length);
}

/** Share of the pitched notes that start off the beat and sound on past the next beat. */
export function syncopation({ notes, beats, pitched }: SymbolicContext): number {
  let count = 0;
  for (const row of pitched) {
    const beat = beats.beat[row]!;
    if (distanceFromGrid(beat, 1) <= BEAT_TOLERANCE) continue;
    const end = beat + (notes.end[row]! - notes.start[row]!) / beats.beatTicks[row]!;
    if (end > Math.ceil(beat) + BEAT_TOLERANCE) count++;
  }
  return share(count, pitched.length);
}

/** Share of the pitched notes that fill less than half of the time to the next onset of their track. */
export function staccato({ notes, pitched }: SymbolicContext): number {
  const waiting = new Map<number, number[]>(); // track → rows of its latest onset
  let detached = 0;
  let judged = 0;
  for (const row of pitched) {
    const track = notes.track[row]!;
    const rows = waiting.get(track);
    if (rows === undefined) {
      waiting.set(track, [row]);
    } else if (notes.start[rows[0]!] === notes.start[row]) {
      rows.push(row);
    } else {
      const gap = notes.start[row]! - notes.start[rows[0]!]!;
      judged += rows.length;
      detached += rows.filter((earlier) => notes.end[earlier]! - notes.start[earlier]! < gap / 2).length;
      waiting.set(track, [row]);
    }
  }
  return share(detached, judged);
}

/** Share of the span, in ticks, in which no note sounds. */
export function silence({ notes }: SymbolicContext): number {
  let silent = 0;
  let reached = notes.firstTick;
  for (let row = 0; row < notes.size; row++) {
    silent += Math.max(0, notes.start[row]! - reached);
    reached = Math.max(reached, notes.end[row]!);
  }
  return share(silent, notes.lastTick - notes.firstTick);
}

/**
 * Groove consistency of Wu & Yang (2020): mean over neighbouring bars of 1 − (16th-note grid places on which just one of
 * them has an onset) / 16. 1 for fewer than two bars.
 */
export function grooveConsistency(context: SymbolicContext): number {
  const steps = 16;
  const bars = new Map<number, Uint8Array>();
  for (const row of context.onsets) {
    const bar = bars.get(context.beats.bar[row]!) ?? new Uint8Array(steps);
    bar[Math.min(steps - 1, Math.floor(context.beats.inBar[row]! * steps + 0.5 * BEAT_TOLERANCE))] = 1;
    bars.set(context.beats.bar[row]!, bar);
  }
  const patterns = [...bars.values()];
  if (patterns.length < 2) return 1;
  let sum = 0;
  for (let i = 1; i < patterns.length; i++) {
    let different = 0;
    for (let s = 0; s < steps; s++) if (patterns[i]![s] !== patterns[i - 1]![s]) different++;
    sum += 1 - different / steps;
  }
  return sum / (patterns.length - 1);
}

/**
 * Where a long off-beat eighth falls: mean place, in beats, of the onsets between 0.4 and 0.75 of a beat in beats
 * with no onset before it but the beat. 0.5 is straight, 0.67 triplet swing; 0.5 without any.
 */
export function swing({ beats, onsets }: SymbolicContext): number {
  let sum = 0;
  let count = 0;
  for (let i = 1; i < onsets.length; i++) {
    const beat = beats.beat[onsets[i]!]!;
    const phase = beat - Math.floor(beat);
    if (phase < 0.4 || phase > 0.75) continue;
    const before = beats.beat[onsets[i - 1]!]!;
    if (
      Math.floor(before + BEAT_TOLERANCE) !== Math.floor(beat) ||
      distanceFromGrid(before, 1) > BEAT_TOLERANCE
    )
      continue;
    sum += phase;
    count++;
  }
  return count === 0 ? 0.5 : sum / count;
}
