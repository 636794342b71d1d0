import { openDataSets, SHIPPABLE_SYMBOLIC_SETS } from '@attune/core/node';
import type { DataSet, Split } from '@attune/core/node';
import { toGrid } from '@attune/core/tokens';
import type { GridPiece } from '@attune/core/tokens';
import { buildOriginalityIndex, withFloor } from '../originality/originality.ts';
import { arrangedPieces } from '../arrangement/node/arranged-corpus.ts';
import { readScores } from './corpus.ts';
import { writeOriginalityIndex } from './originality-folder.ts';
import { requireDataDir } from './data-option.ts';
import type { Terminal } from './terminal.ts';

export interface IndexOriginalityOptions {
  readonly data?: string;
  readonly out: string;
}

/**
 * Indexes the training pieces, arrangements of training tunes among them, and measures the floors on the validation
 * pieces: of collected ones and of arrangements.
 */
export function indexOriginalityCommand(options: IndexOriginalityOptions, terminal: Terminal): void {
  const data = requireDataDir(options.data);
  const sets = shippableSets(data);
  const bare = buildOriginalityIndex(
    both(grids(sets, 'train', terminal), arrangedGrids(data, 'train', terminal)),
  );
  const withCollected = withFloor(bare, grids(sets, 'validation', terminal));
  const index = withFloor(withCollected, arrangedGrids(data, 'validation', terminal), 'arrangedFloor');
  terminal.clear();
  writeOriginalityIndex(options.out, index);
  terminal.print(JSON.stringify(index.config));
}

function* both<T>(first: Iterable<T>, second: Iterable<T>): Generator<T> {
  yield* first;
  yield* second;
}

function* arrangedGrids(data: string, split: Split, terminal: Terminal): Generator<GridPiece> {
  let done = 0;
  for (const { score } of arrangedPieces(data, split)) {
    terminal.progress({ done: done++, total: 2000, stage: 'arranging' });
    yield toGrid(score);
  }
}

/** The sets under a folder that shipped models may learn from. */
export function shippableSets(folder: string): DataSet[] {
  return openDataSets(folder).filter(({ name }) =>
    (SHIPPABLE_SYMBOLIC_SETS as readonly string[]).includes(name),
  );
}

function* grids(sets: readonly DataSet[], split: Split, terminal: Terminal): Generator<GridPiece> {
  for (const { score } of readScores(sets, { splits: [split], onProgress: terminal.progress }))
    yield toGrid(score);
}
