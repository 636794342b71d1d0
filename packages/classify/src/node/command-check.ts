import type { Command } from 'commander';
import { findLeaks, type LeakReport } from '../leaks/find-leaks.ts';
import { readLabelledFolder, type LabelledFolder } from './labelled-folder.ts';
import { kindOption, logLine, showProgress, whileInterruptible, type KindOption } from './data-option.ts';

const MOST_LISTED = 20;
const MOST_NAMED = 3;

/** `attune-classify check FOLDER`: what would make a score on this data look better than it is. */
export function addCheckCommand(program: Command): void {
  program
    .command('check <folder>')
    .description(
      'looks for leaks in a folder of labels: duplicates, near-duplicates, telling columns and names',
    )
    .addOption(kindOption())
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nFOLDER/LABEL/… holds MIDI or audio files; FOLDER/LABEL/GROUP/… or groups.csv (file,group) names what belongs together.\n' +
        '\nExample:\n  attune-classify check my-music',
    )
    .action(async (folder: string, { only, json }: { only?: KindOption; json?: boolean }) => {
      const data = await whileInterruptible((signal) =>
        readLabelledFolder(folder, { ...kindOf(only), onProgress: showProgress, signal }),
      );
      const report = findLeaks(data.files, { featureNames: data.featureNames });
      process.stdout.write(
        json
          ? `${JSON.stringify({ ...report, skipped: data.skipped }, null, 2)}\n`
          : `${formatLeaks(report, data)}\n`,
      );
      for (const { file, reason } of data.skipped) logLine(`left out ${file}: ${reason}`);
    });
}

/** As the reading of a folder takes it. */
export function kindOf(only: KindOption | undefined): { readonly only?: 'score' | 'audio' } {
  return only === undefined ? {} : { only: only === 'midi' ? 'score' : 'audio' };
}

/** The report as plain text. */
export function formatLeaks(
  report: LeakReport,
  { files, labels, skipped }: Pick<LabelledFolder, 'files' | 'labels' | 'skipped'>,
): string {
  const counts = labels.map((label) => `${label} ${files.filter((file) => file.label === label).length}`);
  return [
    `${files.length} files read, ${skipped.length} left out; ${counts.join(', ')}`,
    ...part(
      'duplicates and near-duplicates',
      report.duplicates.map(
        ({ a, b, kind, likeness, labelsDiffer }) =>
          `${a}  ${b}  ${kind} ${likeness.toFixed(2)}${labelsDiffer ? '  DIFFERENT LABELS' : ''}`,
      ),
    ),
    // A folder has dozens of them and they do no harm: one line.
    `features with one value throughout: ${summaryOf(report.constantFeatures)}`,
    ...part('features that give the label away alone', report.tellingFeatures),
    ...part(
      'words of file names that stand for one label',
      report.tellingNames.map(
        ({ word, label, share }) => `${word}: ${(100 * share).toFixed(0)} % of ${label}`,
      ),
    ),
  ].join('\n');
}

/** How many, and the first names. */
function summaryOf(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length - MOST_NAMED;
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return `${names.length} (${shown}${more > 0 ? `, and ${more} more; --json lists all` : ''})`;
}

function part(title: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, MOST_LISTED).map((line) => `  ${line}`);
  return [
    `${title}: ${lines.length === 0 ? 'none' : lines.length}`,
    ...shown,
    ...(lines.length > MOST_LISTED ? [`  … and ${lines.length - MOST_LISTED} more (--json lists all)`] : []),
  ];
}
