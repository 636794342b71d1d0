import type { MeterLevels } from './meter-levels.ts';

/** `actual` notes in the time of `normal` (MusicXML time-modification), from `start` to `end` in a full bar. */
export interface Tuplet {
  readonly start: number;
  readonly end: number;
  readonly actual: number;
  readonly normal: number;
}

const PLAIN_TUPLETS = [3, 5, 7] as const;

/**
 * Where a voice leaves the binary divisions of its meter: the largest blocks of the meter, at most a whole note,
 * that one tuplet explains, else their halves. Three in a block that needs its sixths is written 6:4.
 */
export function findTuplets(
  cells: readonly { readonly start: number; readonly end: number }[],
  levels: MeterLevels,
  divisions: number,
): Tuplet[] {
  const binaryUnit = oddPart(divisions);
  const barStart = cells[0]?.start ?? 0;
  const barEnd = cells.at(-1)?.end ?? 0;
  const cuts = cells.map((cell) => cell.start).filter((start) => start % binaryUnit !== 0);
  const found: Tuplet[] = [];

  const search = (start: number, end: number, level: number): void => {
    const length = end - start;
    const inside = cells.map((cell) => cell.start - start).filter((cut) => cut > 0 && cut < length);
    if (!inside.some((cut) => (start + cut) % binaryUnit !== 0)) return;
    const isBlock = length === levels.lengths[level] && isPowerOfTwo(length / divisions);
    const ratio = isBlock ? ratioOf(inside, length, divisions) : undefined;
    if (ratio) found.push({ start, end, ...ratio });
    else if (level + 1 < levels.lengths.length) searchBlocks(start, end, level + 1);
    else found.push({ start, end, actual: binaryUnit, normal: powerOfTwoBelow(binaryUnit) });
  };
  const searchBlocks = (start: number, end: number, level: number): void => {
    const length = levels.lengths[level]!;
    for (let from = start; from < end;) {
      const to = Math.min(end, (Math.floor(from / length) + 1) * length);
      search(from, to, level);
      from = to;
    }
  };
  if (cuts.length > 0) searchBlocks(barStart, barEnd, 0);
  return found;
}

function ratioOf(
  cuts: readonly number[],
  length: number,
  divisions: number,
): { actual: number; normal: number } | undefined {
  if (length > 4 * divisions) return undefined;
  for (const actual of PLAIN_TUPLETS) {
    if (cuts.every((cut) => (cut * actual) % length === 0))
      return { actual, normal: powerOfTwoBelow(actual) };
  }
  const half = length / 2;
  const halvesBothMoved = [cuts.some((cut) => cut < half), cuts.some((cut) => cut > half)].every(Boolean);
  const isSextuplet = cuts.every((cut) => (cut * 6) % length === 0);
  return length <= divisions && isSextuplet && halvesBothMoved ? { actual: 6, normal: 4 } : undefined;
}

function powerOfTwoBelow(value: number): number {
  return 2 ** Math.floor(Math.log2(value));
}

function oddPart(value: number): number {
  let odd = value;
  while (odd % 2 === 0) odd /= 2;
  return odd;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
