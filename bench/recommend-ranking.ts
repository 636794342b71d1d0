import { parseArgs } from 'node:util';
import { measureAccuracy, measureGrids } from './recommend-ranking/accuracy.ts';

export const summary =
  'recommendation models: accuracy, short histories, cold start, speed, privacy (TARGETS R1–R4)';

const HELP = `npm run bench -- recommend-ranking [accuracy|grid|short|content|speed|privacy] [--test PATH] [--only NAME]

  accuracy  all models on the published split of lastfm-hetrec (the default); --test PATH measures test.txt(.gz), of
            the form of the set's other files, once
  grid      each point of the grids from which hyper-parameters were chosen, on validation; --only FAMILY for one`;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { test: { type: 'string' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return console.log(HELP);
  const part = positionals[0] ?? 'accuracy';
  if (part === 'accuracy') return measureAccuracy(values.test, values.only);
  if (part === 'grid') return measureGrids(values.only);
  console.log(HELP);
  process.exitCode = 2;
}
