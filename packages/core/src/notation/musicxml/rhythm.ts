import type { Bar } from './bars.ts';
import { meterLevels } from './meter-levels.ts';
import type { MeterLevels } from './meter-levels.ts';
import { longestNoteValue, noteValueOf } from './note-value.ts';
import type { NoteValue } from './note-value.ts';
import { findTuplets } from './tuplets.ts';
import type { Tuplet } from './tuplets.ts';

/** A stretch of a voice in which one thing sounds or rests; ticks from the bar line. */
export interface Cell<Content> {
  readonly start: number;
  readonly end: number;
  /** Undefined is a rest. */
  readonly content: Content | undefined;
}

/** A cell, or a part of one that is tied to the next, as one note value. */
export interface WrittenCell<Content> extends Cell<Content> {
  readonly value: NoteValue;
  readonly tuplet: Tuplet | undefined;
  /** The value goes on the one before, or goes on in the next, of the same cell. */
  readonly continues: boolean;
  readonly isContinued: boolean;
  /** The first or last value of its tuplet. */
  readonly isTupletStart: boolean;
  readonly isTupletStop: boolean;
}

/**
 * Writes a voice of one bar, whose cells follow one another without gaps, in note values: cut at the edges of
 * tuplets, and where a single value would hide a stronger division of the meter than those it starts and ends on.
 */
export function writeRhythm<Content>(
  cells: readonly Cell<Content>[],
  bar: Pick<Bar, 'meter' | 'fullLength' | 'offset'>,
  divisions: number,
): WrittenCell<Content>[] {
  const levels = meterLevels(bar);
  const shift = (cell: Cell<Content>, by: number): Cell<Content> => ({
    ...cell,
    start: cell.start + by,
    end: cell.end + by,
  });
  const placed = cells.map((cell) => shift(cell, bar.offset)); // positions in a full bar
  const tuplets = findTuplets(placed, levels, divisions);
  return placed.flatMap((cell) => {
    const pieces = cutAtTuplets(cell, tuplets).flatMap(({ start, end, tuplet }) => {
      const values = tuplet
        ? valuesInTuplet(start, end, tuplet, divisions)
        : plainValues(start, end, levels, divisions, cell.content === undefined);
      return values.map((piece) => ({ ...piece, tuplet }));
    });
    return pieces.map((piece, i) => ({
      start: piece.start - bar.offset,
      end: piece.end - bar.offset,
      content: cell.content,
      value: piece.value,
      tuplet: piece.tuplet,
      continues: i > 0,
      isContinued: i < pieces.length - 1,
      isTupletStart: piece.start === piece.tuplet?.start,
      isTupletStop: piece.end === piece.tuplet?.end,
    }));
  });
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly value: NoteValue;
}

function cutAtTuplets<Content>(
  { start, end }: Cell<Content>,
  tuplets: readonly Tuplet[],
): { start: number; end: number; tuplet: Tuplet | undefined }[] {
  const pieces: { start: number; end: number; tuplet: Tuplet | undefined }[] = [];
  let from = start;
  for (const tuplet of tuplets) {
    if (tuplet.end <= from || tuplet.start >= end) continue;
    if (tuplet.start > from) pieces.push({ start: from, end: tuplet.start, tuplet: undefined });
    const to = Math.min(end, tuplet.end);
    pieces.push({ start: Math.max(from, tuplet.start), end: to, tuplet });
    from = to;
  }
  if (from < end) pieces.push({ start: from, end, tuplet: undefined });
  return pieces;
}

function valuesInTuplet(start: number, end: number, tuplet: Tuplet, divisions: number): Piece[] {
  const ticksPerWrittenQuarter = (divisions * tuplet.normal) / tuplet.actual;
  const pieces: Piece[] = [];
  for (let from = start; from < end;) {
    const value = longestNoteValue((end - from) / ticksPerWrittenQuarter);
    const to = from + Math.round(value.quarters * ticksPerWrittenQuarter);
    pieces.push({ start: from, end: to, value });
    from = to;
  }
  return pieces;
}

function plainValues(
  start: number,
  end: number,
  levels: MeterLevels,
  divisions: number,
  isRest: boolean,
): Piece[] {
  const value = noteValueOf((end - start) / divisions, isRest ? 1 : 2);
  const inner = strongestInside(start, end, levels);
  if (value && (inner === undefined || reads(value, start, end, inner.depth, levels, isRest)))
    return [{ start, end, value }];
  const cut = inner?.position ?? start + longestNoteValue((end - start) / divisions).quarters * divisions;
  return [
    ...plainValues(start, cut, levels, divisions, isRest),
    ...plainValues(cut, end, levels, divisions, isRest),
  ];
}

/** Whether one value may stand across a division of depth `inner`: syncopation by one level, none for rests. */
function reads(
  value: NoteValue,
  start: number,
  end: number,
  inner: number,
  levels: MeterLevels,
  isRest: boolean,
): boolean {
  const depths = [levels.depth(start), levels.depth(end)] as const;
  const strongest = Math.min(...depths);
  const hidesBeat = levels.isCompound && inner === levels.beat && strongest > inner;
  if (hidesBeat || (value.dots === 2 && depths[0] > levels.beat)) return false;
  if (isRest) {
    const beatLength = levels.lengths[levels.beat]!;
    const isLongDotted = value.dots > 0 && end - start >= beatLength && !levels.isCompound;
    return inner >= strongest && !isLongDotted;
  }
  return inner >= (value.dots > 0 ? strongest : strongest - 1);
}

/** The strongest division between two positions; of several the one nearer to the weaker end. */
function strongestInside(
  start: number,
  end: number,
  levels: MeterLevels,
): { readonly position: number; readonly depth: number } | undefined {
  for (let depth = 0; depth < levels.lengths.length; depth++) {
    const length = levels.lengths[depth]!;
    const first = (Math.floor(start / length) + 1) * length;
    if (first >= end) continue;
    const last = (Math.ceil(end / length) - 1) * length;
    return { depth, position: levels.depth(start) <= levels.depth(end) ? last : first };
  }
  return undefined;
}
