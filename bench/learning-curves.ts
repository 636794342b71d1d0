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

/** One line of metrics.jsonl, of which we draw the score of validation. */
interface Line {
  readonly step: number;
  readonly validation?: number;
  readonly valid?: number;
  readonly score?: number;
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
  const series = files.map((file) => ({
    name: files.length === 1 ? 'validation' : path.basename(path.dirname(file)),
    points: readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Line)
      .flatMap((line): [number, number][] => {
        const score = line.validation ?? line.valid ?? line.score;
        return typeof score === 'number' ? [[line.step, score]] : [];
      }),
  }));
  return series.every(({ points }) => points.length > 1) ? { x: 'update', y: 'score', series } : undefined;
}
