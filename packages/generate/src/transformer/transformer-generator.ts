import { AttuneError, createRng, throwIfCancelled, type Score } from '@attune/core';
import { readCheckpoint, type FileMap } from '@attune/core/nn';
import { analyseScore, type Conditioning, type Style } from '@attune/core/style';
import {
  barStepsOf,
  canonicalShift,
  decodeCompound,
  encodeCompound,
  type CompoundSequence,
} from '@attune/core/tokens';
import type { GeneratedPiece, GenerationHooks, GenerationRequest, Generator } from '../generator.ts';
import { Composer } from './composer.ts';
import { binsOfConditioning } from './conditions.ts';
import { parseTransformerConfig, TRANSFORMER_KIND, type TransformerConfig } from './config.ts';
import { createDecoderWeights, DecoderPool, type Decoder } from './decoder.ts';
import { createInputLayout } from './input-layout.ts';
import { densityOfEnergy } from './mood-wishes.ts';
import { checkConditioning, resolveConditioning, type ResolvedConditioning } from './resolve.ts';

/** Longest piece that a request may ask for, in bars. */
export const MAX_BARS = 256;
const DEFAULT_TEMPERATURE = 1;
const DEFAULT_TOP_P = 0.98;
const DEFAULT_GUIDANCE = 1;
/** Notes between two turns of the event loop. */
const NOTES_PER_TURN = 16;

/**
 * A composer from the files of a checkpoint (config.json, weights.safetensors).
 * Throws `checkpoint/malformed` or `checkpoint/mismatch`.
 */
export function createGenerator(files: FileMap): Generator {
  const checkpoint = readCheckpoint(files, { kind: TRANSFORMER_KIND });
  const config = parseTransformerConfig(checkpoint.config);
  const decoders = new DecoderPool(createDecoderWeights(config.shape, checkpoint.parameters));
  let parameters = 0;
  for (const { data } of checkpoint.parameters.values()) parameters += data.length;
  return {
    info: {
      version: config.version,
      styles: Object.keys(config.priors) as Style[],
      meters: config.conditions.meters,
      parameters,
    },
    generate: async (request, hooks = {}) => {
      checkRequest(request);
      throwIfCancelled(hooks.signal);
      return decoders.use((told) =>
        (request.guidance ?? DEFAULT_GUIDANCE) === 1
          ? compose(config, [told], request, hooks)
          : decoders.use((plain) => compose(config, [told, plain], request, hooks)),
      );
    },
  };
}

async function compose(
  config: TransformerConfig,
  pair: readonly [Decoder, Decoder?],
  request: GenerationRequest,
  hooks: GenerationHooks,
): Promise<GeneratedPiece> {
  const rng = createRng(request.seed);
  const opening = request.prompt && readPrompt(request.prompt, request.conditioning);
  const resolved = resolveConditioning(
    config,
    { ...opening?.conditioning, ...request.conditioning },
    rng.fork('conditioning'),
  );
  const { tonic, mode, meter, tempo } = resolved;
  const prompt = opening && encodePrompt(request.prompt, resolved);
  const instruments = [
    ...new Set([...resolved.instruments, ...(opening?.conditioning.instruments ?? [])]),
  ].sort((a, b) => a - b);
  const shift =
    prompt?.shift ?? (tonic !== undefined && mode !== undefined ? canonicalShift(tonic, mode) : 0);
  const promptBars = prompt?.bars ?? 0;
  const bars = promptBars + request.bars;
  const composer = new Composer({
    decoders: pair,
    layout: createInputLayout(config.conditions),
    bins: binsOfConditioning(config.conditions, { ...resolved, instruments }),
    meter,
    instruments,
    wanted: resolved.instruments,
    mode,
    density: resolved.density ?? densityOfEnergy(config.conditions, { ...resolved, instruments }, tempo),
    tension: resolved.tension,
    guidance: request.guidance ?? DEFAULT_GUIDANCE,
    prior: config.priors[resolved.style],
    shift,
    bars,
    prompt,
    temperature: request.temperature ?? DEFAULT_TEMPERATURE,
    topP: request.topP ?? DEFAULT_TOP_P,
    rng: rng.fork('notes'),
  });
  const scoreNow = (): Score =>
    decodeCompound({ steps: Int16Array.from(composer.steps), meter, shift }, { tempo, title: '' });

  let told = promptBars;
  for (let turn = 1; !composer.ended; turn++) {
    composer.next();
    const complete = composer.ended ? bars : composer.bar;
    for (; told < complete; told++) {
      hooks.onBar?.(told + 1, scoreNow);
      hooks.onProgress?.({ done: told + 1 - promptBars, total: request.bars, stage: 'composing' });
    }
    if (turn % NOTES_PER_TURN === 0) {
      throwIfCancelled(hooks.signal);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  const score = withKey(scoreNow(), resolved);
  return {
    score,
    conditioning: resolved,
    analysis: analyseScore(score),
    seed: request.seed,
    bars,
    promptBars,
    modelVersion: config.version,
    nats: composer.nats / Math.max(1, composer.composed),
  };
}

function checkRequest({
  bars,
  temperature = 1,
  topP = 1,
  guidance = 1,
  conditioning,
}: GenerationRequest): void {
  const fail = (name: string, value: number, range: string): never => {
    throw new AttuneError('argument/invalid', `${name} is ${value}; it can be ${range}.`, { [name]: value });
  };
  if (!Number.isInteger(bars) || bars < 1 || bars > MAX_BARS)
    fail('bars', bars, `a whole number from 1 to ${MAX_BARS}`);
  if (!(temperature > 0 && temperature <= 10)) fail('temperature', temperature, 'above 0 and at most 10');
  if (!(topP > 0 && topP <= 1)) fail('topP', topP, 'above 0 and at most 1');
  if (!(guidance >= 0 && guidance <= 10)) fail('guidance', guidance, '0 to 10');
  checkConditioning(conditioning);
}

/** What a prompt says about the wishes that the request leaves open. */
function readPrompt(prompt: Score, wish: Conditioning): { conditioning: Conditioning } {
  const { tempo, meter, tonic, mode, instruments } = analyseScore(prompt);
  if (wish.meter && barStepsOf(wish.meter) !== barStepsOf(meter)) {
    throw new AttuneError(
      'argument/invalid',
      `The music to continue is in ${meter.numerator}/${meter.denominator}; it cannot go on in ${wish.meter.numerator}/${wish.meter.denominator}.`,
    );
  }
  return {
    conditioning: {
      tempo: Math.min(400, Math.max(10, tempo)),
      meter: { numerator: meter.numerator, denominator: meter.denominator },
      ...(tonic !== undefined && { tonic }),
      ...(mode !== undefined && { mode }),
      instruments,
    },
  };
}

/** The notes of a prompt in the canonical key, without END. Throws `argument/invalid` for a prompt without notes. */
function encodePrompt(prompt: Score, { tonic, mode }: ResolvedConditioning): CompoundSequence {
  const shift = tonic !== undefined && mode !== undefined ? canonicalShift(tonic, mode) : 0;
  const { steps, barOf, bars, meter } = encodeCompound(prompt, { shift });
  const notes = barOf.length - 1;
  return {
    steps: steps.subarray(0, notes * (steps.length / barOf.length)),
    barOf: barOf.subarray(0, notes),
    bars,
    meter,
    shift,
  };
}

/** Writes the key into the score, where there is one. */
function withKey(score: Score, { tonic, mode }: Conditioning): Score {
  if (tonic === undefined || mode === undefined) return score;
  return { ...score, keys: [{ tick: 0, fifths: fifthsOf(tonic, mode), mode }] };
}

/** Sharps (> 0) or flats (< 0) of a key, −6 … 6 (five flats rather than seven sharps). */
export function fifthsOf(tonic: number, mode: 'major' | 'minor'): number {
  const major = mode === 'major' ? tonic : (tonic + 3) % 12;
  const fifths = (major * 7) % 12;
  return fifths > 6 ? fifths - 12 : fifths;
}
