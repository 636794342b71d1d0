/**
 * npm run evaluate -- WHAT [options]: the quality of the shipped models, each beside its baseline.
 * Held-out pieces are our own test tenth, or with --test PATH a set folder or a folder of set folders of the same form.
 */
import { spawnSync } from 'node:child_process';
import { findDataDir } from '@attune/core/node';
import { isStyle, STYLES } from '@attune/core/style';
import { loadShippedClassifiers } from '@attune/classify/node';
import {
  createTerminal,
  evaluateCompositions,
  loadOriginalityIndex,
  loadShippedGenerator,
  readHeldOut,
} from '@attune/generate/node';
import type { CompositionReport } from '@attune/generate/node';
import { parseArgs } from 'node:util';

const HELP = `npm run evaluate -- WHAT [--test PATH] [--pieces 8] [--bars 16] [--seed 1]

  generate   nats a note by style beside the interpolated n-gram; form and likeness of composed pieces beside real ones
  control    composed pieces: were style, key, tempo, meter, instruments and density met, judged by analysers that are
             not part of the generator; craft, originality, likeness to real music
  classify   both style classifiers: accuracy, macro-F1, calibration, abstention, beside the majority

Taste (a simulated listener's lift) is npm run bench -- personalisation.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    test: { type: 'string' },
    pieces: { type: 'string', default: '8' },
    bars: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
});
const [what] = positionals;
const test = values.test === undefined ? [] : ['--test', values.test];

if (values.help || what === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
} else if (what === 'generate') {
  const compose = ['--compose', values.pieces, '--bars', values.bars, '--seed', values.seed];
  process.exit(command('attune-generate', ['evaluate', '--baseline', ...compose, ...test]));
} else if (what === 'classify') process.exit(command('attune-classify', ['evaluate', ...test]));
else if (what === 'control') await evaluateControl();
else {
  console.error(`There is nothing called ${what} to evaluate.\n\n${HELP}`);
  process.exit(2);
}

function command(name: string, args: readonly string[]): number {
  return spawnSync('npx', ['--no-install', name, ...args], { stdio: 'inherit' }).status ?? 1;
}

async function evaluateControl(): Promise<void> {
  const generator = await loadShippedGenerator();
  const index = await loadOriginalityIndex();
  const { classifyScore } = await loadShippedClassifiers();
  const terminal = createTerminal();
  const heldOut = readHeldOut(
    { data: findDataDir(), split: 'test', ...(values.test !== undefined && { test: values.test }) },
    terminal,
  );
  const reports: CompositionReport[] = [];
  for (const style of STYLES) {
    const real = heldOut.filter((piece) => piece.style === style);
    if (real.length === 0 || !generator.info.styles.includes(style)) continue;
    const report = await evaluateCompositions({
      generator,
      originality: index,
      real,
      style,
      pieces: Number(values.pieces),
      bars: Number(values.bars),
      seed: Number(values.seed),
      // The likeliest label, sure or not: being unsure is no mistake of the composer.
      classifyStyle: (score) => classifyScore(score).probabilities.find(({ label }) => isStyle(label))?.label ?? null,
      now: () => performance.now(),
    });
    reports.push(report);
    process.stderr.write(`\r${style.padEnd(20)}`);
  }
  process.stderr.write('\r');
  print(reports);
}

function print(reports: readonly CompositionReport[]): void {
  const controls = Object.keys(reports[0]!.controls) as (keyof CompositionReport['controls'])[];
  const line = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);
  line(['style', 'pieces', ...controls, 'craft', 'originality', 'over the floor', 's a piece']);
  line(Array.from({ length: controls.length + 6 }, () => '---'));
  for (const report of reports) {
    line([
      report.style,
      String(report.pieces),
      ...controls.map((control) => rate(report.controls[control])),
      report.wellFormedness.toFixed(2),
      report.originality.toFixed(2),
      String(report.overFloor),
      report.secondsPerPiece.toFixed(1),
    ]);
  }
  const total = (control: keyof CompositionReport['controls']): string => {
    const all = reports.map((report) => report.controls[control]);
    const asked = all.reduce((sum, each) => sum + each.asked, 0);
    const met = all.reduce((sum, each) => sum + each.met, 0);
    return asked === 0 ? '–' : (met / asked).toFixed(2);
  };
  const pieces = reports.reduce((sum, report) => sum + report.pieces, 0);
  line(['**all**', String(pieces), ...controls.map(total), '', '', String(reports.reduce((n, r) => n + r.overFloor, 0)), '']);
  printDistances(reports);
}

/** Likeness to real music: mean over styles of overlap area, beside that of two halves of the real pieces. */
function printDistances(reports: readonly CompositionReport[]): void {
  const rows = reports.flatMap((report) => report.distributions ?? []);
  if (rows.length === 0) return;
  console.log('\n| feature | overlap with real | overlap of two real halves | KL from real | KL of two real halves |\n|---|---|---|---|---|');
  for (const feature of [...new Set(rows.map((row) => row.feature))]) {
    const own = rows.filter((row) => row.feature === feature);
    const mean = (value: (row: (typeof own)[number]) => number): string =>
      (own.reduce((sum, row) => sum + value(row), 0) / own.length).toFixed(3);
    console.log(
      `| ${feature} | ${mean((r) => r.generated.overlap)} | ${mean((r) => r.floor.overlap)} | ${mean((r) => r.generated.divergence)} | ${mean((r) => r.floor.divergence)} |`,
    );
  }
}

function rate({ met, asked }: { readonly met: number; readonly asked: number }): string {
  return asked === 0 ? '–' : (met / asked).toFixed(2);
}
