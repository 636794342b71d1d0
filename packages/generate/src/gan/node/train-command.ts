import { AttuneError, createRng } from '@attune/core';
import { readSafetensors, writeSafetensors } from '@attune/core/nn';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ARRANGED_STYLES } from '../../arrangement/style-rules.ts';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { openTrainingRun } from '../../family/node/training-run.ts';
import { CELLS, CHORD_VALUES, WINDOW_STEPS } from '../band-roll.ts';
import { GAN_KIND, resolveGanPlan, type GanConfig } from '../config.ts';
import { progressionsOf } from '../progressions.ts';
import { trainGan, type BandWindow } from '../train-gan.ts';
import { readRollCorpus } from './roll-corpus.ts';

const WINDOWS_FILE = 'windows.safetensors';
const LOG_EVERY = 20;

/** `attune-generate train --model gan`. The rates are constant, so a run may stop and go on at any update. */
export async function trainCommand(options: FamilyTrainOptions): Promise<void> {
  const { out, log, seed } = options;
  const plan = resolveGanPlan(options.plan);
  const windowsFile = path.join(out, WINDOWS_FILE);
  if (!(options.resume && existsSync(windowsFile))) {
    log('Reading the arrangements …');
    const corpus = readRollCorpus(options.data, 'train', { ...plan, rng: createRng(seed) });
    log(`${corpus.windows.length} windows of ${corpus.pieces} arrangements.`);
    mkdirSync(out, { recursive: true });
    writeFileSync(windowsFile, writeWindows(corpus.windows));
  }
  const windows = readWindows(new Uint8Array(readFileSync(windowsFile)));
  const run = await openTrainingRun(options, { defaultSteps: plan.steps, logEvery: LOG_EVERY });
  const { parameters, ...end } = await trainGan({
    ...run.hooks,
    tf: run.backend.tf,
    plan,
    styles: ARRANGED_STYLES.length,
    windows,
    seed,
    onProgress: ({ step, ...losses }) => run.record(step, losses),
  });
  run.finish(end, (training) => {
    const config: GanConfig = {
      version: plan.version,
      shape: plan.shape,
      roll: { cells: CELLS, chordValues: CHORD_VALUES, steps: WINDOW_STEPS },
      styles: [...ARRANGED_STYLES],
      progressions: progressionsOf(windows, createRng(seed).fork('progressions')),
      training: { plan, seed, windows: windows.length, ...training },
    };
    return { kind: GAN_KIND, config, parameters };
  });
}

/** The windows of a run, kept beside its state: going on reads them in a second, and reads the same ones. */
function writeWindows(windows: readonly BandWindow[]): Uint8Array {
  const cells = new Uint8Array(windows.length * WINDOW_STEPS * CELLS);
  const width = windows[0]?.chords.length ?? 0;
  const chords = new Uint8Array(windows.length * width);
  windows.forEach((window, i) => {
    cells.set(window.cells, i * WINDOW_STEPS * CELLS);
    chords.set(window.chords, i * width);
  });
  return writeSafetensors(
    new Map([
      ['cells', { shape: [windows.length, WINDOW_STEPS * CELLS], data: cells }],
      ['chords', { shape: [windows.length, width], data: chords }],
      ['styles', { shape: [windows.length], data: Uint8Array.from(windows, ({ style }) => style) }],
    ]),
  );
}

function readWindows(bytes: Uint8Array): BandWindow[] {
  const { tensors } = readSafetensors(bytes);
  const [cells, chords, styles] = ['cells', 'chords', 'styles'].map((name) => tensors.get(name)?.data);
  if (!(cells instanceof Uint8Array && chords instanceof Uint8Array && styles instanceof Uint8Array)) {
    throw new AttuneError('checkpoint/malformed', `${WINDOWS_FILE} does not hold the windows of a run.`, {
      file: WINDOWS_FILE,
    });
  }
  const count = styles.length;
  const row = (data: Uint8Array, i: number): Uint8Array =>
    data.subarray((i * data.length) / count, ((i + 1) * data.length) / count);
  return Array.from(styles, (style, i) => ({ cells: row(cells, i), chords: row(chords, i), style }));
}
