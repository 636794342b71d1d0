import { createRng } from '@attune/core';
import {
  readCheckpoint,
  readTrainingState,
  warmupThenDecay,
  writeCheckpoint,
  writeTrainingState,
  type Json,
  type JsonObject,
  type Schedule,
} from '@attune/core/nn';
import {
  findDataDir,
  readCheckpointFolder,
  selectNodeBackend,
  writeCheckpointFolder,
  type Split,
} from '@attune/core/node';
import { compoundTokenizer, FIELD_SIZES } from '@attune/core/tokens';
import { AttuneError } from '@attune/core';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createConditionSpace, createStylePriors } from '../condition-space.ts';
import { OPEN } from '../conditions.ts';
import { parseTransformerConfig, TRANSFORMER_KIND, type Ability, type TransformerConfig } from '../config.ts';
import { createInputLayout, TASK_KINDS } from '../input-layout.ts';
import type { Parameters } from '../model.ts';
import type { Piece } from '../piece.ts';
import { excerptNats, trainTransformer } from '../train.ts';
import { heldTaskExcerpts } from '../tasks/task-nats.ts';
import { DEFAULT_TASK_OPTIONS } from '../tasks/task-excerpts.ts';
import { warmStart, type WarmStart } from '../warm-start.ts';
import {
  DEFAULT_EXCERPT_OPTIONS,
  pieceWeights,
  wholePieceExcerpts,
  type Excerpt,
  type ExcerptOptions,
} from '../windows.ts';
import { piecesOfMade, readCorpus, withAbilities, type MadePiece } from './corpus.ts';

/** What a run of training is made of; `--config FILE` overrides single fields. */
export interface TrainingPlan {
  readonly version: string;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly headWidth: number;
  readonly window: number;
  readonly rows: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly optimiser: 'muon' | 'adamw';
  /** Share of the run, at its end, in which the rate falls to `finalRate` of its peak. */
  readonly decayShare: number;
  readonly finalRate: number;
  /** A style is drawn in proportion to (its notes)^balance. */
  readonly balance: number;
  readonly excerpts: ExcerptOptions;
  /** What the model is to learn beyond composing; absent: nothing. */
  readonly abilities?: readonly Ability[];
  /** Weight of a made piece beside a collected one of as many notes. */
  readonly madeWeight: number;
  readonly evaluateEvery: number;
  /** Validation windows a style. */
  readonly validationWindows: number;
  /** Validation windows a style of each task. */
  readonly validationTasks: number;
  readonly patience: number;
}

export const DEFAULT_PLAN: TrainingPlan = {
  version: 'transformer-1',
  width: 192,
  layers: 6,
  heads: 4,
  feedForward: 768,
  headWidth: 128,
  window: 512,
  rows: 8,
  learningRate: 1.5e-3,
  warmupSteps: 100,
  weightDecay: 0.05,
  optimiser: 'muon',
  decayShare: 0.7,
  finalRate: 0.02,
  balance: 0.6,
  excerpts: DEFAULT_EXCERPT_OPTIONS,
  madeWeight: 1,
  evaluateEvery: 250,
  validationWindows: 6,
  validationTasks: 2,
  patience: 12,
};

/** What `--abilities` changes of a plan: half of the excerpts become tasks, and the form is told half of the time. */
export const ABILITIES_PLAN: Partial<TrainingPlan> = {
  version: 'transformer-2',
  abilities: ['tasks', 'form'],
  excerpts: { ...DEFAULT_EXCERPT_OPTIONS, tasks: DEFAULT_TASK_OPTIONS, tellForm: 0.5, vary: 0.15 },
};

export interface TrainCommandOptions {
  readonly out: string;
  readonly plan?: Partial<TrainingPlan>;
  /** Exactly this many updates: the run can be repeated. */
  readonly steps?: number;
  /** Or as many as fit: the learning rate then follows the clock. */
  readonly minutes?: number;
  /** Or as many as fit into this processor time, of all cores together. */
  readonly cpuMinutes?: number;
  /** Checkpoint folder to go on from: its parameters, bins and size (see `warmStart`). */
  readonly from?: string;
  /** Learns writing beside given notes and form: `ABILITIES_PLAN`, over which `plan` goes. */
  readonly withAbilities?: boolean;
  /** Pieces made for training and for validation, beside those of the data sets. */
  readonly made?: (split: Split) => Iterable<MadePiece>;
  readonly seed?: number;
  readonly resume?: boolean;
  readonly data?: string;
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** In the folder of a run: the state to resume from, and the finished checkpoint. */
const STATE_FOLDER = 'state';
const CHECKPOINT_FOLDER = 'checkpoint';
const CLOCK_FILE = 'elapsed.json';
const LOG_EVERY = 20;

/** `attune-generate train`: reads the data, trains, and writes a checkpoint folder that can be resumed. */
export async function trainCommand(options: TrainCommandOptions): Promise<void> {
  const log = options.log ?? console.log;
  const plan: TrainingPlan = {
    ...DEFAULT_PLAN,
    ...(options.withAbilities && ABILITIES_PLAN),
    ...options.plan,
  };
  const abilities = plan.abilities ?? [];
  const seed = options.seed ?? 1;
  const data = options.data ?? findDataDir();
  if (data === undefined) {
    throw new AttuneError(
      'dataset/missing',
      'No data folder was found; set ATTUNE_DATA_DIR or give --data PATH.',
    );
  }
  if ([options.steps, options.minutes, options.cpuMinutes].filter((x) => x !== undefined).length !== 1) {
    throw new AttuneError('argument/invalid', 'Training needs either a number of steps or of minutes.');
  }
  const origin = options.from === undefined ? undefined : readOrigin(options.from, abilities);
  mkdirSync(options.out, { recursive: true });
  const backend = await selectNodeBackend({ log });
  const { tf } = backend;

  log('Reading the data …');
  const { pieces: collected, skipped } = readCorpus(data, 'train');
  const made = piecesOfMade(options.made?.('train') ?? []);
  const pieces = withAbilities([...collected, ...made], abilities);
  const validation = [
    ...readCorpus(data, 'validation').pieces,
    ...piecesOfMade(options.made?.('validation') ?? []),
  ];
  const isMade = new Set(made.map(({ id }) => id));
  const { weights, styles } = pieceWeights(pieces, plan.balance, ({ id }) =>
    isMade.has(id) ? plan.madeWeight : 1,
  );
  const notes = pieces.reduce((sum, piece) => sum + piece.barOf.length - 1, 0);
  log(
    `${pieces.length} pieces (${made.length} made), ${notes} notes for training; ${validation.length} pieces for validation; ${skipped.length} files skipped.`,
  );

  const conditions = origin?.conditions ?? createConditionSpace(pieces);
  const layout = createInputLayout(conditions, abilities);
  const shape = origin?.shape ?? {
    width: plan.width,
    layers: plan.layers,
    heads: plan.heads,
    feedForward: plan.feedForward,
    headWidth: plan.headWidth,
    fieldSizes: FIELD_SIZES,
    inputRows: layout.rows,
    window: plan.window,
  };
  const config = (training: JsonObject): TransformerConfig => ({
    version: plan.version,
    tokenizer: compoundTokenizer.name,
    shape,
    conditions,
    ...(abilities.length > 0 && { abilities }),
    priors: createStylePriors(pieces, styles),
    training: {
      plan,
      seed,
      ...(origin && { from: origin.version }),
      pieces: pieces.length,
      made: made.length,
      notes,
      styleShares: styles,
      backend: backend.name,
      ...training,
    },
  });

  const plainConfig = config({});
  const held = validationExcerpts(validation, plan, plainConfig);
  const tasks = abilities.includes('tasks') ? TASK_KINDS : [];
  const heldTasks = tasks
    .map((kind) => ({
      kind,
      excerpts: heldTaskExcerpts(validation, kind, plainConfig, plan.validationTasks),
    }))
    .filter(({ excerpts }) => excerpts.length > 0);
  const taskShare = heldTasks.length === 0 ? 0 : (plan.excerpts.tasks?.share ?? 0);
  const state =
    options.resume && existsSync(path.join(options.out, CLOCK_FILE))
      ? readTrainingState(readCheckpointFolder(path.join(options.out, STATE_FOLDER)))
      : undefined;
  const earlier = state
    ? (JSON.parse(readFileSync(path.join(options.out, CLOCK_FILE), 'utf8')) as { seconds: number }).seconds
    : 0;
  if (state) log(`Resuming at step ${state.step}, ${(earlier / 60).toFixed(1)} minutes in.`);
  const startTime = performance.now();
  const startCpu = process.cpuUsage();
  const elapsed = (): number => earlier + (performance.now() - startTime) / 1000;
  const limit = (options.cpuMinutes ?? options.minutes ?? Infinity) * 60;
  const spent = (): number => {
    const { user, system } = process.cpuUsage(startCpu);
    return options.cpuMinutes === undefined ? elapsed() : earlier + (user + system) / 1e6;
  };
  const done = (step: number): number => (options.steps ? step / options.steps : spent() / limit);
  const schedule: Schedule = (step) => plan.learningRate * warmupThenDecay(step, done(step), plan);
  const timeUp = new AbortController();
  options.signal?.addEventListener('abort', () => timeUp.abort());

  const metricsPath = path.join(options.out, 'metrics.jsonl');
  if (!state) writeFileSync(metricsPath, '');
  const record = (line: Record<string, unknown>): void =>
    appendFileSync(metricsPath, `${JSON.stringify(line)}\n`);
  let recent = { loss: 0, count: 0 };
  let lastEvaluation: ReturnType<typeof excerptNats> | undefined;
  let lastTasks: Record<string, number> = {};
  /** Nats a note of plain music and of tasks, in the shares in which they are trained. */
  const validate = (parameters: Parameters): number => {
    const natsOf = (excerpts: readonly Excerpt<Piece>[]): ReturnType<typeof excerptNats> =>
      excerptNats(tf, shape, parameters, layout, excerpts, plan.rows);
    lastEvaluation = natsOf(held);
    const byTask = heldTasks.map(({ kind, excerpts }) => [kind, natsOf(excerpts).all] as const);
    lastTasks = Object.fromEntries(byTask);
    const mean = byTask.reduce((sum, [, nats]) => sum + nats, 0) / Math.max(1, byTask.length);
    return (1 - taskShare) * lastEvaluation.all + taskShare * mean;
  };

  const { store, result } = await trainTransformer({
    backend,
    config: plainConfig,
    pieces,
    weights,
    excerpts: plan.excerpts,
    ...(origin && { from: origin.parameters }),
    rows: plan.rows,
    seed,
    steps: options.steps ?? Number.MAX_SAFE_INTEGER,
    schedule,
    weightDecay: plan.weightDecay,
    optimiser: plan.optimiser,
    evaluate: validate,
    evaluateEvery: plan.evaluateEvery,
    patience: plan.patience,
    checkpointEvery: plan.evaluateEvery,
    signal: timeUp.signal,
    now: () => performance.now(),
    ...(state && { resume: state }),
    onProgress: (progress) => {
      recent = { loss: recent.loss + progress.loss, count: recent.count + 1 };
      if (progress.step % LOG_EVERY === 0 || progress.score !== undefined) {
        const line = {
          step: progress.step,
          minutes: round(elapsed() / 60, 2),
          loss: round(recent.loss / recent.count, 4),
          rate: round(progress.learningRate, 6),
          norm: round(progress.gradientNorm, 3),
          notesPerSecond: Math.round(progress.tokensPerSecond ?? 0),
          ...(progress.score !== undefined && {
            validation: round(progress.score, 4),
            byStyle: mapRound(lastEvaluation!.byStyle),
            byField: lastEvaluation!.byField.map((x) => round(x, 4)),
            ...(heldTasks.length > 0 && { byTask: mapRound(lastTasks) }),
          }),
        };
        recent = { loss: 0, count: 0 };
        record(line);
        log(JSON.stringify(line));
      }
      if (spent() > limit) timeUp.abort();
    },
    saveState: (now) => {
      writeCheckpointFolder(path.join(options.out, STATE_FOLDER), {
        ...writeCheckpoint({
          kind: TRANSFORMER_KIND,
          config: config({ steps: now.step }) as unknown as JsonObject,
          parameters: now.best?.parameters ?? now.parameters,
        }),
        ...writeTrainingState(now),
      });
      writeFileSync(path.join(options.out, CLOCK_FILE), JSON.stringify({ seconds: spent() }));
    },
  });

  // The clock may have stopped the run between two evaluations: the last weights compete with the best ones.
  const parameters = new Map(store.entries());
  const last = validate(parameters);
  log(
    `After step ${result.step}: validation ${last.toFixed(4)} nats a note; best before ${result.best?.score.toFixed(4) ?? 'none'}.`,
  );
  const isBest = result.ended !== 'cancelled' || result.best === undefined || last <= result.best.score;
  const kept = isBest
    ? store.save()
    : readTrainingState(readCheckpointFolder(path.join(options.out, STATE_FOLDER))).best!.parameters;
  const cpu = process.cpuUsage(startCpu);
  const summary: Record<string, Json> = {
    steps: result.step,
    minutes: round(elapsed() / 60, 1),
    cpuMinutes: round((cpu.user + cpu.system) / 6e7, 1),
    ended: timeUp.signal.aborted && !options.signal?.aborted ? 'time' : result.ended,
    validation: round(isBest ? last : result.best.score, 4),
    validationByStyle: mapRound(lastEvaluation!.byStyle),
    ...(heldTasks.length > 0 && { validationByTask: mapRound(lastTasks) }),
  };
  writeCheckpointFolder(
    path.join(options.out, CHECKPOINT_FOLDER),
    writeCheckpoint({
      kind: TRANSFORMER_KIND,
      config: config(summary) as unknown as JsonObject,
      parameters: kept,
    }),
  );
  log(`Done: ${JSON.stringify(summary)}`);
}

/** The checkpoint to go on from, fitted to what the new model is to know. */
function readOrigin(folder: string, abilities: readonly Ability[]): WarmStart & { readonly version: string } {
  const checkpoint = readCheckpoint(readCheckpointFolder(folder), { kind: TRANSFORMER_KIND });
  const config = parseTransformerConfig(checkpoint.config);
  return { ...warmStart(config, checkpoint.parameters, abilities), version: config.version };
}

/** The first windows of validation pieces, the same number for each style, told the style alone. */
function validationExcerpts(
  pieces: readonly Piece[],
  plan: TrainingPlan,
  config: TransformerConfig,
): Excerpt<Piece>[] {
  const byStyle = new Map<string, Piece[]>();
  for (const piece of createRng(0).shuffle([...pieces])) {
    const name = piece.style ?? 'other';
    byStyle.set(name, [...(byStyle.get(name) ?? []), piece]);
  }
  return [...byStyle].flatMap(([name, own]) => {
    const excerpts: Excerpt<Piece>[] = [];
    let steps = 0;
    for (const piece of own) {
      if (steps >= plan.validationWindows * plan.window) break;
      const bins = { ...OPEN, style: config.conditions.styles.indexOf(name) };
      const windows = wholePieceExcerpts(piece, plan.window, bins, false).slice(0, 2);
      excerpts.push(...windows);
      steps += windows.reduce((sum, { from, to }) => sum + to - from, 0);
    }
    return excerpts;
  });
}

function mapRound(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value, 4)]));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
