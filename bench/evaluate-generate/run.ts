import { countNotes } from '@attune/core';
import { readCheckpointFolder, type Split } from '@attune/core/node';
import { isStyle } from '@attune/core/style';
import { loadClassifiers, shippedFolder, SHIPPED_SYMBOLIC } from '@attune/classify/node';
import { createGenerator, wellFormedness } from '@attune/generate';
import { createTerminal, loadOriginalityIndex, shippedCheckpointFolder } from '@attune/generate/node';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { checkCopies, composeAll, wishesOf, type Composed, type SetOptions } from './compose-sets.ts';
import { keptWishes, JUDGED, type Judged } from './count-control.ts';
import { measureForm } from './form.ts';
import { excerptOf, readHeldOutPieces, type HeldOutPieces } from './held-out.ts';
import { judgeKeyFinders } from './key-finders.ts';
import { measureLikeness, MOST_REAL, profilesOf } from './likeness.ts';
import { measureNats } from './nats.ts';
import { measureNgram } from './ngram.ts';
import { writePage } from './page.ts';
import {
  readResults,
  writeResults,
  type ControlResult,
  type LikenessResult,
  type Results,
  type Settings,
} from './results.ts';
import { measureSpeed } from './speed.ts';
import { measureTasks } from './tasks.ts';

/** What can be measured; each part keeps its last figures when it is not run. */
export const PARTS = ['ngram', 'nats', 'keys', 'pieces', 'form', 'speed', 'tasks'] as const;
export type Part = (typeof PARTS)[number];

export interface EvaluateGenerateOptions {
  /** Checkpoint folder; default: the shipped one. */
  readonly model?: string;
  /** Set folder or folder of set folders; default: our own test part. */
  readonly test?: string;
  readonly split: Split;
  readonly pieces: number;
  readonly bars: number;
  readonly seed: number;
  /** Most notes of a style that nats are measured on. */
  readonly notes: number;
  readonly parts: readonly Part[];
  readonly originality?: string;
  /** Model folder of the judge of style; default: the shipped one. */
  readonly classifier?: string;
  /** Checkpoint folder of the model before, for the tasks and the speed. */
  readonly before?: string;
  readonly guidance?: number;
  /** At most so many held-out pieces a set. */
  readonly limit?: number;
  /** Folder of the page; its plots and results lie in `plots` there. */
  readonly out: string;
}

/** Measures the parts and writes the page. */
export async function evaluateGenerate(options: EvaluateGenerateOptions): Promise<void> {
  const terminal = createTerminal(false);
  const folder = options.model ?? shippedCheckpointFolder();
  const plots = path.join(options.out, 'plots');
  const file = path.join(plots, 'composing.json');
  let results: Results = readResults(file);
  const generator = withGuidance(createGenerator(readCheckpointFolder(folder)), options.guidance);
  const settings: Settings = {
    model: generator.info.version,
    split: options.split,
    source: '',
    pieces: options.pieces,
    bars: options.bars,
    seed: options.seed,
    notes: options.notes,
  };
  const keep = (more: Partial<Results>): void => {
    results = { ...results, ...more };
    writeResults(file, results);
    writePage(options.out, results); // after each part: a run that is stopped leaves what it measured
  };
  const wants = (part: Part): boolean => options.parts.includes(part);
  const { test, split, limit } = options;
  const limited = limit === undefined ? {} : { limit };
  const heldOut = readHeldOutPieces({ test, split, ...limited }, terminal);
  const own = { ...settings, source: heldOut.source };

  const set: SetOptions = { pieces: options.pieces, bars: options.bars, seed: options.seed };
  if (wants('ngram')) {
    const rows = await measureNgram(heldOut, options.notes, set, terminal);
    keep({ ngram: { settings: { ...own, model: 'interpolated n-gram' }, rows } });
  }
  if (wants('nats')) {
    const rows = await measureNats(heldOut, options.model, options.notes, (style) =>
      terminal.progress({ done: 0, total: 1, stage: `nats: ${style}` }),
    );
    keep({ nats: { settings: own, rows } });
  }
  if (wants('keys')) keep({ keys: judgeKeyFinders() });
  if (wants('pieces')) await measurePieces(generator, heldOut, set, own, options, terminal, keep);
  const setOptions = { pieces: Math.max(1, Math.round(options.pieces / 8)), bars: 32, seed: options.seed };
  if (wants('form')) {
    const rows = await measureForm(generator, heldOut, setOptions, (style) =>
      terminal.progress({ done: 0, total: 1, stage: `form: ${style}` }),
    );
    keep({ form: { settings: { ...own, pieces: setOptions.pieces, bars: 32 }, rows } });
  }
  if (wants('speed')) {
    const rows = [
      await measureSpeed(`${generator.info.version}, as shipped`, generator, 3),
      await measureSpeed('the same, guidance 1', generator, 3, 1),
    ];
    const int8 = createGenerator(readCheckpointFolder(folder), { precision: 'int8' });
    rows.push(await measureSpeed('the same, int8', int8, 3));
    if (options.before !== undefined) {
      const old = createGenerator(readCheckpointFolder(options.before));
      rows.push(await measureSpeed(old.info.version, old, 3));
    }
    keep({ speed: { settings: own, rows } });
  }
  if (wants('tasks')) {
    const rows = await measureTasks(folder, options.before, options.split, options.pieces >= 16 ? 2 : 1);
    if (rows.length > 0) keep({ tasks: { settings: own, rows } });
  }
  terminal.clear();
  console.log(path.join(options.out, 'composing.md'));
}

function withGuidance(
  generator: ReturnType<typeof createGenerator>,
  guidance: number | undefined,
): ReturnType<typeof createGenerator> {
  if (guidance === undefined) return generator;
  return { ...generator, generate: (request, hooks) => generator.generate({ ...request, guidance }, hooks) };
}

/** Composes for each style, and judges: likeness, control, copies. */
async function measurePieces(
  generator: ReturnType<typeof createGenerator>,
  heldOut: HeldOutPieces,
  set: SetOptions,
  settings: Settings,
  options: EvaluateGenerateOptions,
  terminal: ReturnType<typeof createTerminal>,
  keep: (results: Partial<Results>) => void,
): Promise<void> {
  const index = await loadOriginalityIndex(options.originality);
  const classifierFolder = options.classifier ?? shippedFolder(SHIPPED_SYMBOLIC);
  const judge = existsSync(classifierFolder) ? loadClassifiers([classifierFolder]) : undefined;
  const hear = (score: Composed['piece']['score']): string | undefined =>
    countNotes(score) === 0
      ? undefined
      : judge?.classifyScore(score).probabilities.find(({ label }) => isStyle(label))?.label;
  const open = profilesOf(
    (
      await composeAll(
        generator,
        Array.from({ length: set.pieces }, () => ({})),
        { ...set, seed: set.seed + 500_000 },
      )
    ).map(({ piece }) => piece.score),
  );
  const likeness: LikenessResult[] = [];
  const control: ControlResult[] = [];
  const copies: NonNullable<Results['copies']>['rows'][number][] = [];
  const floor = index.config.floor ?? { longestRun: NaN, sharedShare: NaN };
  const judged = { ...settings, classifier: path.basename(classifierFolder) };
  const keepAll = (): void =>
    keep({
      likeness: { settings, rows: likeness },
      control: { settings: judged, rows: control },
      copies: { settings, rows: copies, floor, pieces: index.config.pieces },
    });
  let done = 0;
  for (const [style, real] of heldOut.byStyle) {
    terminal.progress({ done: done++, total: heldOut.byStyle.size, stage: `composing ${style}` });
    if (!generator.info.styles.includes(style)) continue;
    const excerpts = real.slice(0, MOST_REAL).flatMap((piece) => excerptOf(piece, set.bars) ?? []);
    const began = process.cpuUsage();
    const composed = await composeAll(generator, wishesOf(style, real, set), set);
    const { user, system } = process.cpuUsage(began);
    likeness.push(
      ...measureLikeness(style, { real: excerpts, composed: composed.map(({ piece }) => piece.score), open }),
    );
    const knows = judge?.scoreLabels.includes(style) ?? false;
    const heard = composed.map(({ piece }) => (knows ? (hear(piece.score) ?? 'nothing') : undefined));
    control.push({
      style,
      pieces: composed.length,
      kept: countKept(composed.map(({ request, piece }, i) => keptWishes(request, piece.score, heard[i]))),
      realHeard: knows ? excerpts.filter((score) => hear(score) === style).length / excerpts.length : null,
      craft: mean(composed.map(({ piece }) => wellFormedness(piece.score, { bars: set.bars }).score)),
      nats: mean(composed.map(({ piece }) => piece.nats)),
      seconds: (user + system) / 1e6 / composed.length,
    });
    copies.push({ style, ...(await checkCopies(generator, composed, index, set)) });
    keepAll();
  }
}

function countKept(all: readonly Partial<Record<Judged, boolean>>[]): ControlResult['kept'] {
  return Object.fromEntries(
    JUDGED.flatMap((name) => {
      const asked = all.filter((one) => one[name] !== undefined);
      return asked.length === 0 ? [] : [[name, [asked.filter((one) => one[name]).length, asked.length]]];
    }),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
