import { openDataSets, SHIPPABLE_SYMBOLIC_SETS } from '@attune/core/node';
import type { DataSet, Split } from '@attune/core/node';
import { toGrid } from '@attune/core/tokens';
import type { GridPiece } from '@attune/core/tokens';
import { buildOriginalityIndex, withFloor } from '../originality/originality.ts';
import { readScores } from './corpus.ts';
import { writeOriginalityIndex } from './originality-folder.ts';
import { requireDataDir } from './data-option.ts';
import type { Terminal } from './terminal.ts';

export interface IndexOriginalityOptions {
  readonly data?: string;
  readonly out: string;
}

/** Indexes the training pieces and measures the floor on the validation pieces. */
export function indexOriginalityCommand(options: IndexOriginalityOptions, terminal: Terminal): void {
  const sets = shippableSets(requireDataDir(options.data));
  const bare = buildOriginalityIndex(grids(sets, 'train', terminal));
  const index = withFloor(bare, grids(sets, 'validation', terminal));
  terminal.clear();
  writeOriginalityIndex(options.out, index);
  terminal.print(JSON.stringify(index.config));
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
