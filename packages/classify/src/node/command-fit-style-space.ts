import { isAttuneError, type Score } from '@attune/core';
import { readMidi } from '@attune/core/midi';
import { openDataSet, SHIPPABLE_SYMBOLIC_SETS, splitOf, styleOfRow } from '@attune/core/node';
import { fitStyleSpace, formatMoodTables, formatStyleStatistics } from '@attune/core/style';
import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { logLine, requireDataDir } from './data-option.ts';

export function addFitCommand(program: Command): void {
  program
    .command('fit-style-space')
    .description('computes the statistics of the style space and of the mood axes from the training pieces')
    .requiredOption('--out <folder>', 'where style-statistics.ts and mood-tables.ts are written')
    .option('--data <folder>', 'the data sets (default: ATTUNE_DATA_DIR or ../shared/data)')
    .addHelpText('after', '\nExample:\n  attune-classify fit-style-space --out packages/core/src/style')
    .action(({ out, data }: { out: string; data?: string }) => {
      const fit = fitStyleSpace(trainingPieces(requireDataDir(data)));
      writeFileSync(path.join(out, 'style-statistics.ts'), formatStyleStatistics(fit));
      writeFileSync(path.join(out, 'mood-tables.ts'), formatMoodTables(fit));
      logLine(`${fit.pieces} pieces`);
    });
}

/** The pieces of the train part that have a style. */
function* trainingPieces(dataDir: string): Generator<{ score: Score; stratum: string }> {
  for (const set of SHIPPABLE_SYMBOLIC_SETS) {
    for (const item of openDataSet(path.join(dataDir, set)).items) {
      const stratum = styleOfRow(set, item.row);
      if (stratum === undefined || splitOf(item.group) !== 'train') continue;
      try {
        yield { score: readMidi(item.bytes()), stratum };
      } catch (error) {
        if (!isAttuneError(error)) throw error;
        logLine(`left out ${set}/${item.id}: ${error.message}`);
      }
    }
  }
}
