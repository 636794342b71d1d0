import { createRng, type Rng } from '@attune/core';
import { SYMBOLIC_FEATURES } from '@attune/core/features';
import { findDataDir, openDataSet, type DataItem } from '@attune/core/node';
import {
  conclude,
  DRUM_STYLE_FEATURES,
  evaluate,
  extendLabels,
  fitStyleModel,
  crossFitStyleModel,
  judge,
  type Candidate,
  expectedCalibrationError,
  type Evaluation,
  type GroupedFeatures,
  type Judged,
  type StyleFit,
  type StyleModel,
} from '@attune/classify';
import { parse } from 'csv-parse/sync';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { measureAudioKey } from './classify/audio-key.ts';
import { judgeClipNotes } from './classify/clip-notes.ts';
import { readPieceStates } from './classify/piece-states.ts';
import { symbolicExamples, type SymbolicExample } from '../packages/classify/src/node/symbolic-data.ts';
import { DRUM_CANDIDATES, drumLabels, drumRows } from '../packages/classify/src/node/train-drums.ts';
import {
  measureDrumRejection,
  measureSymbolicRejection,
  type Rejection,
} from '../packages/classify/src/node/strangers.ts';
import { MUTOPIA_STYLES } from '../packages/classify/src/node/train-symbolic.ts';

export const summary =
  'style classification on public data: GTZAN features, Mutopia, drum styles (TARGETS C1–C3, C5)';

const HELP = `npm run bench -- classify-benchmarks [C1|C2|C2-states|C3|C4-notes|labels|audio-key …] [--test FOLDER] [--states FILE] [--seed 1]

Learners and their teams are chosen on the validation part (C1 b: by cross-validation, as it has none here). labels: each style of Mutopia left
out in turn and added by 5 or 10 examples. C4-notes: the drum clips of C4 judged by their notes instead of their sound. --test names a
folder of the same form (csv.gz of C1, or index.csv and files) of which everything is judged, once, after the choice. C2-states: C2 with
learners of the hidden states of the shipped Transformer, which are computed once (10 minutes) and kept in FILE (default: in the folder for
temporary files). audio-key: the key and the tempo of sound, on 60 rendered clips of pieces with a key signature.`;

interface Row extends GroupedFeatures {
  readonly part: 'train' | 'validation' | 'test';
  /** Composer and title: parts of one work share it, where it is known. */
  readonly work?: string;
}

const TREES: Candidate = { kind: 'trees', settings: { rounds: 80, depth: 3 } };
const LINEAR: readonly Candidate[] = [
  { kind: 'discriminant', shrinkage: 0.05 },
  { kind: 'discriminant', shrinkage: 0.3 },
  { kind: 'logistic', l2: 0.03, iterations: 80 },
];
const CANDIDATES: readonly Candidate[] = [
  ...LINEAR,
  { kind: 'kernel', gamma: 0.3, alpha: 0.1 },
  { kind: 'kernel', gamma: 1, alpha: 0.03, balance: 0 },
  { kind: 'network', settings: { hidden: 64, epochs: 40 } },
  TREES,
];
/** Heads on means of hidden states, beside trees of the symbolic features. */
const STATE_CANDIDATES: readonly Candidate[] = [
  { kind: 'discriminant', shrinkage: 0.3 },
  { kind: 'discriminant', shrinkage: 0.7 },
  { kind: 'logistic', l2: 0.03, iterations: 80 },
  { kind: 'kernel', gamma: 0.3, alpha: 0.1, balance: 1 },
];
const SYMBOL_CANDIDATES: readonly Candidate[] = [
  { kind: 'kernel', gamma: 0.3, alpha: 0.1 },
  TREES,
  { ...TREES, balance: 1 },
];
export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      test: { type: 'string' },
      states: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const dataDir = findDataDir();
  if (values.help) return console.log(HELP);
  if (!dataDir) return console.log('Left out: no data sets (ATTUNE_DATA_DIR).');
  const wanted = positionals.length > 0 ? positionals : ['C1', 'C2', 'C3', 'labels'];
  const seed = Number(values.seed);
  for (const name of wanted) {
    const started = process.cpuUsage().user;
    if (name === 'C1') gtzan(dataDir, values.test, seed);
    else if (name === 'C2') mutopia(dataDir, values.test, seed);
    else if (name === 'C2-states')
      await mutopiaStates(
        dataDir,
        values.test,
        values.states ?? path.join(tmpdir(), 'attune-piece-states.json'),
        seed,
      );
    else if (name === 'C3') drums(dataDir, values.test, seed);
    else if (name === 'C4-notes') judgeClipNotes(dataDir, seed);
    else if (name === 'labels') addedLabels(dataDir, seed);
    else if (name === 'audio-key') await measureAudioKey(dataDir, seed);
    else console.log(`There is no benchmark ${name}.\n${HELP}`);
    console.log(`(${((process.cpuUsage().user - started) / 1e6).toFixed(0)} s of processor time)\n`);
  }
}

type Table = readonly Readonly<Record<string, string>>[];

function readTable(folder: string, name: string): Table {
  const file = path.join(folder, `${name}.csv.gz`);
  return existsSync(file)
    ? parse<Record<string, string>>(gunzipSync(readFileSync(file)), { columns: true, bom: true })
    : [];
}

/** C1: (a) the 57 features of each song and their spread over its 10-second parts; (b) these and the tag activations. */
function gtzan(dataDir: string, test: string | undefined, seed: number): void {
  const own = path.join(dataDir, 'gtzan-features');
  const rows = [...gtzanSongs(own, false), ...(test === undefined ? [] : gtzanSongs(test, true))];
  const labels = [...new Set(rows.map(({ genre }) => genre))].sort();
  // Songs of one artist mostly stand together in a genre, so that blocks of ten keep most artists on one side of a fold.
  const blockOf = (id: string): string => id.slice(0, -1);
  const labelled = (read: (song: Song) => number[] | undefined): Row[] =>
    rows.flatMap((song) => {
      const features = read(song);
      return features
        ? [
            {
              features,
              label: labels.indexOf(song.genre),
              piece: song.id,
              group: blockOf(song.id),
              copy: false,
              part: song.part,
            },
          ]
        : [];
    });
  report(
    'C1 (a) GTZAN, 57 features, fault-filtered split',
    labels,
    labelled(({ sound }) => sound),
    seed,
    {
      published:
        'MFCC + SVM 0.534 (Pons & Serra 2018); RBF least squares on all 57: 0.53–0.56, on test. Aim > 0.60',
    },
  );
  report(
    'C1 (b) with musicnn taggrams',
    labels,
    labelled(({ sound, tags }) => (tags ? [...sound, ...tags] : undefined)),
    seed,
    {
      published:
        'musicnn + SVM 0.772, VGGish + SVM 0.776, best CNN quoted 0.821; RBF least squares on taggrams 0.834, on test. Aim > 0.85',
    },
  );
  report(
    'C1 (b) taggrams alone',
    labels,
    labelled(({ tags }) => tags),
    seed,
    { published: 'as above' },
  );
}

interface Song {
  readonly id: string;
  readonly genre: string;
  readonly part: Row['part'];
  readonly sound: number[];
  readonly tags: number[] | undefined;
}

/** Variances span decades: their logarithms are used, and those of tag activations. `all`: every song is for testing. */
function gtzanSongs(folder: string, all: boolean): Song[] {
  const whole = readTable(folder, 'features_30_sec').filter((row) => row.split !== 'excluded');
  const columns = Object.keys(whole[0] ?? {}).filter((name) => name === 'tempo' || /_(mean|var)$/.test(name));
  const numbers = (row: Table[number]): number[] =>
    columns.map((name) =>
      name.endsWith('_var') ? Math.log(Math.max(1e-9, Number(row[name]))) : Number(row[name]),
    );
  const songOf = (file: string): string => file.split('.').slice(0, 2).join('.');
  const parts = new Map<string, number[][]>();
  for (const row of readTable(folder, 'features_10_sec')) {
    const id = songOf(row.filename!);
    parts.set(id, [...(parts.get(id) ?? []), numbers(row)]);
  }
  const tags = new Map(
    readTable(folder, 'musicnn_taggram').map((row) => [
      row.song!,
      Object.keys(row)
        .filter((name) => name.startsWith('tag'))
        .map((name) => Math.log(1e-3 + Number(row[name]))),
    ]),
  );
  return whole.map((row) => {
    const id = songOf(row.filename!);
    const inside = parts.get(id) ?? [];
    const spread = columns.map((_, f) => deviation(inside.map((values) => values[f]!)));
    const part = all ? 'test' : row.split === 'valid' ? 'validation' : 'train';
    return { id, genre: row.label!, part, sound: [...numbers(row), ...spread], tags: tags.get(id) };
  });
}

/** The style of a piece of Mutopia, where it is one of the eight. */
function mutopiaStyleOf(item: DataItem): string | undefined {
  return MUTOPIA_STYLES.find((style) => style === item.row.style);
}

/** Pieces of Mutopia with the split of their group, or, with a test set given, all of that for testing and the own test tenth learned from. */
function mutopiaExamples(
  dataDir: string,
  test: string | undefined,
  excerpts: number,
  seed: number,
): SymbolicExample[] {
  const read = (folder: string, options: { excerpts: number; allTest?: boolean }): SymbolicExample[] =>
    symbolicExamples([openDataSet(folder)], { ...options, seed, labelOf: mutopiaStyleOf });
  const own = read(path.join(dataDir, 'mutopia'), { excerpts });
  const held = test === undefined ? [] : read(test, { excerpts: 0, allTest: true });
  if (held.length === 0) return own;
  return [...own.map((e) => ({ ...e, split: e.split === 'test' ? ('train' as const) : e.split })), ...held];
}

/** C2: the eight styles of Mutopia that have most pieces; groups are given, and split by hash. */
function mutopia(dataDir: string, test: string | undefined, seed: number): void {
  const workOf = new Map(
    [path.join(dataDir, 'mutopia'), ...(test === undefined ? [] : [test])].flatMap((folder) =>
      openDataSet(folder).items.map((item) => [item.id, `${item.row.composer} ${item.row.title}`] as const),
    ),
  );
  const examples = mutopiaExamples(dataDir, test, 3, seed);
  const rows = examples
    .filter((e) => e.split === 'train' || !e.excerpt)
    .map((e): Row => ({
      features: e.features,
      label: MUTOPIA_STYLES.indexOf(e.label),
      piece: `${e.set}/${e.id}`,
      group: e.id,
      copy: e.excerpt,
      part: e.split,
      work: workOf.get(e.id)!,
    }));
  report('C2 Mutopia, 8 largest styles, whole pieces', MUTOPIA_STYLES, rows, seed, {
    published:
      'kernel classifier 0.78 / 0.73 (accuracy / mean recall, 5 folds, earlier cut); our boosted trees 0.849 / 0.837 (macro-F1 / balanced). Aim 0.88 / 0.85',
    names: SYMBOLIC_FEATURES.map(({ name }) => name),
    reject: measureSymbolicRejection,
  });
}

/** C2 again, with means of hidden states of the shipped Transformer beside the features, and by them alone. Whole pieces only. */
async function mutopiaStates(
  dataDir: string,
  test: string | undefined,
  states: string,
  seed: number,
): Promise<void> {
  const examples = mutopiaExamples(dataDir, test, 0, seed);
  const items = [path.join(dataDir, 'mutopia'), ...(test === undefined ? [] : [test])].flatMap((folder) =>
    openDataSet(folder).items.filter((item) => mutopiaStyleOf(item) !== undefined),
  );
  const statesOf = await readPieceStates(states, items);
  const whole = examples.filter((e) => !e.excerpt && statesOf.has(e.id));
  const symbols = SYMBOLIC_FEATURES.length;
  const both = whole.map((e): Row => ({
    features: [...e.features, ...statesOf.get(e.id)!],
    label: MUTOPIA_STYLES.indexOf(e.label),
    piece: `${e.set}/${e.id}`,
    group: e.id,
    copy: false,
    part: e.split === 'validation' || e.split === 'test' ? e.split : 'train',
  }));
  report(
    'C2 with the hidden states of the shipped Transformer, whole pieces only',
    MUTOPIA_STYLES,
    both,
    seed,
    {
      published: 'as above',
      candidates: [
        ...STATE_CANDIDATES,
        ...SYMBOL_CANDIDATES.map((candidate) => ({ ...candidate, reads: symbols })),
      ],
    },
  );
  report(
    'C2 from the hidden states alone',
    MUTOPIA_STYLES,
    both.map((row) => ({ ...row, features: Array.from(row.features).slice(symbols) })),
    seed,
    { published: 'as above', candidates: STATE_CANDIDATES },
  );
}

/** C3: drum styles, official split. */
function drums(dataDir: string, test: string | undefined, seed: number): void {
  const own = openDataSet(path.join(dataDir, 'groove')).items;
  const held = test === undefined ? [] : openDataSet(test).items;
  const labels = drumLabels([...own, ...held]);
  const rowsOf = (items: readonly DataItem[], part: Row['part']): Row[] =>
    drumRows(items, labels, console.log, part === 'train' ? seed : undefined).map(({ item, ...row }) => ({
      ...row,
      group: `${item.row.session}`,
      part,
    }));
  const rows = [
    ...rowsOf(
      own.filter((item) => item.row.split !== 'validation'),
      'train',
    ),
    ...rowsOf(
      own.filter((item) => item.row.split === 'validation'),
      'validation',
    ),
    ...rowsOf(held, 'test'),
  ];
  const published =
    'kernel least squares on 16-step histograms, tempo and swing 0.58 / 0.61; always rock 0.24, both on test. Aim 0.70 / 0.70';
  report('C3 Groove, 18 drum styles, official split', labels, rows, seed, {
    published,
    names: DRUM_STYLE_FEATURES,
    candidates: DRUM_CANDIDATES,
    reject: measureDrumRejection,
  });
  const untimed = rows.map((row) => ({
    ...row,
    features: Array.from(row.features, (value, f) => (f === 0 || f === 4 ? 0 : value)),
  }));
  report('C3 without tempo (takes of one session share it)', labels, untimed, seed, {
    published,
    names: DRUM_STYLE_FEATURES,
    candidates: DRUM_CANDIDATES,
  });
}

/** Each style left out of the training, then added by a few of its training pieces; judged on validation and test. */
function addedLabels(dataDir: string, seed: number): void {
  const examples = symbolicExamples([openDataSet(path.join(dataDir, 'mutopia'))], {
    excerpts: 0,
    seed,
    labelOf: mutopiaStyleOf,
  }).filter((e) => !e.excerpt);
  const train = examples.filter((e) => e.split === 'train');
  const fit = (labels: readonly string[]): StyleModel => {
    const rows = train
      .filter((e) => labels.includes(e.label))
      .map((e) => ({ features: e.features, label: labels.indexOf(e.label), piece: e.id }));
    const held = examples
      .filter((e) => e.split === 'validation' && labels.includes(e.label))
      .map((e) => ({ features: e.features, label: labels.indexOf(e.label), piece: e.id }));
    const settings = {
      name: 'few',
      modality: 'score' as const,
      labels,
      features: SYMBOLIC_FEATURES.map(({ name }) => name),
      balance: 0.5,
      risk: 0.05,
      familiar: 0.99,
    };
    return fitStyleModel(rows, held, {
      ...settings,
      candidates: [
        { kind: 'discriminant', shrinkage: 0.3 },
        { kind: 'kernel', gamma: 0.3, alpha: 0.1 },
      ],
      rng: createRng(seed),
    }).model;
  };
  const judged = (
    model: StyleModel,
    split: string,
  ): { truth: string; answer: ReturnType<typeof conclude> }[] =>
    examples
      .filter((e) => e.split === split)
      .map((e) => ({ truth: e.label, answer: conclude(model, [judge(model, e.features)]) }));
  const full = fit(MUTOPIA_STYLES);
  console.log(
    '## Labels added by examples, Mutopia, mean over 8 styles left out in turn and 3 draws of examples\n\n| part | examples | recall of the added | precision of it | accuracy on the others | accuracy of all | trained with all of it: recall / accuracy |\n|---|---|---|---|---|---|---|',
  );
  const bases = MUTOPIA_STYLES.map((style) => ({
    style,
    base: fit(MUTOPIA_STYLES.filter((other) => other !== style)),
  }));
  for (const split of ['validation', 'test']) {
    const whole = evaluate(MUTOPIA_STYLES, judged(full, split));
    for (const count of [5, 10]) {
      const figures = bases.flatMap(({ style, base }) =>
        [1, 2, 3].map((draw) => {
          const chosen = createRng(seed)
            .fork(`${style} ${draw}`)
            .shuffle(train.filter((e) => e.label === style))
            .slice(0, count);
          const items = judged(extendLabels(base, chosen), split);
          const own = evaluate([...base.labels, style], items);
          const others = items.filter(({ truth }) => truth !== style);
          return {
            own: own.classes.at(-1)!,
            others:
              others.filter(({ truth, answer }) => answer.probabilities[0]!.label === truth).length /
              others.length,
            all: own.accuracy,
          };
        }),
      );
      const mean = (read: (figure: (typeof figures)[number]) => number): string =>
        (figures.reduce((sum, figure) => sum + read(figure), 0) / figures.length).toFixed(3);
      console.log(
        `| ${split} | ${count} | ${mean(({ own }) => own.recall)} | ${mean(({ own }) => own.precision)} | ${mean(({ others }) => others)} | ${mean(({ all }) => all)} | ${whole.balancedAccuracy.toFixed(3)} / ${whole.accuracy.toFixed(3)} |`,
      );
    }
  }
}

interface ReportOptions {
  readonly published: string;
  readonly names?: readonly string[];
  /** Default: `CANDIDATES`. */
  readonly candidates?: readonly Candidate[];
  /** Rejection of what is no music, beside the items of these strangenesses. */
  readonly reject?: (model: StyleModel, familiar: readonly number[], rng: Rng) => Rejection;
}

function report(
  title: string,
  labels: readonly string[],
  rows: readonly Row[],
  seed: number,
  { published, names, candidates = CANDIDATES, reject }: ReportOptions,
): void {
  const of = (part: Row['part']): Row[] => rows.filter((row) => row.part === part);
  const [train, validation, test] = [of('train'), of('validation'), of('test')];
  if (train.length === 0) return console.log(`${title}: left out, its files are not there.`);
  const width = train[0]!.features.length;
  const options = {
    name: 'benchmark',
    modality: 'score' as const,
    labels,
    features: names ?? Array.from({ length: width }, (_, f) => `feature ${f}`),
    candidates,
    balance: 0.5,
    risk: 0.05,
    familiar: 0.99,
    largestTeam: 5,
    dealing: 'by chance' as const, // as the published figures were made
    rng: createRng(seed),
  };
  const fit: StyleFit =
    validation.length > 0 ? fitStyleModel(train, validation, options) : crossFitStyleModel(train, 5, options);
  const how = validation.length > 0 ? 'validation' : '5 folds by blocks of ten songs';
  const chosen = fit.results.reduce((a, b) => (b.loss < a.loss ? b : a));
  console.log(
    `## ${title}\n${train.length} rows to learn from, ${validation.length} validation, ${test.length} test, ${width} features, ${labels.length} labels\n`,
  );
  console.log('| learner | accuracy | balanced log loss |\n|---|---|---|');
  for (const { name, accuracy, loss } of fit.results.filter((result) => !result.name.includes(' + ')))
    console.log(`| ${name} | ${accuracy.toFixed(3)} | ${loss.toFixed(3)} |`);
  console.log(
    `\nchosen on ${how}: ${chosen.name}\n\n| | accuracy (95 % interval) | macro-F1 | balanced accuracy | ECE | ECE if calibrated | majority |\n|---|---|---|---|---|---|---|`,
  );
  const judged = fit.answers.map(({ label, verdict }) => ({
    truth: labels[label]!,
    answer: conclude(fit.model, [verdict]),
  }));
  printLine(how, evaluate(labels, judged), judged, seed);
  if (test.length > 0) printPart('test', fit.model, test, seed);
  const known = new Set(train.map(({ work }) => work));
  const fresh = test.filter(({ work }) => work !== undefined && !known.has(work));
  if (fresh.length > 0 && fresh.length < test.length)
    printPart('test, works that are not trained on', fit.model, fresh, seed);
  if (reject) {
    const familiar = (test.length > 0 ? test : validation).map(
      (row) => judge(fit.model, row.features).strangeness,
    );
    const { strangers, refused, areaUnderRoc } = reject(fit.model, familiar, createRng(seed));
    console.log(
      `\nrejection of ${strangers} made-up inputs: ${(100 * refused).toFixed(0)} % get no label, area under ROC ${areaUnderRoc.toFixed(3)}`,
    );
  }
  console.log(`\nothers: ${published}`);
}

function printPart(name: string, model: StyleModel, rows: readonly Row[], seed: number): void {
  const answers = rows.map((row) => ({
    truth: model.labels[row.label]!,
    answer: conclude(model, [judge(model, row.features)]),
  }));
  printLine(name, evaluate(model.labels, answers), answers, seed);
}

/**
 * Mean calibration error of a model whose confidences are exactly right, by 200 draws of who is right: with few items in 15 bins
 * it is far from 0, and nothing lower can be asked for.
 */
function calibratedError(confidences: readonly number[], seed: number): number {
  const rng = createRng(seed).fork('calibrated');
  const draws = Array.from({ length: 200 }, () =>
    expectedCalibrationError(
      confidences,
      confidences.map((p) => rng.uniform() < p),
    ),
  );
  return draws.reduce((sum, error) => sum + error, 0) / draws.length;
}

function printLine(name: string, e: Evaluation, judged: readonly Judged[], seed: number): void {
  const right = judged.map(({ truth, answer }) => truth === answer.probabilities[0]!.label);
  const confidences = judged.map(({ answer }) => answer.confidence);
  const [low, high] = bootstrap(right, seed);
  console.log(
    `| ${name} (${e.items}) | ${e.accuracy.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}) | ${e.macroF1.toFixed(3)} | ${e.balancedAccuracy.toFixed(3)} | ${e.calibrationError.toFixed(3)} | ${calibratedError(confidences, seed).toFixed(3)} | ${e.majority.accuracy.toFixed(3)} |`,
  );
}

/** Percentile bootstrap over items, 1000 draws. */
function bootstrap(right: readonly boolean[], seed: number): [number, number] {
  const rng = createRng(seed);
  const shares = Array.from(
    { length: 1000 },
    () => right.reduce((sum) => sum + Number(right[rng.integer(right.length)]), 0) / right.length,
  ).sort((a, b) => a - b);
  return [shares[25]!, shares[974]!];
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
