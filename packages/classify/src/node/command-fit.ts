import { countNotes, createTempoMap, isAttuneError, type Score, sliceScore } from '@attune/core';
import { decodeAudio } from '@attune/core/audio';
import { extractAudioFeatures, summariseAudioFeatures } from '@attune/core/features';
import { readMidi } from '@attune/core/midi';
import {
  type DataItem,
  openDataSet,
  SHIPPABLE_SYMBOLIC_SETS,
  splitOf,
  type Split,
  styleOfRow,
} from '@attune/core/node';
import {
  type AudioStyleMap,
  explainedVariance,
  fitAudioStyle,
  fitStyleSpace,
  formatAudioStyleMap,
  formatMoodTables,
  formatStyleStatistics,
  type HeardPiece,
  rawStyleOfScore,
  STYLE_SPACE,
  styleVectorOfSummary,
} from '@attune/core/style';
import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { logLine, requireDataDir } from './data-option.ts';
import { requireWritableFile } from './output-path.ts';

/** Seconds of a rendered clip. */
const CLIP_SECONDS = 10;

/** `attune-classify fit-audio-style` and `fit-style-space`: tables of `@attune/core/style`, from our data sets. */
export function addFitCommands(program: Command): void {
  program
    .command('fit-audio-style')
    .description('learns which style dimensions sound tells, from clips rendered from scores')
    .requiredOption('--out <folder>', 'where audio-style-map.ts is written')
    .option('--data <folder>', 'the data sets (default: ATTUNE_DATA_DIR or ../shared/data)')
    .addHelpText('after', '\nExample:\n  attune-classify fit-audio-style --out packages/core/src/style')
    .action(async ({ out, data }: { out: string; data?: string }) => {
      requireWritableFile('--out', path.join(out, 'audio-style-map.ts'));
      const pieces = await renderedPieces(requireDataDir(data));
      const map = fitAudioStyle(
        pieces.filter((p) => p.split === 'train'),
        pieces.filter((p) => p.split === 'validation'),
      );
      writeFileSync(path.join(out, 'audio-style-map.ts'), formatAudioStyleMap(map));
      const test = pieces.filter((p) => p.split === 'test');
      for (const [name, { r2 }] of Object.entries(map.dimensions)) {
        logLine(
          `${name}: R² on validation ${r2.toFixed(3)}, on test ${explainedOn(test, name, map).toFixed(3)}`,
        );
      }
    });
  program
    .command('fit-style-space')
    .description('computes the statistics of the style space and of the mood axes from the training pieces')
    .requiredOption('--out <folder>', 'where style-statistics.ts and mood-tables.ts are written')
    .option('--data <folder>', 'the data sets (default: ATTUNE_DATA_DIR or ../shared/data)')
    .addHelpText('after', '\nExample:\n  attune-classify fit-style-space --out packages/core/src/style')
    .action(({ out, data }: { out: string; data?: string }) => {
      requireWritableFile('--out', path.join(out, 'style-statistics.ts'));
      const fit = fitStyleSpace(trainingPieces(requireDataDir(data)));
      writeFileSync(path.join(out, 'style-statistics.ts'), formatStyleStatistics(fit));
      writeFileSync(path.join(out, 'mood-tables.ts'), formatMoodTables(fit));
      logLine(`${fit.pieces} pieces`);
    });
}

/** The rendered clips beside the part of the score that each was rendered from. */
async function renderedPieces(dataDir: string): Promise<(HeardPiece & { readonly split: Split })[]> {
  const sources = new Map<string, DataItem>();
  for (const set of SHIPPABLE_SYMBOLIC_SETS)
    for (const item of openDataSet(path.join(dataDir, set)).items) sources.set(`${set}/${item.id}`, item);
  const pieces: (HeardPiece & { split: Split })[] = [];
  for (const item of openDataSet(path.join(dataDir, 'rendered-audio')).items) {
    const source = sources.get(`${item.row.source_set}/${item.row.source_id}`);
    if (!source) continue;
    const score = readMidi(source.bytes());
    const tempo = createTempoMap(score);
    const start = Number(item.row.start_seconds);
    const part = sliceScore(score, tempo.tickAt(start), tempo.tickAt(start + CLIP_SECONDS), {
      sustained: 'cut',
    });
    if (countNotes(part) === 0) continue;
    const summary = summariseAudioFeatures(extractAudioFeatures(await decodeAudio(item.bytes())));
    pieces.push({ summary, raw: rawStyleOfScore(part), split: splitOf(item.group) });
  }
  return pieces;
}

/** R² of one dimension on these clips. */
function explainedOn(pieces: readonly HeardPiece[], name: string, map: AudioStyleMap): number {
  const index = STYLE_SPACE.dimensions.findIndex((dimension) => dimension.name === name);
  const { mean, deviation } = STYLE_SPACE.dimensions[index]!;
  const guess = pieces.map(
    ({ summary }) => styleVectorOfSummary(summary, map).values[index]! * deviation + mean,
  );
  return explainedVariance(
    pieces.map(({ raw }) => raw[index]!),
    guess,
  );
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
