import type { Rng } from '@attune/core';
import { BAR, DRUM_INSTRUMENT, FIELD_COUNT, INSTRUMENT, PITCH, POSITION } from '@attune/core/tokens';
import { instrumentRange } from '../instrument-ranges.ts';
import { stepCount, type Piece } from './piece.ts';

/** Programs of a General MIDI family, and all of them. */
const FAMILY_SIZE = 8;
const PROGRAMS = 128;
/** Chance that an instrument is exchanged; the rest of the band stays. */
const EXCHANGE = 0.6;
/** Chance that an exchanged instrument comes from any family, so that bands never heard are copied from what was played. */
const ANY_FAMILY = 0.3;
/** Factor of the tempo, from–to, drawn evenly on a logarithmic scale. */
const SLOWEST = 0.85;
const FASTEST = 1 / SLOWEST;

/**
 * The same notes for other instruments, mostly of the same families, at another tempo: what a training piece could as
 * well have been scored for. Two instruments that differ still differ; drums stay, and so does an instrument whose notes
 * no other one can play. The result is unequal to `piece` in instruments, their order within an onset, and tempo alone.
 */
export function varyOrchestration(piece: Piece, rng: Rng): Piece {
  const exchanged = drawExchange(piece, rng);
  const pace = Math.exp(Math.log(SLOWEST) + rng.uniform() * (Math.log(FASTEST) - Math.log(SLOWEST)));
  return {
    ...piece,
    steps: exchangeInstruments(piece, exchanged),
    instruments: piece.instruments.map((own) => exchanged.get(own) ?? own).sort((a, b) => a - b),
    tempo: piece.tempo * pace,
  };
}

/** New programs by old ones; what is not exchanged is absent. */
function drawExchange({ steps, instruments }: Piece, rng: Rng): Map<number, number> {
  const spans = new Map<number, { low: number; high: number }>();
  for (let at = 0; at < steps.length - FIELD_COUNT; at += FIELD_COUNT) {
    const pitch = steps[at + PITCH]!;
    const span = spans.get(steps[at + INSTRUMENT]!);
    if (!span) spans.set(steps[at + INSTRUMENT]!, { low: pitch, high: pitch });
    else {
      span.low = Math.min(span.low, pitch);
      span.high = Math.max(span.high, pitch);
    }
  }
  const taken = new Set(instruments);
  const exchanged = new Map<number, number>();
  for (const [program, { low, high }] of spans) {
    if (program === DRUM_INSTRUMENT || rng.uniform() >= EXCHANGE) continue;
    const isAny = rng.uniform() < ANY_FAMILY;
    const first = isAny ? 0 : program - (program % FAMILY_SIZE);
    const others = Array.from({ length: isAny ? PROGRAMS : FAMILY_SIZE }, (_, i) => first + i).filter(
      (other) => {
        const [lowest, highest] = instrumentRange(other);
        return !taken.has(other) && low >= lowest && high <= highest;
      },
    );
    if (others.length === 0) continue;
    const other = others[rng.integer(others.length)]!;
    taken.add(other);
    exchanged.set(program, other);
  }
  return exchanged;
}

/** Steps with other instruments, those of one onset again sorted by instrument. */
function exchangeInstruments(piece: Piece, exchanged: ReadonlyMap<number, number>): Int16Array {
  if (exchanged.size === 0) return piece.steps;
  const steps = piece.steps.slice();
  const notes = stepCount(piece) - 1;
  const isSameOnset = (a: number, b: number): boolean =>
    piece.barOf[a] === piece.barOf[b] &&
    piece.steps[a * FIELD_COUNT + POSITION] === piece.steps[b * FIELD_COUNT + POSITION];
  for (let from = 0; from < notes;) {
    let to = from + 1;
    while (to < notes && isSameOnset(from, to)) to++;
    const onset = Array.from({ length: to - from }, (_, i) => {
      const note = steps.slice((from + i) * FIELD_COUNT, (from + i + 1) * FIELD_COUNT);
      note[INSTRUMENT] = exchanged.get(note[INSTRUMENT]!) ?? note[INSTRUMENT]!;
      note[BAR] = 0;
      return note;
    }).sort((a, b) => a[INSTRUMENT]! - b[INSTRUMENT]! || a[PITCH]! - b[PITCH]!);
    onset[0]![BAR] = piece.steps[from * FIELD_COUNT + BAR]!;
    onset.forEach((note, i) => steps.set(note, (from + i) * FIELD_COUNT));
    from = to;
  }
  return steps;
}
