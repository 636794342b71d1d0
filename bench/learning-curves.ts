import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { drawPlot, type Plot } from './learn/plot.ts';

export const summary =
  'draws the learning curves of training runs (metrics.jsonl) into docs/measurements/curves';

const HELP = `npm run bench -- learning-curves [NAME=FILE,FILE … …] [--out FOLDER]

Each NAME is drawn into NAME.svg from one to three metrics.jsonl files: the score of validation by update. Without
names: every shipped checkpoint that carries its metrics.`;

const SHIPPED = ['packages/generate/models', 'packages/classify/models'];

/** One line of metrics.jsonl, of which we draw the score of validation, else what training lowers. */
interface Line {
  readonly step: number;
  readonly validation?:
    number | { readonly score?: number; readonly dense?: { readonly distanceDb?: number } };
  readonly valid?: number;
  readonly score?: number;
  readonly reconstruction?: number;
  readonly loss?: number;
}

function validationOf({ validation, valid, score }: Line): number | undefined {
  if (typeof validation === 'object') return validation.score ?? validation.dense?.distanceDb;
  return validation ?? valid ?? score;
}

export function run(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: 'string', default: 'docs/measurements/curves' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const wanted = positionals.length > 0 ? positionals.map(parseWish) : shippedRuns();
  mkdirSync(values.out, { recursive: true });
  for (const { name, files } of wanted) {
    const plot = plotOf(files);
    if (!plot) {
      console.log(`${name}: fewer than two scores of validation; not drawn.`);
      continue;
    }
    const file = path.join(values.out, `${name}.svg`);
    writeFileSync(file, drawPlot(plot));
    console.log(`${file}: ${plot.series.map((each) => `${each.name} ${each.points.at(-1)![1]}`).join(', ')}`);
  }
}

function parseWish(text: string): { name: string; files: string[] } {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`"${text}" is not of the form NAME=FILE,FILE.`);
  return { name: text.slice(0, at), files: text.slice(at + 1).split(',') };
}

function shippedRuns(): { name: string; files: string[] }[] {
  return SHIPPED.flatMap((folder) =>
    readdirSync(folder).map((name) => ({ name, files: [path.join(folder, name, 'metrics.jsonl')] })),
  ).filter(({ files }) => existsSync(files[0]!));
}

function plotOf(files: readonly string[]): Plot | undefined {
  const series = files.flatMap((file) => {
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Line);
    const judged = lines.some((line) => validationOf(line) !== undefined);
    const scoreOf = judged ? validationOf : (line: Line) => line.reconstruction ?? line.loss;
    const name = files.length > 1 ? path.basename(path.dirname(file)) : judged ? 'validation' : 'training';
    const points = lines.flatMap((line): [number, number][] => {
      const score = scoreOf(line);
      return score === undefined ? [] : [[line.step, score]];
    });
    // a second run in one file, as of songs after phrases, begins again at the first update
    const restart = points.findIndex(([step], i) => i > 0 && step < points[i - 1]![0] / 2);
    if (restart < 0) return [{ name, points }];
    return [
      { name: `${name}, first run`, points: points.slice(0, restart) },
      { name: `${name}, second run`, points: points.slice(restart) },
    ];
  });
  return series.every(({ points }) => points.length > 1) ? { x: 'update', y: 'score', series } : undefined;
}
