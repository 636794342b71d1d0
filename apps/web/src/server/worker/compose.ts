import type { Progress, Score } from '@attune/core';
import {
  AttuneError,
  createMeterMap,
  createRng,
  createTempoMap,
  scoreEndTick,
  sliceScore,
  throwIfCancelled,
} from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import type { Conditioning } from '@attune/core/style';
import { DRUMS, STYLE_SPACE, STYLES } from '@attune/core/style';
import type { GeneratedPiece, GenerationTask, Generator, OriginalityIndex } from '@attune/generate';
import { fitsRange, formMerit, originality, wellFormedness } from '@attune/generate';
import type { Anchor, Item, Posterior } from '@attune/recommend';
import {
  candidateWorth,
  createFeatureMap,
  explain,
  inferMood,
  inferPosterior,
  isRefused,
  predict,
  tasteConditioning,
} from '@attune/recommend';
import type { PianoRollData, Reason } from '../../api/types.ts';
import { rollOf } from '../music/roll.ts';
import { taskTitleOf, titleOf } from '../music/title.ts';
import { keyLabel } from '../music/words.ts';
import { reasonOf } from '../services/explain.ts';
import { describeScore } from './describe.ts';
import { sketchOfScore } from './search/sketch.ts';
import { generatorId, generatorOnce, originalityOnce, tokenizerId } from './models.ts';
import type {
  ComposeOrder,
  ComposeProgress,
  Composition,
  Description,
  ListenerBrief,
  OrderTask,
} from './protocol.ts';
import type { TaskContext } from './tasks.ts';

/** A piece among the candidates, and what speaks for it. */
interface Candidate {
  readonly piece: GeneratedPiece;
  readonly description: Description;
  /** Expected liking of the listener, −1 … 1. */
  readonly liking: number;
  readonly craft: number;
  readonly originality: number | null;
  /** Probability that the classifier gives to the style that was asked for; null where none was. */
  readonly agreement: number | null;
  /** How much it rests, ends at home and keeps to its sections; null where that cannot be said. */
  readonly form: number | null;
  /** Shares more with the training music than real pieces do: never shown. */
  readonly copies: boolean;
  /** The listener said "never" to what it turned out to be: kept only where all are so. */
  readonly refused: boolean;
}

/** A candidate that copies is replaced; after this many more tries the wish is given up. */
const MORE_TRIES = 4;

/**
 * Writes several pieces for one wish and keeps the one that the listener is expected to like best, of those that are
 * well made and original. Where taste decides, each candidate has a wish of its own, drawn from the taste: the less is
 * known, the more they differ. Throws `model/invalid` where every try copies, `cancelled`.
 */
export async function compose(order: ComposeOrder, context: TaskContext): Promise<Composition> {
  const generator = await generatorOnce();
  if (!generator.model)
    throw new AttuneError('checkpoint/malformed', `Composing is not possible: ${generator.fault}`);
  const index = (await originalityOnce()).model ?? undefined;
  const posterior = posteriorOf(order.listener);
  const task = order.task ? taskOf(order.task) : undefined;
  const kept: Candidate[] = [];
  for (let i = 0; kept.length < order.candidates && i < order.candidates + MORE_TRIES; i++) {
    throwIfCancelled(context.signal);
    const candidate = await tryOne({
      order,
      context,
      generator: generator.model,
      index,
      posterior,
      task,
      number: i,
    });
    if (!candidate.copies) kept.push(candidate);
  }
  const [first, ...others] = kept;
  if (!first)
    throw new AttuneError(
      'model/invalid',
      'Every piece came out too close to known music; try another seed.',
    );
  const best = others.reduce((a, b) => (isBetter(b, a) ? b : a), first);
  return finish(best, kept.length, order, posterior);
}

function isBetter(a: Candidate, b: Candidate): boolean {
  return a.refused === b.refused ? rankOf(a) > rankOf(b) : b.refused;
}

function rankOf({ craft, ...merits }: Candidate): number {
  return candidateWorth({ ...merits, wellFormedness: craft });
}

interface Attempt {
  readonly order: ComposeOrder;
  readonly context: TaskContext;
  readonly generator: Generator;
  readonly index: OriginalityIndex | undefined;
  readonly posterior: Posterior;
  readonly task: SourceTask | undefined;
  readonly number: number;
}

async function tryOne({
  order,
  context,
  generator,
  index,
  posterior,
  task,
  number,
}: Attempt): Promise<Candidate> {
  const seed = order.seed + number;
  const conditioning = conditioningOf(order, posterior, number);
  const takesBars = !task || task.kind === 'continue';
  const report = reporterOf(context, order.candidates, number, seed, conditioning);
  const piece = await generator.generate(
    { conditioning, seed, ...(task && { task }), ...(takesBars && { bars: order.bars }) },
    { signal: context.signal, onBar: report.bar, onProgress: report.progress },
  );
  report.end(piece.bars);
  const description = await describeScore(piece.score);
  const style = piece.conditioning.style ?? null;
  const item = itemOf(description, style);
  // Where given music stays in the piece it is that music that would be judged.
  const found =
    index && takesBars
      ? originality(withoutPrompt(piece.score, piece.promptBars), index, { style: piece.conditioning.style })
      : undefined;
  return {
    piece,
    description,
    liking: item ? predict(posterior, item).mean : 0,
    craft: wellFormedness(piece.score, { bars: piece.bars }).score,
    originality: found?.score ?? null,
    agreement: agreementOf(description, conditioning.style),
    form: formMerit(piece.score, piece.bars, piece.conditioning.form) ?? null,
    copies: found?.exceedsFloor === true,
    refused: item !== undefined && isRefused(item, order.listener.taste.steers, STYLE_SPACE),
  };
}

type SourceTask = Exclude<GenerationTask, { readonly kind: 'compose' }>;

function taskOf({ midi, title: _, ...task }: OrderTask): SourceTask {
  return { ...task, score: readMidi(midi) };
}

/** Tells how one candidate of several comes on: shares of the whole work, and the piece up to each finished bar. */
function reporterOf(
  { onProgress }: TaskContext,
  candidates: number,
  number: number,
  seed: number,
  wish: Conditioning,
) {
  const news = { candidate: number + 1, seed };
  const place = Math.min(number, candidates - 1);
  let written: Pick<ComposeProgress, 'bars' | 'preview' | 'ready'> = {};
  let bars = 1;
  return {
    bar: (bar: number, score: () => Score): void => {
      const now = score();
      written = { bars: bar, preview: previewOf(now, wish), ready: secondsBefore(now, bar) };
    },
    progress: ({ done, total }: Progress): void => {
      bars = total;
      onProgress({
        ...news,
        stage: 'writing',
        done: place * total + done,
        total: candidates * total,
        ...written,
      });
    },
    end: (all: number): void =>
      onProgress({
        ...news,
        stage: 'listening',
        done: (place + 1) * bars,
        total: candidates * bars,
        bars: all,
      }),
  };
}

/** Where the bar after `bars` bars begins, in seconds. */
function secondsBefore(score: Score, bars: number): number {
  return createTempoMap(score).secondsAt(createMeterMap(score).barStart(bars));
}

function agreementOf({ classifications }: Description, style: string | undefined): number | null {
  const probabilities = classifications[0]?.probabilities;
  if (style === undefined || !probabilities) return null;
  return probabilities.find(({ label }) => label === style)?.probability ?? 0;
}

/** What was asked for; where it is open and a new piece is to follow taste, a wish drawn from the taste fills it. */
function conditioningOf(
  { conditioning, followsTaste, task, listener, seed }: ComposeOrder,
  posterior: Posterior,
  candidate: number,
): Conditioning {
  const asked = conditioning ?? {};
  if (conditioning !== null && (!followsTaste || task)) return asked;
  const { form, ...wish } = wishOf(listener, posterior, { seed: seed + candidate, candidate }, asked);
  // Sections are only what was asked for: they go with a length.
  return { ...wish, ...(conditioning === null && form !== undefined && { form }), ...asked };
}

/** A wish drawn from the taste, from music that suits what was asked for; an open one where there is none to start from. */
function wishOf(
  { anchors, taste }: ListenerBrief,
  posterior: Posterior,
  { seed, candidate }: { readonly seed: number; readonly candidate: number },
  asked: Conditioning,
): Conditioning {
  const fitting = anchors.filter((anchor) => suits(anchor, asked));
  return fitting.length > 0
    ? tasteConditioning(posterior, fitting, createRng(seed).fork('wish'), taste.steers, { candidate })
    : {};
}

/** Whether a wish can start from this music: its style is the one asked for, and its band plays in the key and range. */
function suits(
  { item, conditioning }: Anchor,
  { style, instruments, tonic, mode, range }: Conditioning,
): boolean {
  if (style !== undefined && item.style !== style) return false;
  if (instruments) return true;
  const band = conditioning.instruments ?? item.instruments;
  const needsPitch = tonic !== undefined || mode !== undefined || range !== undefined;
  if (needsPitch && band.every((instrument) => instrument === DRUMS)) return false;
  return range === undefined || band.every((instrument) => fitsRange(instrument, range));
}

function posteriorOf({ taste, items, now, moodItems }: ListenerBrief): Posterior {
  const byId = new Map(items.map((item) => [item.id, item]));
  const map = createFeatureMap(STYLE_SPACE, STYLES);
  const find = (id: string): Item | undefined => byId.get(id);
  return moodItems ? inferMood(taste, map, find, now, moodItems) : inferPosterior(taste, map, find, now);
}

function itemOf({ vector, instruments }: Description, style: string | null): Item | undefined {
  return vector ? { id: 'candidate', vector, style, instruments } : undefined;
}

/** The composed part of a continued piece: what was given is not to be judged. */
function withoutPrompt(score: Score, promptBars: number): Score {
  return promptBars <= 0
    ? score
    : sliceScore(score, createMeterMap(score).barStart(promptBars), scoreEndTick(score));
}

function previewOf(score: Score, { tonic, mode }: Conditioning): PianoRollData {
  return rollOf(score, keyLabel(tonic, mode));
}

function finish(best: Candidate, count: number, order: ComposeOrder, posterior: Posterior): Composition {
  const { piece, description } = best;
  const { energy, valence } = piece.analysis;
  const title = order.task?.title
    ? taskTitleOf(order.task.title, order.task.kind)
    : titleOf({ ...piece.conditioning, energy, valence }, createRng(piece.seed).fork('title'));
  return {
    title,
    midi: writeMidi({ ...piece.score, title }),
    // It was written in this key, whatever a key finder hears in a few bars.
    description: {
      ...description,
      sketch: sketchOfScore(piece.score),
      tonic: piece.conditioning.tonic ?? null,
      mode: piece.conditioning.mode ?? null,
    },
    modelVersion: generatorId(piece.modelVersion),
    tokenizer: tokenizerId(),
    seed: piece.seed,
    bars: piece.bars - piece.promptBars,
    conditioning: piece.conditioning,
    originality: best.originality,
    wellFormedness: best.craft,
    candidates: count,
    reasons:
      order.conditioning === null || order.followsTaste ? reasonsOf(best, order.listener, posterior) : [],
  };
}

/** Why the listener is expected to like it: the same parts of the taste that rank the catalogue. */
function reasonsOf(
  { piece, description }: Candidate,
  { titles }: ListenerBrief,
  posterior: Posterior,
): Reason[] {
  const item = itemOf(description, piece.conditioning.style ?? null);
  if (!item) return [];
  return explain(posterior, item).flatMap((reason) => reasonOf(reason, (id) => titles[id]) ?? []);
}
