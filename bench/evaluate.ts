/**
 * npm run evaluate -- WHAT [options]: the quality of the shipped models, each beside its baseline.
 * Held-out pieces are our own test tenth, or with --test PATH a set folder or a folder of set folders of the same form.
 */
import type { Split } from '@attune/core/node';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluateGenerate, PARTS, type Part } from './evaluate-generate/run.ts';

const HELP = `npm run evaluate -- WHAT [--test PATH]

  generate   the composer: nats a note by style beside the interpolated n-gram, likeness of composed pieces to real ones,
             wishes kept as judges hear that do not steer, copied spans, form, speed, tasks.
             Writes one page with plots, docs/measurements/composing.md.
    --model FOLDER      checkpoint (default: the shipped one)
    --test PATH         a set folder, or a folder of set folders, instead of our own held-out pieces
    --pieces N          composed pieces a style (16)       --bars N    bars of each (16)
    --notes N           held-out notes a style for nats (6000)
    --limit N           at most N held-out pieces a set (all)
    --parts a,b         some of ${PARTS.join(', ')}; the others keep their last figures
    --before FOLDER     the model before, for tasks and speed
    --originality FOLDER, --classifier FOLDER   other judges than the shipped ones
    --split validation  what choices are made on
    --guidance X        another guidance than the model's own
    --out FOLDER        where the page goes (docs/measurements)
    --quick             a few pieces and notes, the page in a temporary folder
  classify   both style classifiers: accuracy, macro-F1, calibration, abstention, beside the majority

Taste (a simulated listener's lift) is npm run bench -- personalisation.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    test: { type: 'string' },
    pieces: { type: 'string' },
    bars: { type: 'string', default: '16' },
    notes: { type: 'string' },
    seed: { type: 'string', default: '1' },
    parts: { type: 'string' },
    before: { type: 'string' },
    originality: { type: 'string' },
    classifier: { type: 'string' },
    split: { type: 'string', default: 'test' },
    guidance: { type: 'string' },
    limit: { type: 'string' },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
const [what] = positionals;
/** Without counting the n-gram, which takes minutes. */
const QUICK = PARTS.filter((part) => part !== 'ngram').join(',');

if (values.help || what === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
} else if (what === 'classify') {
  const test = values.test === undefined ? [] : ['--test', values.test];
  const { status } = spawnSync('npx', ['--no-install', 'attune-classify', 'evaluate', ...test], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
} else if (what === 'generate') {
  const { model, test, before, originality, classifier } = values;
  await evaluateGenerate({
    ...(model !== undefined && { model }),
    ...(test !== undefined && { test }),
    ...(before !== undefined && { before }),
    ...(originality !== undefined && { originality }),
    ...(classifier !== undefined && { classifier }),
    ...(values.guidance !== undefined && { guidance: whole('guidance', values.guidance, Number) }),
    ...(values.limit !== undefined && { limit: whole('limit', values.limit) }),
    split: splitOf(values.split),
    pieces: whole('pieces', values.pieces ?? (values.quick ? '2' : '16')),
    notes: whole('notes', values.notes ?? (values.quick ? '300' : '6000')),
    bars: whole('bars', values.bars),
    seed: whole('seed', values.seed),
    parts: (values.parts ?? (values.quick ? QUICK : PARTS.join(','))).split(',').map(partOf),
    out:
      values.out ??
      (values.quick ? path.join(tmpdir(), 'attune-evaluate') : path.resolve('docs/measurements')),
  });
} else fail(`There is nothing called ${what} to evaluate.`);

function fail(message: string): never {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}

function whole(name: string, text: string, read: (text: string) => number = parseWhole): number {
  const value = read(text);
  if (Number.isFinite(value) && value >= 0) return value;
  return fail(`--${name} takes a number, not "${text}".`);
}

function parseWhole(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

function splitOf(text: string): Split {
  return text === 'test' || text === 'validation'
    ? text
    : fail(`--split is validation or test, not "${text}".`);
}

function partOf(text: string): Part {
  return (
    PARTS.find((part) => part === text) ?? fail(`There is no part "${text}"; there are ${PARTS.join(', ')}.`)
  );
}
