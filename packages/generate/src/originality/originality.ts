import { AttuneError } from '@attune/core';
import type { Score } from '@attune/core';
import { toGrid } from '@attune/core/tokens';
import type { GridPiece } from '@attune/core/tokens';
import * as z from 'zod'; // the namespace, so that bundlers leave out what is not used
import { ARRANGED_STYLES } from '../arrangement/style-rules.ts';
import { createBloomFilter, openBloomFilter } from './bloom-filter.ts';
import type { BloomFilter } from './bloom-filter.ts';
import { MIN_DIFFERENT_MOVES, RUN_MOVES, linesOfGrid, visitRuns } from './lines.ts';
import type { Moves } from './lines.ts';

const KIND = 'originality-index';
const FORMAT = 1;

/** 99th percentiles over excerpts of real held-out pieces, none of which is in the index. */
const floorSchema = z.object({
  longestRun: z.number(),
  sharedShare: z.number(),
  excerpts: z.number().int(),
  /** Excerpts left out as other editions of indexed pieces. */
  duplicates: z.number().int(),
  /** Medians of the same, for comparison. */
  medianRun: z.number(),
  medianShare: z.number(),
});

const configSchema = z.object({
  kind: z.literal(KIND),
  format: z.literal(FORMAT),
  runMoves: z.literal(RUN_MOVES),
  minDifferentMoves: z.literal(MIN_DIFFERENT_MOVES),
  /** One in this many runs, chosen by hash, is held and judged. */
  sampling: z.number().int().min(1),
  hashes: z.number().int().min(1),
  bytes: z.number().int().min(1),
  /** Pieces and different runs in the index. */
  pieces: z.number().int().min(0),
  runs: z.number().int().min(0),
  floor: floorSchema.optional(),
  /**
   * The same of arrangements of held-out tunes, by which pieces of arranged styles are judged: their accompaniments
   * follow textbook patterns, so that two of them share more than two composers' pieces do. Absent: as `floor`.
   */
  arrangedFloor: floorSchema.optional(),
});
/** What stands beside the bits of an index; plain JSON. */
export type OriginalityConfig = z.infer<typeof configSchema>;

/** All runs of the training pieces, as a compact set. */
export interface OriginalityIndex {
  readonly config: OriginalityConfig;
  readonly filter: BloomFilter;
}

/** How much of a piece stands in the training pieces, transposition ignored. */
export interface Originality {
  /** 1 − `sharedShare`. */
  readonly score: number;
  /**
   * Notes of the longest stretch of a line all of whose judged runs occur in training pieces: an upper bound of
   * the longest quotation from one piece.
   */
  readonly longestRun: number;
  /** Part of the judged runs that occur in training pieces; 0 where none was judged (drums alone). */
  readonly sharedShare: number;
  readonly judgedRuns: number;
  /** Whether the piece shares more than all but 1 % of real held-out pieces do; undefined without a floor. */
  readonly exceedsFloor: boolean | undefined;
}

/** Size of an index against its sharpness. */
export interface OriginalityIndexOptions {
  /** Default 2: half of the runs. */
  readonly sampling?: number;
  /** Bits a run; default 9: about 1.3 % of new runs are taken for known ones. */
  readonly bitsPerRun?: number;
}

/** Indexes pieces on the grid (from `compoundToGrid` or `toGrid`). */
export function buildOriginalityIndex(
  pieces: Iterable<Pick<GridPiece, 'notes' | 'meter'>>,
  options: OriginalityIndexOptions = {},
): OriginalityIndex {
  const sampling = options.sampling ?? 2;
  const bitsPerRun = options.bitsPerRun ?? 9;
  const seen = new Set<number>();
  let count = 0;
  for (const piece of pieces) {
    count++;
    for (const line of linesOfGrid(piece)) {
      visitRuns(line, (_, high, low, common) => {
        if (!common && isJudged(low, sampling)) seen.add(high * 2 ** 20 + (low >>> 12));
      });
    }
  }
  const hashes = Math.max(1, Math.round(bitsPerRun * Math.LN2));
  const filter = createBloomFilter(Math.max(8, seen.size * bitsPerRun), hashes);
  for (const key of seen) filter.add(Math.floor(key / 2 ** 20), key % 2 ** 20);
  return {
    config: {
      kind: KIND,
      format: FORMAT,
      runMoves: RUN_MOVES,
      minDifferentMoves: MIN_DIFFERENT_MOVES,
      sampling,
      hashes,
      bytes: filter.bytes.length,
      pieces: count,
      runs: seen.size,
    },
    filter,
  };
}

/** Which floor a piece is judged by. */
export interface OriginalityOptions {
  /** Pieces of an arranged style are judged by the floor of arrangements, all others by that of collected pieces. */
  readonly style?: string | undefined;
}

/** How much of a score's top and bass lines occurs in the indexed pieces, in any key. */
export function originality(
  score: Score,
  index: OriginalityIndex,
  options: OriginalityOptions = {},
): Originality {
  return originalityOfGrid(toGrid(score), index, options);
}

/** `originality` of a piece that is on the grid already. */
export function originalityOfGrid(
  piece: Pick<GridPiece, 'notes' | 'meter'>,
  index: OriginalityIndex,
  { style }: OriginalityOptions = {},
): Originality {
  let longestRun = 0;
  let judged = 0;
  let shared = 0;
  for (const line of linesOfGrid(piece)) {
    const found = judgeLine(line, index);
    longestRun = Math.max(longestRun, found.longestRun);
    judged += found.judged;
    shared += found.shared;
  }
  const sharedShare = judged === 0 ? 0 : shared / judged;
  const isArranged = (ARRANGED_STYLES as readonly (string | undefined)[]).includes(style);
  const floor = (isArranged ? index.config.arrangedFloor : undefined) ?? index.config.floor;
  return {
    score: 1 - sharedShare,
    longestRun,
    sharedShare,
    judgedRuns: judged,
    exceedsFloor: floor && (longestRun > floor.longestRun || sharedShare > floor.sharedShare),
  };
}

/**
 * Bars of the real excerpts that set the floor: about the length of a composed piece, since a longer piece has
 * more chances to share a long run.
 */
export const FLOOR_BARS = 32;
const EXCERPTS_A_PIECE = 4;
/** A held-out excerpt that shares more than this is another edition of an indexed piece, and no measure of chance. */
const DUPLICATE_SHARE = 0.5;

/**
 * The index with the floor measured on real pieces that are not in it, `kind` 'arrangedFloor' on arrangements. Throws
 * `argument/invalid` without pieces.
 */
export function withFloor(
  index: OriginalityIndex,
  heldOut: Iterable<Pick<GridPiece, 'notes' | 'meter' | 'bars'>>,
  kind: 'floor' | 'arrangedFloor' = 'floor',
): OriginalityIndex {
  const runs: number[] = [];
  const shares: number[] = [];
  let duplicates = 0;
  for (const piece of heldOut) {
    for (const notes of excerptsOf(piece)) {
      const found = originalityOfGrid({ notes, meter: piece.meter }, index);
      if (found.judgedRuns === 0) continue;
      if (found.sharedShare > DUPLICATE_SHARE) {
        duplicates++;
        continue;
      }
      runs.push(found.longestRun);
      shares.push(found.sharedShare);
    }
  }
  if (runs.length === 0)
    throw new AttuneError('argument/invalid', 'The floor needs real pieces with pitched notes.');
  const floor = {
    longestRun: percentile(runs, 0.99),
    sharedShare: percentile(shares, 0.99),
    excerpts: runs.length,
    duplicates,
    medianRun: percentile(runs, 0.5),
    medianShare: percentile(shares, 0.5),
  };
  return { ...index, config: { ...index.config, [kind]: floor } };
}

/** Up to four stretches of `FLOOR_BARS` bars, spread evenly over the piece. */
function excerptsOf({ notes, bars }: Pick<GridPiece, 'notes' | 'bars'>): GridPiece['notes'][] {
  const count = Math.min(EXCERPTS_A_PIECE, Math.max(1, Math.floor(bars / FLOOR_BARS)));
  return Array.from({ length: count }, (_, i) => {
    const first = Math.floor((i * bars) / count);
    return notes.filter(({ bar }) => bar >= first && bar < first + FLOOR_BARS);
  });
}

/** Opens a stored index. Throws `checkpoint/malformed` or `checkpoint/mismatch` naming what is wrong. */
export function openOriginalityIndex(config: unknown, bytes: Uint8Array): OriginalityIndex {
  const { kind, format } = (config ?? {}) as { kind?: unknown; format?: unknown };
  if (kind !== KIND || format !== FORMAT) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `This is ${String(kind)}, format ${String(format)}; ${KIND}, format ${FORMAT} is needed.`,
    );
  }
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new AttuneError('checkpoint/malformed', `config.json: ${issue.path.join('.')}: ${issue.message}`);
  }
  if (parsed.data.bytes !== bytes.length) {
    throw new AttuneError(
      'checkpoint/malformed',
      `The index has ${bytes.length} bytes, but config.json says ${parsed.data.bytes}.`,
      { bytes: bytes.length, expected: parsed.data.bytes },
    );
  }
  return { config: parsed.data, filter: openBloomFilter(bytes, parsed.data.hashes) };
}

function isJudged(low: number, sampling: number): boolean {
  return (low >>> 12) % sampling === 0;
}

function judgeLine(
  line: Moves,
  { config, filter }: OriginalityIndex,
): { longestRun: number; judged: number; shared: number } {
  let [judged, shared, longestRun, stretchStart] = [0, 0, 0, -1];
  visitRuns(line, (start, high, low, common) => {
    // A common run ends no stretch and makes none: a scale between two borrowed phrases is part of the loan.
    if (common || !isJudged(low, config.sampling)) return;
    judged++;
    if (!filter.has(high, low >>> 12)) {
      stretchStart = -1;
      return;
    }
    shared++;
    if (stretchStart < 0) stretchStart = start;
    longestRun = Math.max(longestRun, start - stretchStart + RUN_MOVES + 1);
  });
  return { longestRun, judged, shared };
}

/** Nearest rank. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
