import { AttuneError, createRng, throwIfCancelled, type Score } from '@attune/core';
import { readCheckpoint, type FileMap } from '@attune/core/nn';
import { analyseScore, DRUMS, type Conditioning, type Style } from '@attune/core/style';
import {
  barStepsOf,
  canonicalShift,
  decodeCompound,
  encodeCompound,
  type CompoundSequence,
} from '@attune/core/tokens';
import type {
  GeneratedPiece,
  GenerationHooks,
  GenerationRequest,
  GenerationTask,
  GenerationTaskKind,
  Generator,
} from '../generator.ts';
import { Composer } from './composer.ts';
import { binsOfConditioning } from './conditions.ts';
import { parseTransformerConfig, TRANSFORMER_KIND, type TransformerConfig } from './config.ts';
import { createDecoderWeights, DecoderPool, type Decoder, type DecoderWeightsOptions } from './decoder.ts';
import { wishedForm } from './form/wished-form.ts';
import { createInputLayout, TASK_KINDS } from './input-layout.ts';
import { densityOfEnergy } from './mood-wishes.ts';
import { checkConditioning, resolveConditioning, type ResolvedConditioning } from './resolve.ts';
import { drawNotes, samplingOf, withKey } from './sampling.ts';
import { composeTask } from './tasks/compose-task.ts';
import { checkRange } from './wished-range.ts';

/** Longest piece that a request may ask for, in bars. */
export const MAX_BARS = 256;
/** Tasks that every model can do. */
const PLAIN_TASKS: readonly GenerationTaskKind[] = ['compose', 'continue'];

/**
 * A composer from the files of a checkpoint (config.json, weights.safetensors). Pieces composed at the same time
 * (`Promise.all`) are written note by note in turn and share each reading of the weights, and get
 * the same notes. With `precision: 'int8'` it composes other pieces, faster, and its version ends in -int8.
 * Throws `checkpoint/malformed` or `checkpoint/mismatch`.
 */
export function createGenerator(files: FileMap, options: DecoderWeightsOptions = {}): Generator {
  const checkpoint = readCheckpoint(files, { kind: TRANSFORMER_KIND });
  const parsed = parseTransformerConfig(checkpoint.config);
  const config = options.precision === 'int8' ? { ...parsed, version: `${parsed.version}-int8` } : parsed;
  const decoders = new DecoderPool(createDecoderWeights(config.shape, checkpoint.parameters, options));
  let parameters = 0;
  for (const { data } of checkpoint.parameters.values()) parameters += data.length;
  return {
    info: {
      version: config.version,
      styles: Object.keys(config.priors) as Style[],
      meters: config.conditions.meters,
      parameters,
      tasks: tasksOf(config),
      knowsForm: config.abilities?.includes('form') ?? false,
    },
    generate: async (request, hooks = {}) => {
      checkRequest(request, config);
      throwIfCancelled(hooks.signal);
      const { task } = request;
      const work = (pair: readonly [Decoder, Decoder?]): Promise<GeneratedPiece> =>
        !task || task.kind === 'compose'
          ? compose(config, pair, request, request.prompt, hooks)
          : task.kind === 'continue'
            ? compose(config, pair, request, task.score, hooks)
            : composeTask(config, pair, request, task, hooks);
      return decoders.use((told) =>
        samplingOf(request, config).guidance === 1
          ? work([told])
          : decoders.use((plain) => work([told, plain])),
      );
    },
  };
}

function tasksOf({ abilities }: TransformerConfig): readonly GenerationTaskKind[] {
  return abilities?.includes('tasks') ? [...PLAIN_TASKS, ...TASK_KINDS] : PLAIN_TASKS;
}

async function compose(
  config: TransformerConfig,
  pair: readonly [Decoder, Decoder?],
  request: GenerationRequest,
  music: Score | undefined,
  hooks: GenerationHooks,
): Promise<GeneratedPiece> {
  const rng = createRng(request.seed);
  const opening = music && readPrompt(music, request.conditioning);
  const resolved = resolveConditioning(
    config,
    { ...opening?.conditioning, ...request.conditioning },
    rng.fork('conditioning'),
  );
  const { tonic, mode, meter, tempo } = resolved;
  const prompt = music && encodePrompt(music, resolved);
  const instruments = [
    ...new Set([...resolved.instruments, ...(opening?.conditioning.instruments ?? [])]),
  ].sort((a, b) => a - b);
  if (resolved.range) checkRange(instruments, resolved.range);
  const shift =
    prompt?.shift ?? (tonic !== undefined && mode !== undefined ? canonicalShift(tonic, mode) : 0);
  const promptBars = prompt?.bars ?? 0;
  const written = request.bars!; // checked
  const bars = promptBars + written;
  const form = resolved.form === undefined ? undefined : wishedForm(resolved.form, bars);
  const composer = new Composer({
    ...samplingOf(request, config),
    decoders: pair,
    layout: createInputLayout(config.conditions, config.abilities),
    ...(form && { form }),
    bins: binsOfConditioning(config.conditions, { ...resolved, instruments }),
    meter,
    instruments,
    wanted: resolved.instruments,
    mode,
    density: resolved.density ?? densityOfEnergy(config.conditions, { ...resolved, instruments }, tempo),
    tension: resolved.tension,
    prior: config.priors[resolved.style],
    ...(resolved.range && { range: resolved.range }),
    shift,
    bars,
    prompt,
    rng: rng.fork('notes'),
  });
  const scoreNow = (): Score =>
    decodeCompound({ steps: Int16Array.from(composer.steps), meter, shift }, { tempo, title: '' });

  await drawNotes(
    composer,
    hooks,
    (bar) => {
      hooks.onBar?.(bar, scoreNow);
      hooks.onProgress?.({ done: bar - promptBars, total: written, stage: 'composing' });
    },
    promptBars,
  );
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
    ...(pair[1] && { evidence: (composer.plainNats - composer.nats) / Math.max(1, composer.composed) }),
  };
}

function checkRequest(
  { bars, temperature = 1, topP = 1, guidance = 1, conditioning, task, prompt }: GenerationRequest,
  config: TransformerConfig,
): void {
  const fail = (name: string, value: number | undefined, range: string): never => {
    throw new AttuneError('argument/invalid', `${name} is ${value}; it can be ${range}.`, {
      [name]: String(value),
    });
  };
  checkAbilities(task, conditioning, config);
  if (task && prompt)
    throw new AttuneError('argument/invalid', 'A request has a task or a prompt, not both.', {
      task: task.kind,
    });
  const takesBars = !task || PLAIN_TASKS.includes(task.kind);
  if (takesBars && !(Number.isInteger(bars) && bars! >= 1 && bars! <= MAX_BARS))
    fail('bars', bars, `a whole number from 1 to ${MAX_BARS}`);
  if (!takesBars && bars !== undefined)
    throw new AttuneError('argument/invalid', `The bars of ${task.kind} are those of what is given.`, {
      bars,
    });
  if (!(temperature > 0 && temperature <= 10)) fail('temperature', temperature, 'above 0 and at most 10');
  if (!(topP > 0 && topP <= 1)) fail('topP', topP, 'above 0 and at most 1');
  if (!(guidance >= 0 && guidance <= 10)) fail('guidance', guidance, '0 to 10');
  checkConditioning(conditioning);
  const { instruments, tonic, mode } = conditioning;
  const isDrumsAlone = instruments?.every((instrument) => instrument === DRUMS) ?? false;
  if (isDrumsAlone && !prompt && (!task || task.kind === 'compose') && (tonic ?? mode) !== undefined)
    throw new AttuneError(
      'argument/invalid',
      'Drums alone have no key: leave the key open, or ask for another instrument too.',
      { instruments: DRUMS },
    );
}

/** Throws `argument/invalid` for what the model never learned. */
function checkAbilities(
  task: GenerationTask | undefined,
  { form, range }: Conditioning,
  config: TransformerConfig,
): void {
  const known = tasksOf(config);
  if (task && !known.includes(task.kind)) {
    throw new AttuneError(
      'argument/invalid',
      `${config.version} cannot ${task.kind}; it can ${known.slice(0, -1).join(', ')} and ${known.at(-1)}.`,
      { task: task.kind, model: config.version },
    );
  }
  if (form !== undefined && !config.abilities?.includes('form')) {
    throw new AttuneError(
      'argument/invalid',
      `${config.version} does not know sections; leave the form open.`,
      {
        form,
        model: config.version,
      },
    );
  }
  if (range !== undefined && task?.kind === 'reorchestrate')
    throw new AttuneError('argument/invalid', 'The pitches of reorchestrate are those of what is given.', {
      range: range.join(' to '),
    });
  if (form !== undefined && task && !PLAIN_TASKS.includes(task.kind))
    throw new AttuneError('argument/invalid', `The form of ${task.kind} is that of what is given.`, { form });
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
