import { createRng, type Rng, type Score } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import { compareDistributions, profileOf } from '../../evaluate/distribution.ts';
import { FORM_MEASURES, meanFormMeasures } from '../../evaluate/form.ts';
import type { FamilyEvaluateOptions, FamilyTable } from '../../family/node/family-tools.ts';
import { melodyAttributesOf, MELODY_ATTRIBUTES } from '../../vae/attributes.ts';
import { trainGridNgram, type GridNgram } from '../../vae/grid-ngram.ts';
import { loadShippedGenerator } from '../../transformer/node/shipped-generator.ts';
import { gridWindows, spreadWindows, windowAt } from '../../vae/grid-windows.ts';
import { readVae, type VaeNetwork } from '../../vae/network.ts';
import { readCorpus } from '../../vae/node/voice-corpus.ts';
import { shippedVaeFolder } from '../../vae/node/shipped-vae.ts';
import { GRID_PER_BAR, joinGrids, windowOf, type VoiceGrid } from '../../vae/voice-grid.ts';
import { readVoices, scoreOfVoices } from '../../vae/voice-lines.ts';
import { MELODY } from '../../vae/voice-sets.ts';
import { HOLD } from '../../vae/voices.ts';
import { readDenoiser, type Denoiser } from '../denoiser.ts';
import { diffuse, type DiffuseRequest } from '../diffuse.ts';
import { fillHole, GUIDANCE } from '../diffusion-sampler.ts';
import { drawKey, keyIndex, keyOfMelody, MELODY_KEYS, moveToKey } from '../melody-key.ts';
import { lettersOfForm } from '../plan-letters.ts';
import { SHIPPED_DIFFUSION } from './shipped-diffusion.ts';

/** Bars of the melodies compared, and how many of each kind. */
const BARS = 32;
const COUNT = 64;
const HOLES = 48;
const HOLE_BARS = 4;
const WISHES = 8;

/** Pieces of the composer: they take longer to write. */
const COMPOSED = 32;
/** What the composer is asked for: one melody, in the style that most of the melodies have. */
const COMPOSED_WISH = { style: 'folk', meter: { numerator: 4, denominator: 4 }, instruments: [73] } as const;

/** Measures latent diffusion on the held-out tenth, beside the VAE's prior, the composer and an n-gram. */
export async function evaluateDiffusion(options: FamilyEvaluateOptions): Promise<readonly FamilyTable[]> {
  const { data, log, seed, limit = Infinity } = options;
  const denoiser = readDenoiser(readCheckpointFolder(options.model ?? SHIPPED_DIFFUSION));
  const vae = readVae(readCheckpointFolder(shippedVaeFolder(MELODY)), MELODY);
  log('Reading the melodies …');
  const ngram = trainGridNgram(
    readCorpus(data, MELODY, 'train').pieces.map(({ grid }) => grid),
    MELODY.voices,
  );
  const test = readCorpus(options.test ?? data, MELODY, options.test === undefined ? 'test' : 'all').pieces;
  const steps = BARS * GRID_PER_BAR;
  const windows = gridWindows(test, MELODY.voices, steps, 4 * GRID_PER_BAR);
  const rng = createRng(seed);
  const count = Math.min(COUNT, limit);
  const real = rng.shuffle(spreadWindows(windows, 2 * count)).map((index) => windowAt(windows, index));
  const phrases = steps / vae.config.shape.phraseSteps;
  log(`Making ${count} melodies of ${BARS} bars of each kind …`);
  const make = (request: Omit<DiffuseRequest, 'phrases' | 'wish'>, name: string): Promise<VoiceGrid[]> =>
    inTurn(count, (i) => {
      const own = rng.fork(`${name}${i}`);
      const key = drawKey(denoiser.config.majorShare, own.fork('key')); // as the sampler does
      return write(denoiser, vae, { phrases, guidance: GUIDANCE, wish: { key }, ...request }, own);
    });
  const kinds: readonly (readonly [string, readonly VoiceGrid[]])[] = [
    ['diffusion', await make({}, 'open')],
    ['diffusion, AABA', await make({ letters: lettersOfForm('AABA', phrases) }, 'AABA')],
    ['prior of phrases', many(count, (i) => priorPhrases(vae, phrases, rng.fork(`phrases${i}`)))],
    ...(vae.config.shape.song
      ? [['prior of songs', many(count, (i) => priorSongs(vae, steps, rng.fork(`songs${i}`)))] as const]
      : []),
    ['Transformer', await composed(Math.min(COMPOSED, count), rng.fork('composer'))],
    ['n-gram', many(count, (i) => ngram.write(new Uint16Array(0), steps, rng.fork(`ngram${i}`)))],
  ];
  return [
    distances(real, kinds),
    forms(real, kinds),
    await holes(denoiser, vae, ngram, real.slice(0, Math.min(HOLES, limit)), rng),
    await wishes(denoiser, vae, phrases, Math.min(WISHES, limit), rng),
    await keys(denoiser, vae, phrases, Math.min(MELODY_KEYS.length, limit), rng),
    await speed(denoiser, vae, rng),
  ];
}

async function write(
  denoiser: Denoiser,
  vae: VaeNetwork,
  request: DiffuseRequest,
  rng: Rng,
): Promise<VoiceGrid> {
  return joinGrids((await diffuse(denoiser, request, rng)).map((z) => vae.decodePhrase(z)));
}

function priorPhrases(vae: VaeNetwork, phrases: number, rng: Rng): VoiceGrid {
  const { latent } = vae.config.shape.phrase;
  return joinGrids(
    many(phrases, () => vae.decodePhrase(Float32Array.from({ length: latent }, () => rng.normal()))),
  );
}

function priorSongs(vae: VaeNetwork, steps: number, rng: Rng): VoiceGrid {
  const { song, phraseSteps } = vae.config.shape;
  const count = Math.ceil(steps / (song!.patches * phraseSteps));
  const made = many(count, () =>
    vae.decodeSong(Float32Array.from({ length: song!.latent }, () => rng.normal())),
  );
  return joinGrids(made).subarray(0, steps);
}

/** Melodies of the shipped composer, as long as the others. */
async function composed(count: number, rng: Rng): Promise<VoiceGrid[]> {
  const composer = await loadShippedGenerator();
  return inTurn(count, async () => {
    const { score } = await composer.generate({
      conditioning: COMPOSED_WISH,
      bars: BARS,
      seed: rng.uint32(),
    });
    return windowOf(readVoices(score, MELODY.voices).grid, MELODY.voices, 0, BARS * GRID_PER_BAR);
  });
}

function distances(
  real: readonly VoiceGrid[],
  kinds: readonly (readonly [string, readonly VoiceGrid[]])[],
): FamilyTable {
  const profiles = (grids: readonly VoiceGrid[]): ReturnType<typeof profileOf>[] =>
    scoresOf(grids).map(profileOf);
  const truth = profiles(real);
  const found = kinds.map(([, grids]) => compareDistributions(truth, profiles(grids)));
  return {
    title: `Melodies of ${BARS} bars: overlap with held-out pieces (Yang & Lerch 2018; 1 is the same)`,
    header: ['feature', ...kinds.map(([name]) => name), 'two halves of the real ones'],
    rows: found[0]!.map(({ feature, floor }, i) => [
      feature,
      ...found.map((rows) => rows[i]!.generated.overlap.toFixed(3)),
      floor.overlap.toFixed(3),
    ]),
  };
}

function forms(
  real: readonly VoiceGrid[],
  kinds: readonly (readonly [string, readonly VoiceGrid[]])[],
): FamilyTable {
  const all = [...kinds, ['held-out pieces', real] as const];
  const found = all.map(([, grids]) => meanFormMeasures(scoresOf(grids)));
  return {
    title: 'Form: returns after 4 and 8 bars, rests of phrases on tonic or dominant, endings on the tonic',
    header: ['measure', ...all.map(([name]) => name)],
    rows: FORM_MEASURES.map((name) => [name, ...found.map((measures) => measures[name].toFixed(3))]),
  };
}

async function holes(
  denoiser: Denoiser,
  vae: VaeNetwork,
  ngram: GridNgram,
  pieces: readonly VoiceGrid[],
  rng: Rng,
): Promise<FamilyTable> {
  const hole = { first: 12, count: HOLE_BARS };
  const [from, to] = [hole.first * GRID_PER_BAR, (hole.first + hole.count) * GRID_PER_BAR];
  const nats = (grids: readonly VoiceGrid[]): string => {
    // two bars after the hole are counted: what is written has to lead there
    const charged = grids.map((grid) => ngram.nats(grid).slice(from, to + 2 * GRID_PER_BAR));
    return mean(charged.map((values) => mean([...values]))).toFixed(3);
  };
  const kept = (grids: readonly VoiceGrid[]): string =>
    mean(
      grids.map((grid, n) =>
        mean([...grid].map((v, t) => ((t >= from && t < to) || v === pieces[n]![t] ? 1 : 0))),
      ),
    ).toFixed(4);
  const filled = await inTurn(pieces.length, (n) =>
    fillHole(denoiser, vae, pieces[n]!, hole, likeItsPiece(pieces[n]!), rng.fork(`hole${n}`)),
  );
  const withPart = (part: (grid: VoiceGrid, n: number) => VoiceGrid): VoiceGrid[] =>
    pieces.map((grid, n) => {
      const whole = Uint16Array.from(grid);
      whole.set(part(grid, n), from);
      return whole;
    });
  const phrases = (to - from) / vae.config.shape.phraseSteps;
  const blind = withPart((_, n) => priorPhrases(vae, phrases, rng.fork(`blind${n}`)));
  const onward = withPart((grid, n) =>
    ngram.write(grid.subarray(0, from), to, rng.fork(`onward${n}`)).subarray(from, to),
  );
  const row = (name: string, grids: readonly VoiceGrid[]): string[] => [
    name,
    kept(grids),
    nats(grids),
    repeats(grids, from, to),
  ];
  return {
    title: `Holes of ${HOLE_BARS} bars in ${pieces.length} held-out melodies of ${BARS} bars`,
    header: [
      '',
      'steps kept outside',
      'n-gram nats a step, hole and two bars on',
      'notes of the hole that stand elsewhere',
    ],
    rows: [
      row('diffusion', filled),
      row('prior of phrases', blind),
      row('n-gram going on (does not see what follows)', onward),
      row('what was there', pieces),
    ],
  };
}

function likeItsPiece(grid: VoiceGrid): Pick<DiffuseRequest, 'wish' | 'guidance'> {
  const key = keyOfMelody(grid);
  return key ? { wish: { key }, guidance: GUIDANCE } : {};
}

/** Share of the hole's bars whose like (¾ of the notes at the same place and pitch) stands elsewhere in the piece. */
function repeats(grids: readonly VoiceGrid[], from: number, to: number): string {
  const shares = grids.map((grid) => {
    const bars = Array.from({ length: grid.length / GRID_PER_BAR }, (_, b) =>
      windowOf(grid, MELODY.voices, b * GRID_PER_BAR, GRID_PER_BAR),
    );
    const inside = bars.slice(from / GRID_PER_BAR, to / GRID_PER_BAR);
    const outside = [...bars.slice(0, from / GRID_PER_BAR), ...bars.slice(to / GRID_PER_BAR)];
    return mean(inside.map((bar) => (outside.some((other) => alike(bar, other) >= 0.75) ? 1 : 0)));
  });
  return mean(shares).toFixed(3);
}

function alike(a: VoiceGrid, b: VoiceGrid): number {
  let [both, all] = [0, 0];
  a.forEach((value, t) => {
    all += (value < HOLD ? 1 : 0) + (b[t]! < HOLD ? 1 : 0);
    if (value < HOLD && value === b[t]) both += 2;
  });
  return all === 0 ? 0 : both / all;
}

async function wishes(
  denoiser: Denoiser,
  vae: VaeNetwork,
  phrases: number,
  count: number,
  rng: Rng,
): Promise<FamilyTable> {
  const { means, deviations } = denoiser.config.attributes;
  const rows: string[][] = [];
  for (const [k, name] of MELODY_ATTRIBUTES.entries()) {
    const cells: string[] = [];
    for (const amount of [-1, 0, 1]) {
      const wish = { attributes: { [name]: means[k]! + amount * deviations[k]! } };
      const made = await inTurn(count, (i) =>
        write(denoiser, vae, { phrases, wish, guidance: GUIDANCE }, rng.fork(`${name}${i}`)),
      );
      cells.push(
        mean(made.map((grid) => (melodyAttributesOf(grid)[k]! - means[k]!) / deviations[k]!)).toFixed(2),
      );
    }
    rows.push([name, ...cells]);
  }
  return {
    title: `Wishes: attribute of ${count} melodies asked for −1, 0 and 1 deviations from the middle (guidance ${GUIDANCE})`,
    header: ['attribute', 'asked −1', 'asked 0', 'asked 1'],
    rows,
  };
}

/** Whether melodies are in the key that is asked for: as they are written, and moved to its scale as the sampler does. */
async function keys(
  denoiser: Denoiser,
  vae: VaeNetwork,
  phrases: number,
  count: number,
  rng: Rng,
): Promise<FamilyTable> {
  const asked = rng
    .fork('keys')
    .shuffle([...MELODY_KEYS])
    .slice(0, count);
  const written = await inTurn(count, (i) =>
    write(denoiser, vae, { phrases, guidance: GUIDANCE, wish: { key: asked[i]! } }, rng.fork(`key${i}`)),
  );
  const share = (grids: readonly VoiceGrid[], same: (a: number, b: number) => boolean): string =>
    mean(
      grids.map((grid, i) => {
        const found = keyOfMelody(grid);
        return found && same(keyIndex(found), keyIndex(asked[i]!)) ? 1 : 0;
      }),
    ).toFixed(2);
  const row = (name: string, grids: readonly VoiceGrid[]): string[] => [
    name,
    share(grids, (a, b) => a === b),
    share(grids, (a, b) => a < 12 === b < 12),
  ];
  return {
    title: `Keys asked for, ${count} melodies (chance: 0.04; mode 0.5)`,
    header: ['', 'in the key', 'in the mode'],
    rows: [
      row('as written', written),
      row(
        'moved to the scale of the key',
        written.map((grid, i) => moveToKey(grid, asked[i]!)),
      ),
    ],
  };
}

async function speed(denoiser: Denoiser, vae: VaeNetwork, rng: Rng): Promise<FamilyTable> {
  const rows: string[][] = [];
  for (const bars of [16, 32, 64]) {
    const phrases = (bars * GRID_PER_BAR) / vae.config.shape.phraseSteps;
    if (phrases > denoiser.config.shape.phrases) continue;
    const start = process.cpuUsage();
    await write(denoiser, vae, { phrases }, rng.fork('speed'));
    const { user, system } = process.cpuUsage(start);
    rows.push([`${bars} bars`, ((user + system) / 1e6).toFixed(2)]);
  }
  return {
    title: 'Speed of writing, one core, 20 updates',
    header: ['', 'processor seconds'],
    rows,
  };
}

function scoresOf(grids: readonly VoiceGrid[]): Score[] {
  return grids
    .filter((grid) => grid.filter((value) => value < HOLD).length > 2)
    .map((grid) => scoreOfVoices({ grid, bpm: 120, programs: [0] }, MELODY.voices));
}

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

async function inTurn<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let i = 0; i < count; i++) made.push(await make(i));
  return made;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
