/**
 * npm run catalogue -w @attune/web [-- --each 5 --candidates 4 --workers 2 --fresh --describe --out FOLDER]
 *
 * Composes the catalogue that a new database starts with: some pieces in every style, the best of several candidates
 * each, into prisma/seed/catalogue/KEY.mid and prisma/seed/catalogue.json. Seeds are fixed, so the same model composes
 * the same catalogue. It can be stopped and goes on where it was; --fresh starts over; --describe only looks at the
 * pieces there are again (after a new classifier or style space).
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createRng } from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import { STYLES } from '@attune/core/style';

const web = path.resolve(import.meta.dirname, '..');
const built = path.join(web, 'dist/worker/server');
const { titleOf } = await import(path.join(built, 'music/title.js'));

const { values } = parseArgs({
  options: {
    each: { type: 'string', default: '5' },
    candidates: { type: 'string', default: '4' },
    workers: { type: 'string', default: '2' },
    fresh: { type: 'boolean', default: false },
    describe: { type: 'boolean', default: false },
    out: { type: 'string', default: path.resolve(web, '../../prisma/seed') },
  },
});
const each = whole('each', values.each, 1, 50);
const candidates = whole('candidates', values.candidates, 1, 32);
const workers = whole('workers', values.workers, 1, 2);
/** Long enough to be judged by ear, short enough to be rated by the dozen: longer where 16 bars are over too soon. */
const LENGTHS = [16, 24, 32, 48];
const SHORTEST_SECONDS = 16;
const LONGEST_SECONDS = 75;
const FEW_BARS = [8, 12];
const BLANK_LISTENER = {
  taste: { version: 1, ratings: [], plays: [], steers: [], corrections: [] },
  now: 0,
  items: [],
  anchors: [],
  titles: {},
};

const file = path.join(values.out, 'catalogue.json');
const folder = path.join(values.out, 'catalogue');
fs.mkdirSync(folder, { recursive: true });
const pieces = new Map(values.fresh ? [] : readPieces().map((piece) => [piece.key, piece]));
const crew = Array.from({ length: workers }, createCrewMember);
const { generator } = await crew[0].run('models', null);
if (!generator) throw new Error('There is no composing model in packages/generate/models.');

if (values.describe) await inParallel([...pieces.values()], describeAgain);
else await inParallel(openWishes(generator), composeOne);
await Promise.all(crew.map((member) => member.worker.terminate()));
console.log(`${pieces.size} pieces in ${path.relative(process.cwd(), file)}`);

/** Pieces not there yet, of every style in turn; a piece of another model version is made anew. */
function openWishes({ version, styles }) {
  const wishes = Array.from({ length: each }, (_, number) =>
    STYLES.filter((style) => styles.includes(style)).map((style) => {
      const key = `${style}-${number + 1}`;
      return { key, style, seed: 100_000 + STYLES.indexOf(style) * 1000 + number * 100 };
    }),
  ).flat();
  return wishes.filter(({ key }) => pieces.get(key)?.provenance.modelVersion !== version);
}

async function composeOne({ key, style, seed }, run) {
  let made;
  for (const bars of LENGTHS) {
    const order = { conditioning: { style }, bars, seed, task: null, candidates, listener: BLANK_LISTENER };
    made = await run('compose', order);
    if (made.description.seconds >= SHORTEST_SECONDS) break;
  }
  if (made.description.seconds > LONGEST_SECONDS) {
    for (const bars of FEW_BARS) {
      made = await run('compose', {
        conditioning: { style },
        bars,
        seed,
        task: null,
        candidates,
        listener: BLANK_LISTENER,
      });
      if (made.description.seconds >= SHORTEST_SECONDS) break;
    }
  }
  const title = uniqueTitle(key, made);
  fs.writeFileSync(path.join(folder, `${key}.mid`), writeMidi({ ...readMidi(made.midi), title }));
  const { modelVersion, seed: own, bars, conditioning, tokenizer, originality, wellFormedness } = made;
  pieces.set(key, {
    key,
    title,
    description: plain(made.description),
    provenance: {
      modelVersion,
      seed: own,
      bars,
      conditioning,
      tokenizer,
      originality,
      wellFormedness,
      candidates: made.candidates,
    },
  });
  save();
  const label = made.description.classifications[0]?.label ?? 'unsure';
  console.log(
    `${pieces.size} ${key.padEnd(18)} ${made.description.seconds.toFixed(0).padStart(4)} s  craft ${fixed(wellFormedness)}  original ${fixed(originality)}  heard as ${label.padEnd(14)} ${title}`,
  );
}

async function describeAgain(piece, run) {
  const bytes = new Uint8Array(fs.readFileSync(path.join(folder, `${piece.key}.mid`)));
  const { description } = await run('describeMidi', { bytes });
  const { tonic = null, mode = null } = piece.provenance.conditioning;
  pieces.set(piece.key, { ...piece, description: plain({ ...description, tonic, mode }) });
  save();
}

/** JSON has no NaN: an unknown value of the style vector is null. */
function plain(description) {
  const { space, values: dimensions } = description.vector;
  const rounded = dimensions.map((value) => (Number.isNaN(value) ? null : Math.round(value * 1e4) / 1e4));
  return { ...description, vector: { space, values: rounded } };
}

function uniqueTitle(key, { title, seed, conditioning }) {
  const taken = new Set(
    [...pieces.values()].filter((piece) => piece.key !== key).map((piece) => piece.title),
  );
  let unique = title;
  for (let draw = 1; taken.has(unique); draw++)
    unique = titleOf(conditioning, createRng(seed).fork(`title ${draw}`));
  return unique;
}

/** Written whole or not at all, in the order of styles. */
function save() {
  const order = (piece) =>
    STYLES.findIndex((style) => piece.key.startsWith(`${style}-`)) * 1000 +
    Number(piece.key.split('-').at(-1));
  const sorted = [...pieces.values()].sort((a, b) => order(a) - order(b));
  fs.writeFileSync(
    `${file}.new`,
    `{"version":1,"pieces":[\n${sorted.map((piece) => JSON.stringify(piece)).join(',\n')}\n]}\n`,
  );
  fs.renameSync(`${file}.new`, file);
}

function readPieces() {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).pieces : [];
}

async function inParallel(tasks, work) {
  const queue = [...tasks];
  await Promise.all(
    crew.map(async ({ run }) => {
      for (let task = queue.shift(); task; task = queue.shift()) await work(task, run);
    }),
  );
}

function createCrewMember() {
  const worker = new Worker(path.join(built, 'worker/main.js'));
  worker.on('error', (error) => {
    console.error(error);
    process.exit(1);
  });
  let last = 0;
  const run = (task, input) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      const onMessage = (message) => {
        if (message.id !== id || message.kind === 'progress') return;
        worker.off('message', onMessage);
        if (message.kind === 'done') resolve(message.answer);
        else reject(new Error(message.message));
      };
      worker.on('message', onMessage);
      worker.postMessage({ id, task, input, flag: new SharedArrayBuffer(4) });
    });
  return { worker, run };
}

function fixed(value) {
  return value === null ? ' –  ' : value.toFixed(2);
}

function whole(name, text, low, high) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high) {
    console.error(`--${name} is a whole number from ${low} to ${high}, not ${text}.`);
    process.exit(2);
  }
  return value;
}
