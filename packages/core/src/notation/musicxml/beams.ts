import type { Bar } from './bars.ts';
import { meterLevels } from './meter-levels.ts';
import { flagsOf } from './note-value.ts';
import type { WrittenCell } from './rhythm.ts';

export type BeamKind = 'begin' | 'continue' | 'end' | 'forward hook' | 'backward hook';
/** Kinds of beams 1, 2 … of one cell; empty where it has none. */
export type Beams = readonly BeamKind[];

/**
 * Beams for the cells of a voice: neighbours with flags inside one group (a quarter, or the beat where that is
 * longer and compound, or a half bar of 4/4 that has eighths only), not across rests.
 */
export function beamsOf(
  cells: readonly WrittenCell<unknown>[],
  bar: Pick<Bar, 'meter' | 'fullLength' | 'offset'>,
  divisions: number,
): Beams[] {
  const groupOf = beamGroups(cells, bar, divisions);
  const flags = cells.map((cell) => (cell.content === undefined ? 0 : flagsOf(cell.value.type)));
  const beams: BeamKind[][] = cells.map(() => []);
  for (let first = 0; first < cells.length;) {
    let last = first;
    const group = groupOf(cells[first]!.start);
    while (
      last + 1 < cells.length &&
      flags[last]! > 0 &&
      flags[last + 1]! > 0 &&
      groupOf(cells[last + 1]!.start) === group
    )
      last++;
    if (last > first) beamRun(flags, beams, first, last);
    first = last + 1;
  }
  return beams;
}

function beamGroups(
  cells: readonly WrittenCell<unknown>[],
  bar: Pick<Bar, 'meter' | 'fullLength' | 'offset'>,
  divisions: number,
): (start: number) => number {
  const levels = meterLevels(bar);
  const size = levels.isCompound
    ? levels.lengths[levels.beat]!
    : Math.max(divisions, levels.lengths[levels.beat]!);
  const isCommon = bar.meter.numerator === 4 && bar.meter.denominator === 4;
  const half = 2 * divisions;
  const hasEighthsOnly = (index: number): boolean =>
    cells
      .filter((cell) => Math.floor((cell.start + bar.offset) / half) === index)
      .every((cell) => cell.content !== undefined && cell.value.quarters === 0.5 && !cell.tuplet);
  const joined = isCommon ? [hasEighthsOnly(0), hasEighthsOnly(1)] : [];
  return (start) => {
    const position = start + bar.offset;
    const halfIndex = Math.floor(position / half);
    return joined[halfIndex] ? halfIndex * half : Math.floor(position / size) * size;
  };
}

function beamRun(flags: readonly number[], beams: BeamKind[][], first: number, last: number): void {
  for (let i = first; i <= last; i++) {
    for (let level = 1; level <= flags[i]!; level++) {
      const fromLeft = i > first && flags[i - 1]! >= level;
      const toRight = i < last && flags[i + 1]! >= level;
      const hook =
        i === first || (i < last && flags[i - 1]! < flags[i + 1]!) ? 'forward hook' : 'backward hook';
      beams[i]!.push(fromLeft ? (toRight ? 'continue' : 'end') : toRight ? 'begin' : hook);
    }
  }
}
