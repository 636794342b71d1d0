import {
  AttuneError,
  createRng,
  createScore,
  throwIfCancelled,
  type Note,
  type Rng,
  type Score,
  type TrackParts,
} from '@attune/core';
import type { Checkpoint } from '@attune/core/nn';
import { ARRANGED_STYLES, type ArrangedStyle } from '../arrangement/style-rules.ts';
import { STYLE_RULES } from '../arrangement/styles.ts';
import type {
  FamilySampler,
  FamilySetting,
  Sample,
  SampleHooks,
  SampleRequest,
} from '../family/model-family.ts';
import { resolveSettings } from '../family/resolve-settings.ts';
import { hearBand, stepsOf, windowOf, type HeardBand } from './band-of-score.ts';
import { BAND_PARTS, type BandPart } from '../performance/band-parts.ts';
import {
  CELLS,
  cellsOfParts,
  readPart,
  STEPS_PER_QUARTER,
  WINDOW_QUARTERS,
  WINDOW_STEPS,
  type BandRoll,
  type StepGrid,
} from './band-roll.ts';
import { parseGanConfig, type GanConfig } from './config.ts';
import { createBandNetworks, type BandNetworks } from './forward.ts';
import { decideCells } from './decide-cells.ts';
import { factsOf } from './facts.ts';
import { bandDistance } from './measures.ts';
import { parseChords } from './progressions.ts';

const TICKS_PER_QUARTER = 480;
/** Random numbers drawn for a sample; the one is taken whose first bars differ most from the samples before. */
const CANDIDATES = 4;
const BARS_PER_WINDOW = 2;
const ANY = 'any';

const SETTINGS: readonly FamilySetting[] = [
  {
    kind: 'choice',
    name: 'style',
    summary: 'In which style the band plays; any: each sample in another one.',
    choices: [ANY, ...ARRANGED_STYLES],
    default: ANY,
  },
  {
    kind: 'choice',
    name: 'keep',
    summary: 'Which part of the given music stays; the others are written.',
    choices: ['melody', 'bass', 'drums'],
    default: 'melody',
  },
  {
    kind: 'number',
    name: 'likeness',
    summary: 'How near the new parts stay to how the given music is played now; 0: not at all.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0,
  },
  {
    kind: 'number',
    name: 'movement',
    summary: 'How much the playing changes from two bars to the next; 0: one groove throughout.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0.2,
  },
  {
    kind: 'number',
    name: 'bars',
    summary: 'Bars to play where no music is given.',
    min: 2,
    max: 32,
    step: 2,
    default: 8,
  },
];

/**
 * The band of a checkpoint. Throws `checkpoint/malformed` and `checkpoint/mismatch` for one that does not fit. The same
 * request gives the same notes on every engine: see `BandNetworks`.
 */
export function createGanSampler(checkpoint: Checkpoint): FamilySampler {
  const config = parseGanConfig(checkpoint.config);
  if (
    config.styles.length !== ARRANGED_STYLES.length ||
    config.styles.some((style, i) => style !== ARRANGED_STYLES[i])
  ) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The model plays ${config.styles.join(', ')}, not ${ARRANGED_STYLES.join(', ')}.`,
    );
  }
  const networks = createBandNetworks(config, checkpoint.parameters);
  const sampler = {
    name: 'gan',
    version: config.version,
    summary:
      'Eight different grooves for one melody in a second: a whole band at once, where the composer writes note by note.',
    inputs: { fewest: 0, most: 1, kind: 'score' },
    settings: SETTINGS,
  } as const;
  return {
    ...sampler,
    async sample(request, hooks = {}) {
      const settings = resolveSettings(sampler, request);
      return playSamples(config, networks, request, settings, hooks);
    },
  };
}

interface Wishes {
  readonly keep: BandPart | undefined;
  readonly likeness: number;
  readonly movement: number;
}

async function playSamples(
  config: GanConfig,
  networks: BandNetworks,
  request: SampleRequest,
  settings: Readonly<Record<string, number | string>>,
  { onProgress, signal }: SampleHooks,
): Promise<readonly Sample[]> {
  const input = request.inputs[0]?.score;
  const heard = input && hearBand(input);
  const keep = heard ? (settings.keep as BandPart) : undefined;
  if (heard && keep && heard.tracks[keep].length === 0) {
    throw new AttuneError('argument/invalid', `The music has no ${keep} to play to.`, { keep });
  }
  const wishes = { keep, likeness: Number(settings.likeness), movement: Number(settings.movement) };
  const rng = createRng(request.seed);
  const order = rng.fork('styles').shuffle([...ARRANGED_STYLES]);
  const firsts: Uint8Array[] = [];
  const samples: Sample[] = [];
  for (let i = 0; i < request.count; i++) {
    onProgress?.({ done: i, total: request.count, stage: 'playing' });
    const style = settings.style === ANY ? order[i % order.length]! : (settings.style as ArrangedStyle);
    const own = rng.fork(`sample ${i}`);
    const swings = STYLE_RULES[style].swings ?? false;
    const roll = heard ? heard.rollOf(swings) : rollOfProgression(config, Number(settings.bars), own);
    const played = await playRoll(config, networks, roll, style, wishes, firsts, own, signal);
    const score = heard
      ? writeBeside(heard, keep!, played, style, own)
      : writeBand(played, Number(settings.bars) * 4 * STEPS_PER_QUARTER, style, own);
    samples.push({
      name: `${heard ? 'groove' : 'band'} ${i + 1}`,
      score: { ...score, title: `${style} ${heard ? 'groove' : 'band'} ${i + 1}` },
    });
  }
  onProgress?.({ done: request.count, total: request.count, stage: 'playing' });
  return samples;
}

/** All windows of one sample; the kept part as it was. Adds the first window to `firsts`. */
async function playRoll(
  config: GanConfig,
  networks: BandNetworks,
  roll: BandRoll,
  style: ArrangedStyle,
  { keep, likeness, movement }: Wishes,
  firsts: Uint8Array[],
  rng: Rng,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { latent } = config.shape;
  const given = keep === undefined ? [] : [keep];
  const facts = factsOf([config.styles.indexOf(style)], config.styles.length, [given]);
  const draw = (): Float32Array => Float32Array.from({ length: latent }, () => drawNormal(rng));
  const windows = roll.cells.length / (WINDOW_STEPS * CELLS);
  const started = firstWithNotes(roll, keep, windows);
  const base = Array.from({ length: CANDIDATES }, draw)
    .map((z) => ({
      z,
      played: playWindow(
        networks,
        windowOf(roll, started),
        mixed(z, likenessOf(started), likeness),
        given,
        facts,
      ),
    }))
    .reduce((best, one) => (novelty(one.played, firsts) > novelty(best.played, firsts) ? one : best));
  firsts.push(base.played);
  const cells = new Uint8Array(roll.cells.length);
  for (let window = 0; window < windows; window++) {
    throwIfCancelled(signal);
    const z = mixed(draw(), base.z, Math.sqrt(1 - movement * movement));
    const played = playWindow(
      networks,
      windowOf(roll, window),
      mixed(z, likenessOf(window), likeness),
      given,
      facts,
    );
    cells.set(played, window * WINDOW_STEPS * CELLS);
    if (window % 8 === 7) await new Promise((resolve) => setTimeout(resolve)); // let a cancellation have its turn
  }
  return cells;

  function likenessOf(window: number): Float32Array | undefined {
    const { cells, chords } = windowOf(roll, window);
    return likeness > 0 ? networks.encode(cells, chords).slice() : undefined;
  }
}

/** √(1 − share²) of one and `share` of the other, so that two standard normal ones give a standard normal one. */
function mixed(z: Float32Array, other: Float32Array | undefined, share: number): Float32Array {
  if (!other) return z;
  const rest = Math.sqrt(1 - share * share);
  return z.map((value, i) => rest * value + share * other[i]!);
}

function playWindow(
  networks: BandNetworks,
  { cells, chords }: BandRoll,
  z: Float32Array,
  given: readonly BandPart[],
  facts: Float32Array,
): Uint8Array {
  const mask = cellsOfParts(given);
  const kept = cells.map((cell, i) => cell * mask[i % CELLS]!);
  const scores = networks.generate(z, kept, chords, facts);
  return decideCells(scores, kept, given);
}

/** Distance to the nearest of the windows before; what is kept is the same in all. */
function novelty(window: Uint8Array, others: readonly Uint8Array[]): number {
  const all = cellsOfParts(BAND_PARTS);
  return others.reduce((nearest, other) => Math.min(nearest, bandDistance(window, other, all)), 1);
}

function firstWithNotes(roll: BandRoll, keep: BandPart | undefined, windows: number): number {
  if (keep === undefined) return 0;
  const mask = cellsOfParts([keep]);
  for (let window = 0; window < windows; window++) {
    if (windowOf(roll, window).cells.some((cell, i) => cell === 1 && mask[i % CELLS] === 1)) return window;
  }
  return 0;
}

/** Nearly normal: the sum of 12 uniform numbers less 6, which every engine computes alike (no logarithm). */
function drawNormal(rng: Rng): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += rng.uniform();
  return sum;
}

/** Nothing but the chords of a phrase of the training pieces, over and over. */
function rollOfProgression(config: GanConfig, bars: number, rng: Rng): BandRoll {
  const windows = bars / BARS_PER_WINDOW;
  const cells = new Uint8Array(windows * WINDOW_STEPS * CELLS);
  if (config.progressions.length === 0)
    return { cells, chords: new Uint8Array(windows * WINDOW_QUARTERS * 24) };
  const two = [0, 1].map(() => parseChords(config.progressions[rng.integer(config.progressions.length)]!));
  const chords = new Uint8Array(windows * two[0]!.length);
  for (let window = 0; window < windows; window++) chords.set(two[window % 2]!, window * two[0]!.length);
  return { cells, chords };
}

/** The given music's kept tracks as they are, and the new parts. */
function writeBeside(
  heard: HeardBand,
  keep: BandPart,
  cells: Uint8Array,
  style: ArrangedStyle,
  rng: Rng,
): Score {
  const { score } = heard;
  const grid = { ticksPerQuarter: TICKS_PER_QUARTER, swings: STYLE_RULES[style].swings ?? false };
  const written = BAND_PARTS.filter((part) => part !== keep).map((part) =>
    trackOf(part, cells.subarray(0, stepsOf(heard) * CELLS), heard.shift, grid, style, rng),
  );
  const kept = heard.tracks[keep].map((i) => score.tracks[i]!);
  return createScore({ ...score, tracks: [...kept, ...written.filter(({ notes }) => notes!.length > 0)] });
}

/** A band that plays alone, in a key and at a tempo of its style. */
function writeBand(cells: Uint8Array, steps: number, style: ArrangedStyle, rng: Rng): Score {
  const rules = STYLE_RULES[style];
  const shift = rng.integer(12) - 6;
  const bpm = Math.round(rules.tempo[0] + rng.uniform() * (rules.tempo[1] - rules.tempo[0]));
  const grid = { ticksPerQuarter: TICKS_PER_QUARTER, swings: rules.swings ?? false };
  const tracks = BAND_PARTS.map((part) =>
    trackOf(part, cells.subarray(0, steps * CELLS), shift, grid, style, rng),
  );
  return createScore({
    ticksPerQuarter: TICKS_PER_QUARTER,
    tempos: [{ tick: 0, bpm }],
    meters: [{ tick: 0, numerator: 4, denominator: 4 }],
    tracks: tracks.filter(({ notes }) => notes!.length > 0),
  });
}

const TRACK_NAMES: Readonly<Record<BandPart, string>> = {
  melody: 'Melody',
  comping: 'Comping',
  pad: 'Pad',
  bass: 'Bass',
  drums: 'Drums',
};
/** Velocity of a stroke on the first beat, on another beat, and between beats. */
const VELOCITIES: Readonly<Record<BandPart, readonly [number, number, number]>> = {
  melody: [96, 92, 88],
  comping: [80, 74, 68],
  pad: [60, 58, 56],
  bass: [94, 86, 80],
  drums: [104, 94, 76],
};

function trackOf(
  part: BandPart,
  cells: Uint8Array,
  shift: number,
  grid: StepGrid,
  style: ArrangedStyle,
  rng: Rng,
): TrackParts {
  const [first, beat, between] = VELOCITIES[part];
  const notes: Note[] = readPart(cells, part, shift, grid, (step) =>
    step % (4 * STEPS_PER_QUARTER) === 0 ? first : step % STEPS_PER_QUARTER === 0 ? beat : between,
  );
  if (part === 'drums') return { name: TRACK_NAMES.drums, isDrum: true, notes };
  const programs = STYLE_RULES[style][part];
  return { name: TRACK_NAMES[part], program: programs[rng.fork(part).integer(programs.length)]!, notes };
}
