import type { JsonObject } from '@attune/core/nn';
import { writeCheckpointFolder } from '@attune/core/node';
import { Option, type Command } from 'commander';
import { formatEvaluation } from '../evaluation.ts';
import { writeStyleModel } from '../model/model-checkpoint.ts';
import { logLine, requireDataDir } from './data-option.ts';
import { audioModelCard, metricsOf, refusal, symbolicModelCard } from './model-card.ts';
import { trainAudio } from './train-audio.ts';
import { trainMutopia, trainSymbolic } from './train-symbolic.ts';

interface TrainOptions {
  readonly kind: 'symbolic' | 'audio' | 'mutopia';
  readonly out: string;
  readonly data?: string;
  readonly seed: number;
}

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('trains a classifier and writes its checkpoint with model card')
    .addOption(new Option('--kind <kind>', 'what to train: mutopia is the benchmark on the 8 largest styles of Mutopia').choices(['symbolic', 'audio', 'mutopia']).makeOptionMandatory())
    .requiredOption('--out <folder>', 'the checkpoint folder; replaced where it exists')
    .option('--data <folder>', 'the data sets (default: ATTUNE_DATA_DIR or ../shared/data)')
    .option('--seed <n>', 'seed of excerpts, variations and sampling', Number, 1)
    .addHelpText('after', '\nExample:\n  attune-classify train --kind symbolic --out packages/classify/models/style-symbolic-1')
    .action(async (options: TrainOptions) => {
      const dataDir = requireDataDir(options.data);
      if (options.kind === 'audio') await writeAudio(dataDir, options);
      else writeSymbolic(dataDir, options);
    });
}

function writeSymbolic(dataDir: string, { kind, out, seed }: TrainOptions): void {
  const run = (kind === 'mutopia' ? trainMutopia : trainSymbolic)(dataDir, seed, logLine);
  writeCheckpointFolder(
    out,
    writeStyleModel(run.model, {
      modelCard: symbolicModelCard(run),
      metrics: metricsOf({ 'test pieces': run.pieces, 'test excerpts of 16 bars': run.excerpts }),
      training: trainingOf(run),
    }),
  );
  process.stdout.write(`Whole pieces of the test tenth\n${formatEvaluation(run.pieces)}\n\n16-bar excerpts\n${formatEvaluation(run.excerpts)}\n\n${refusal(run.rejection)}\n`);
}

async function writeAudio(dataDir: string, { out, seed }: TrainOptions): Promise<void> {
  const run = await trainAudio(dataDir, seed, logLine);
  writeCheckpointFolder(
    out,
    writeStyleModel(run.model, {
      modelCard: audioModelCard(run),
      metrics: metricsOf({ 'cross-validation': run.crossValidated, 'test clips': run.clips, ...run.changed }),
      training: trainingOf(run),
    }),
  );
  process.stdout.write(`Cross-validation\n${formatEvaluation(run.crossValidated)}\n\nTest clips\n${formatEvaluation(run.clips)}\n\n${refusal(run.rejection)}\n`);
  for (const [name, e] of Object.entries(run.changed)) {
    process.stdout.write(`${name}: accuracy ${e.accuracy.toFixed(3)}, answered ${e.coverage.toFixed(3)}\n`);
  }
}

function trainingOf({ rows, settings }: { readonly rows: Readonly<Record<string, number>>; readonly settings: JsonObject }): JsonObject {
  return { rows, ...settings };
}
