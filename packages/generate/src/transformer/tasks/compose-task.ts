import { createRng, throwIfCancelled, type Score } from '@attune/core';
import { analyseScore } from '@attune/core/style';
import { compoundToGrid, type GridNote } from '@attune/core/tokens';
import type { GeneratedPiece, GenerationHooks, GenerationRequest } from '../../generator.ts';
import { Composer } from '../composer.ts';
import { binsOfConditioning } from '../conditions.ts';
import type { TransformerConfig } from '../config.ts';
import type { Decoder } from '../decoder.ts';
import { createInputLayout } from '../input-layout.ts';
import { resolveConditioning } from '../resolve.ts';
import { drawNotes, samplingOf, withKey } from '../sampling.ts';
import { readGivenMusic, writeIntoScore, type GivenMusic } from './given-music.ts';
import { planTask, type GivenTask, type PlannedPart, type TaskPlan } from './plan-task.ts';
import { compareNotes } from './task-window.ts';

/** Writes beside given notes. Throws `argument/invalid` where the task does not suit the music. */
export async function composeTask(
  config: TransformerConfig,
  decoders: readonly [Decoder, Decoder?],
  request: GenerationRequest,
  task: GivenTask,
  hooks: GenerationHooks,
): Promise<GeneratedPiece> {
  const rng = createRng(request.seed);
  const given = readGivenMusic(task.score, request.conditioning);
  const plan = planTask(task, given, request.conditioning, rng.fork('plan'));
  const resolved = resolveConditioning(
    config,
    { ...given.conditioning, ...request.conditioning, instruments: plan.instruments },
    rng.fork('conditioning'),
  );
  const total = plan.parts.reduce((sum, { firstBar, endBar }) => sum + endBar - firstBar, 0);
  const scoreOf = (written: readonly GridNote[]): Score =>
    withKey(writeIntoScore(given, plan.kept, written), resolved);
  let written: readonly GridNote[] = [];
  let done = 0;
  let [nats, composed] = [0, 0];
  for (const [index, part] of plan.parts.entries()) {
    const before = written;
    const composer = new Composer({
      ...samplingOf(request, config),
      decoders,
      layout: createInputLayout(config.conditions, config.abilities),
      bins: binsOfConditioning(config.conditions, resolved),
      meter: given.meter,
      instruments: plan.writes,
      wanted: part.kind === 'accompany' || part.kind === 'reorchestrate' ? plan.writes : [],
      mode: resolved.mode,
      density: undefined, // counts all instruments: told to the model, not steered
      tension: resolved.tension,
      prior: config.priors[resolved.style],
      ...(resolved.range && { range: resolved.range }),
      shift: given.shift,
      bars: part.endBar - part.firstBar,
      leastBars: part.leastBars,
      part: partOf(part, plan, given, before),
      prompt: undefined,
      rng: rng.fork(`notes ${index}`),
    });
    const notesNow = (): GridNote[] => [...before, ...notesOf(composer, part.firstBar, given)];
    await drawNotes(composer, hooks, (bar) => {
      hooks.onBar?.(part.firstBar + bar, () => scoreOf(notesNow()));
      hooks.onProgress?.({ done: ++done, total, stage: 'composing' });
    });
    written = notesNow();
    nats += composer.nats;
    composed += composer.composed;
    throwIfCancelled(hooks.signal);
  }
  const score = scoreOf(written);
  return {
    score,
    conditioning: { ...resolved, instruments: plan.asked },
    analysis: analyseScore(score),
    seed: request.seed,
    bars: given.bars,
    promptBars: 0,
    modelVersion: config.version,
    nats: nats / Math.max(1, composed),
  };
}

/** What is given to one part: the plan's notes, and what earlier parts wrote. */
function partOf(part: PlannedPart, plan: TaskPlan, given: GivenMusic, written: readonly GridNote[]) {
  return {
    wishes: { kind: part.kind, writes: plan.writes },
    given: plan.sketch ?? [...plan.kept, ...written].sort(compareNotes),
    isSketch: plan.sketch !== undefined,
    firstBar: part.firstBar,
    endBar: part.endBar,
    pieceBars: given.bars,
  };
}

function notesOf(composer: Composer, firstBar: number, { meter, shift }: GivenMusic): GridNote[] {
  const { notes } = compoundToGrid({ steps: Int16Array.from(composer.steps), meter, shift });
  return notes.map((note) => ({ ...note, bar: note.bar + firstBar }));
}
