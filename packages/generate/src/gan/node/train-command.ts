import { AttuneError, createRng } from '@attune/core';
import {
  METRICS_FILE,
  readSafetensors,
  readTrainingState,
  writeCheckpoint,
  writeSafetensors,
  writeTrainingState,
} from '@attune/core/nn';
import { readCheckpointFolder, selectNodeBackend, writeCheckpointFolder } from '@attune/core/node';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ARRANGED_STYLES } from '../../arrangement/style-rules.ts';
import type { FamilyTrainOptions } from '../../family/node/family-tools.ts';
import { readMetrics } from '../../family/node/read-metrics.ts';
import { createRunClock } from '../../family/node/run-clock.ts';
import { CELLS, CHORD_VALUES, WINDOW_STEPS } from '../band-roll.ts';
import { GAN_KIND, resolveGanPlan, type GanConfig } from '../config.ts';
import { progressionsOf } from '../progressions.ts';
import { trainGan, type BandWindow, type GanProgress } from '../train-gan.ts';
import { readRollCorpus } from './roll-corpus.ts';

const STATE_FOLDER = 'state';
const CHECKPOINT_FOLDER = 'checkpoint';
const WINDOWS_FILE = 'windows.safetensors';
const LOG_EVERY = 20;

/** `attune-generate train --model gan`. The rates are constant, so a run may stop and go on at any update. */
export async function trainCommand(options: FamilyTrainOptions): Promise<void> {
  const { out, log, seed } = options;
  const plan = resolveGanPlan(options.plan);
  const stateFolder = path.join(out, STATE_FOLDER);
  const metricsFile = path.join(out, METRICS_FILE);
  mkdirSync(out, { recursive: true });
  const state =
    options.resume && existsSync(stateFolder)
      ? readTrainingState(readCheckpointFolder(stateFolder))
      : undefined;
  const windowsFile = path.join(out, WINDOWS_FILE);
  if (!(options.resume && existsSync(windowsFile))) {
    log('Reading the arrangements …');
    const corpus = readRollCorpus(options.data, 'train', { ...plan, rng: createRng(seed) });
    log(`${corpus.windows.length} windows of ${corpus.pieces} arrangements.`);
    writeFileSync(windowsFile, writeWindows(corpus.windows));
  }
  const windows = readWindows(new Uint8Array(readFileSync(windowsFile)));
  if (!state) writeFileSync(metricsFile, '');

  const { tf, name: backend } = await selectNodeBackend({ log });
  const clock = createRunClock({
    ...options,
    defaultSteps: plan.steps,
    folder: out,
    resumed: state !== undefined,
  });
  const record = createRecorder(metricsFile, log);
  const config = (step: number): GanConfig => ({
    version: plan.version,
    shape: plan.shape,
    roll: { cells: CELLS, chordValues: CHORD_VALUES, steps: WINDOW_STEPS },
    styles: [...ARRANGED_STYLES],
    progressions: progressionsOf(windows, createRng(seed).fork('progressions')),
    training: { plan, seed, backend, steps: step, windows: windows.length },
  });
  const result = await trainGan({
    tf,
    plan: { ...plan, steps: clock.steps },
    styles: ARRANGED_STYLES.length,
    windows,
    seed,
    signal: clock.signal,
    ...(state && { resume: state }),
    onProgress: (progress) => {
      record(progress);
      clock.tick();
    },
    saveState: (now) => {
      writeCheckpointFolder(stateFolder, writeTrainingState(now));
      clock.save();
    },
  });
  writeCheckpointFolder(
    path.join(out, CHECKPOINT_FOLDER),
    writeCheckpoint(
      {
        kind: GAN_KIND,
        config: config(result.step),
        parameters: result.parameters,
        metrics: readMetrics(metricsFile),
      },
      { half: true },
    ),
  );
  log(`${result.step} updates, ${clock.cpuMinutes().toFixed(1)} processor minutes.`);
}

/** Appends the mean of every `LOG_EVERY` updates to the metrics, and says it. */
function createRecorder(file: string, log: (line: string) => void): (progress: GanProgress) => void {
  let recent: GanProgress[] = [];
  return (progress) => {
    recent.push(progress);
    if (progress.step % LOG_EVERY !== 0) return;
    const mean = (key: keyof GanProgress): number =>
      Number((recent.reduce((sum, one) => sum + one[key], 0) / recent.length).toFixed(3));
    const line = JSON.stringify({
      step: progress.step,
      discriminator: mean('discriminator'),
      generator: mean('generator'),
      reconstruction: mean('reconstruction'),
      divergence: mean('divergence'),
    });
    appendFileSync(file, `${line}\n`);
    log(line);
    recent = [];
  };
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
