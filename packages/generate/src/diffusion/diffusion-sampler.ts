import { AttuneError, createRng, throwIfCancelled, type Rng } from '@attune/core';
import type { FamilySampler, FamilySetting, Sample } from '../family/model-family.ts';
import { resolveSettings } from '../family/resolve-settings.ts';
import { melodyAttributesOf, MELODY_ATTRIBUTES, type MelodyAttribute } from '../vae/attributes.ts';
import type { VaeNetwork } from '../vae/network.ts';
import { GRID_PER_BAR, joinGrids, windowOf, type VoiceGrid } from '../vae/voice-grid.ts';
import { readVoices, scoreOfVoices, type VoicedPiece } from '../vae/voice-lines.ts';
import { MELODY } from '../vae/voice-sets.ts';
import type { MelodyWish } from './condition.ts';
import { diffuse, type DiffuseRequest } from './diffuse.ts';
import type { Denoiser } from './denoiser.ts';
import { drawKey, KEY_CHOICES, keyOfMelody, MELODY_KEYS, moveToKey } from './melody-key.ts';
import { lettersOfForm } from './plan-letters.ts';

const FORMS = ['open', 'AABA', 'ABAC', 'AABB', 'ABAB'] as const;
const ANY = 'any';
/** How much wishes are stressed, the key among them: scales are then as clear as in real melodies. */
export const GUIDANCE = 3;
const DEFAULT_BPM = 110;
const FLUTE = 73;
/** Words of the sliders for each attribute. */
const SLIDERS: Readonly<Record<MelodyAttribute, readonly [name: string, summary: string]>> = {
  density: ['denser', 'More notes, or fewer below 0.'],
  height: ['higher', 'Higher notes, or lower ones below 0.'],
  syncopation: ['syncopated', 'More notes off the beat, or fewer below 0.'],
  leaps: ['leaps', 'Wider intervals, or smaller ones below 0.'],
};

/**
 * What latent diffusion makes. Without a piece: new melodies in a style, with a form. Of one piece, with a hole: the bars of
 * the hole written anew, all others kept note for note. Of pieces without a hole: new melodies drawn towards what they have
 * in common, such as what a listener likes. Throws `checkpoint/mismatch` where the VAE is not the one that it was trained with.
 */
export function createDiffusionSampler(denoiser: Denoiser, vae: VaeNetwork): FamilySampler {
  const { config } = denoiser;
  if (config.vae !== vae.config.version || config.shape.latent !== vae.config.shape.phrase.latent) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `${config.version} was trained with ${config.vae}, and this is ${vae.config.version}.`,
      { wanted: config.vae, found: vae.config.version },
    );
  }
  const settings = settingsOf(denoiser, vae);
  const inputs = { fewest: 0, most: 16, kind: 'score' } as const;
  const name = 'diffusion';
  return {
    name,
    version: config.version,
    summary:
      'Long melodies with a plan: whole forms at once, bars filled between others, drawn towards what is liked.',
    inputs,
    settings,
    async sample(request, hooks = {}) {
      const resolved = resolveSettings({ name, settings, inputs }, request);
      const melodies = request.inputs.map(({ score }) => readVoices(score!, MELODY.voices));
      const rng = createRng(request.seed);
      const samples: Sample[] = [];
      for (let i = 0; i < request.count; i++) {
        throwIfCancelled(hooks.signal);
        const own = rng.fork(`sample${i}`);
        samples.push(await makeSample(denoiser, vae, melodies, resolved, i, own, hooks.signal));
        hooks.onProgress?.({ done: i + 1, total: request.count, stage: 'writing melodies' });
      }
      return samples;
    },
  };
}

function settingsOf({ config }: Denoiser, vae: VaeNetwork): FamilySetting[] {
  const phraseBars = vae.config.shape.phraseSteps / GRID_PER_BAR;
  const most = config.shape.phrases * phraseBars;
  const number = (
    name: string,
    summary: string,
    range: readonly [number, number, number, number],
  ): FamilySetting => {
    const [min, max, step, initial] = range;
    return { kind: 'number', name, summary, min, max, step, default: initial };
  };
  return [
    number('bars', 'How long the melody is, without a hole.', [
      8 * phraseBars,
      most,
      4 * phraseBars,
      16 * phraseBars,
    ]),
    {
      kind: 'choice',
      name: 'form',
      summary: 'Sections; those of one letter are alike.',
      choices: FORMS,
      default: 'open',
    },
    { kind: 'choice', name: 'style', summary: 'The style.', choices: [ANY, ...config.styles], default: ANY },
    {
      kind: 'choice',
      name: 'key',
      summary: 'The key; any: that of the given piece, without one a key drawn for each melody.',
      choices: [ANY, ...KEY_CHOICES],
      default: ANY,
    },
    number('hole', 'First bar that is written anew; 0: no hole.', [0, most, 1, 0]),
    number('holeBars', 'How many bars are written anew.', [phraseBars, most, phraseBars, 4 * phraseBars]),
    number('guidance', 'How much the wishes are stressed; 1: as learned.', [0, 6, 0.5, GUIDANCE]),
    number('towards', 'How far new melodies go towards the given ones.', [0, 2, 0.1, 1]),
    ...MELODY_ATTRIBUTES.map((attribute) => number(...SLIDERS[attribute], [-2, 2, 0.25, 0])),
  ];
}

async function makeSample(
  denoiser: Denoiser,
  vae: VaeNetwork,
  melodies: readonly VoicedPiece[],
  settings: Readonly<Record<string, number | string>>,
  index: number,
  rng: Rng,
  signal: AbortSignal | undefined,
): Promise<Sample> {
  const hole = settings['hole'] as number;
  const asked = wishOf(denoiser, settings);
  const heard = melodies[0] && keyOfMelody(melodies[0].grid);
  const wish = { ...asked, key: asked.key ?? heard ?? drawKey(denoiser.config.majorShare, rng.fork('key')) };
  const guidance = settings['guidance'] as number;
  if (hole > 0) {
    const [melody] = melodies;
    if (!melody || melodies.length > 1) {
      throw new AttuneError('argument/invalid', `A hole is filled in one piece, not in ${melodies.length}.`, {
        hole,
      });
    }
    const bars = { first: hole - 1, count: settings['holeBars'] as number };
    const grid = await fillHole(denoiser, vae, melody.grid, bars, { wish, guidance }, rng, signal);
    const name = `filled ${index + 1}`;
    return { name, score: scoreOfVoices({ ...melody, grid }, MELODY.voices, name) };
  }
  const phrases = ((settings['bars'] as number) * GRID_PER_BAR) / vae.config.shape.phraseSteps;
  const form = settings['form'] as string;
  const liked = melodies.map(({ grid }) => meanLatent(vae, grid));
  const latents = await diffuse(
    denoiser,
    {
      phrases,
      wish,
      guidance,
      ...(form !== 'open' && { letters: lettersOfForm(form, phrases) }),
      ...(liked.length > 0 && { towards: tasteOf(denoiser, liked, settings['towards'] as number) }),
    },
    rng,
    signal,
  );
  const name = `melody ${index + 1}`;
  const written = joinGrids(latents.map((z) => vae.decodePhrase(z)));
  const grid = asked.key ? moveToKey(written, asked.key) : written;
  const { bpm, programs } = melodies[0] ?? { bpm: DEFAULT_BPM, programs: [FLUTE] };
  return { name, score: scoreOfVoices({ grid, bpm, programs }, MELODY.voices, name) };
}

function wishOf({ config }: Denoiser, settings: Readonly<Record<string, number | string>>): MelodyWish {
  const { means, deviations } = config.attributes;
  const attributes = Object.fromEntries(
    MELODY_ATTRIBUTES.flatMap((name, k) => {
      const amount = settings[SLIDERS[name][0]] as number;
      return amount === 0 ? [] : [[name, means[k]! + amount * deviations[k]!]];
    }),
  );
  const style = settings['style'] as string;
  const key = MELODY_KEYS[KEY_CHOICES.indexOf(settings['key'] as string)];
  return { attributes, ...(key && { key }), ...(style !== ANY && { style }) };
}

/** From the middle of training towards the middle of the liked melodies. */
function tasteOf({ scale }: Denoiser, liked: readonly Float32Array[], amount: number): Float32Array {
  return scale.means.map(
    (mean, d) => amount * (liked.reduce((sum, z) => sum + z[d]!, 0) / liked.length - mean),
  );
}

function meanLatent({ config, encodePhrase }: VaeNetwork, grid: VoiceGrid): Float32Array {
  const { phraseSteps, phrase } = config.shape;
  const count = Math.max(1, Math.floor(grid.length / phraseSteps));
  const sum = new Float32Array(phrase.latent);
  for (let p = 0; p < count; p++) {
    encodePhrase(windowOf(grid, MELODY.voices, p * phraseSteps, phraseSteps)).mean.forEach(
      (value, d) => (sum[d]! += value / count),
    );
  }
  return sum;
}

/**
 * The melody with some bars written anew, all other steps as they are. The network sees what stands around the hole, as many
 * phrases as it takes. Throws `argument/invalid` for a hole outside the melody or longer than what the network takes.
 */
export async function fillHole(
  denoiser: Denoiser,
  vae: VaeNetwork,
  grid: VoiceGrid,
  hole: { readonly first: number; readonly count: number },
  request: Pick<DiffuseRequest, 'wish' | 'guidance' | 'steps'>,
  rng: Rng,
  signal?: AbortSignal,
): Promise<VoiceGrid> {
  const { phraseSteps } = vae.config.shape;
  const [from, to] = [hole.first * GRID_PER_BAR, (hole.first + hole.count) * GRID_PER_BAR];
  if (hole.first < 0 || to > Math.ceil(grid.length / GRID_PER_BAR) * GRID_PER_BAR) {
    const bars = Math.ceil(grid.length / GRID_PER_BAR);
    throw new AttuneError(
      'argument/invalid',
      `The hole ends in bar ${hole.first + hole.count} of a melody of ${bars}.`,
      { bars },
    );
  }
  const holePhrases = Math.ceil((to - from) / phraseSteps);
  const most = denoiser.config.shape.phrases;
  const before = Math.floor(from / phraseSteps);
  const start = from - phraseSteps * Math.min(before, Math.floor((most - holePhrases) / 2)); // phrases lie from the hole on
  const after = Math.max(0, Math.ceil((grid.length - from) / phraseSteps) - holePhrases);
  const first = (from - start) / phraseSteps;
  const phrases = first + holePhrases + Math.min(after, most - holePhrases - first);
  const given = Array.from({ length: phrases }, (_, p) => {
    if (p >= first && p < first + holePhrases) return undefined;
    return vae.encodePhrase(windowOf(grid, MELODY.voices, start + p * phraseSteps, phraseSteps)).mean;
  });
  const latents = await diffuse(denoiser, { ...request, phrases, given }, rng, signal);
  const filled = joinGrids(latents.slice(first, first + holePhrases).map((z) => vae.decodePhrase(z)));
  const whole = windowOf(grid, MELODY.voices, 0, Math.max(grid.length, to));
  whole.set(filled.subarray(0, to - from), from);
  return whole;
}

/** Attributes of the whole of a melody, as wishes. */
export function wishLike(grid: VoiceGrid): MelodyWish {
  const values = melodyAttributesOf(grid);
  return { attributes: Object.fromEntries(MELODY_ATTRIBUTES.map((name, k) => [name, values[k]!])) };
}
