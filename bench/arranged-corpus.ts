import { STYLES } from '@attune/core/style';
import { ARRANGED_STYLES } from '@attune/generate';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const summary = 'the worth of arrangements and variants: a table from the runs of an ablation';

/** What a run leaves: how it was trained, and nats a note of validation pieces by style. */
interface Run {
  readonly name: string;
  readonly notes: number;
  readonly steps: number;
  readonly byStyle: Readonly<Record<string, number>>;
}

/** `RUN_FOLDER …`: folders of `attune-generate train`, each named after what it differs in. */
export function run(args: readonly string[]): void {
  const runs = args.flatMap((folder) => readRun(folder) ?? []);
  if (runs.length === 0) {
    console.log('npm run bench -- arranged-corpus RUN_FOLDER …: no finished run in these folders.');
    return;
  }
  const isArranged = (style: string): boolean => (ARRANGED_STYLES as readonly string[]).includes(style);
  const mean = (one: Run, wants: (style: string) => boolean): string => {
    const own = STYLES.filter((style) => wants(style) && one.byStyle[style] !== undefined);
    if (own.length === 0) return '–';
    return (own.reduce((sum, style) => sum + one.byStyle[style]!, 0) / own.length).toFixed(3);
  };
  const line = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);
  line([
    'trained on',
    'notes',
    'updates',
    'collected styles',
    'drums',
    'standards and folk',
    'arranged styles',
  ]);
  line(['---', '---:', '---:', '---:', '---:', '---:', '---:']);
  for (const one of runs) {
    line([
      one.name,
      one.notes.toLocaleString('en'),
      String(one.steps),
      mean(one, (style) => !isArranged(style)),
      mean(one, (style) => style.startsWith('drums-')),
      mean(one, (style) => style === 'standards' || style === 'folk'),
      mean(one, isArranged),
    ]);
  }
}

function readRun(folder: string): Run | undefined {
  const file = path.join(folder, 'checkpoint', 'config.json');
  if (!existsSync(file)) {
    console.log(`${folder}: not finished.`);
    return undefined;
  }
  const { config } = JSON.parse(readFileSync(file, 'utf8')) as {
    config: { training: { notes: number; steps: number; validationByStyle: Record<string, number> } };
  };
  const { notes, steps, validationByStyle } = config.training;
  return { name: path.basename(folder).replaceAll('-', ' '), notes, steps, byStyle: validationByStyle };
}
