import { AttuneError, type OnProgress } from '@attune/core';
import type { GeneratedPiece, GenerationRequest, Generator } from '../generator.ts';
import { BATCH } from '../transformer/decoder-engine.ts';
import { PRECISIONS, type Precision } from '../transformer/decoder.ts';
import { performScore } from '../performance/perform-score.ts';
import { originality } from '../originality/originality.ts';
import type { Originality, OriginalityIndex } from '../originality/originality.ts';
import { wellFormedness } from '../well-formedness.ts';
import type { WellFormedness } from '../well-formedness.ts';
import { parseConditioning, parseNumber, parseWhole } from './request-options.ts';
import type { RequestOptions } from './request-options.ts';
import { parseTask } from './task-options.ts';
import type { TaskOptions } from './task-options.ts';
import type { Terminal } from './terminal.ts';
import { formatOf, writePiece } from './write-piece.ts';

export interface ComposeOptions extends RequestOptions, TaskOptions {
  readonly seed?: string;
  readonly temperature?: string;
  readonly topP?: string;
  readonly candidates?: string;
  readonly precision?: string;
  /** Played as musicians would, not as written. */
  readonly perform?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

/** What composing needs from outside; tests give their own. */
export interface ComposeWorld {
  readonly terminal: Terminal;
  loadGenerator(options?: { readonly precision: Precision }): Promise<Generator>;
  /** Undefined where no index is installed: originality is then not judged. */
  loadOriginality(): Promise<OriginalityIndex | undefined>;
  /** A fresh seed for a person who gives none. */
  newSeed(): number;
  readonly signal: AbortSignal;
}

export interface Candidate {
  readonly piece: GeneratedPiece;
  readonly craft: WellFormedness;
  readonly originality: Originality | undefined;
  /** Originality × craft; 0 for a piece that shares more with the training music than real pieces do. */
  readonly rank: number;
}

const MAX_CANDIDATES = 64;
/** Candidates written at the same time, sharing each reading of the weights. */
const TOGETHER = BATCH;
/** Pieces that are composed anew, with the seeds that follow, while all share more with the training music than real pieces do. */
const RETRIES = 7;
const MAX_SEED = Number.MAX_SAFE_INTEGER - RETRIES;

/**
 * Composes, ranks the candidates and writes the best. Throws `argument/invalid` for options that make no sense
 * before any work is done.
 */
export async function composeCommand(options: ComposeOptions, world: ComposeWorld): Promise<void> {
  const { terminal, signal } = world;
  const conditioning = parseConditioning(options);
  const count = parseWhole('candidates', options.candidates ?? '1', 1, MAX_CANDIDATES);
  const seed =
    options.seed === undefined ? world.newSeed() : parseWhole('seed', options.seed, 0, MAX_SEED - count);
  const temperature =
    options.temperature === undefined ? undefined : parseNumber('temperature', options.temperature, 0.01, 10);
  const topP = options.topP === undefined ? undefined : parseNumber('top-p', options.topP, 0.01, 1);
  if (options.output !== undefined) formatOf(options.output);
  const work = parseTask(options);

  const precision = parsePrecision(options.precision ?? 'float32');

  const [generator, index] = await Promise.all([world.loadGenerator({ precision }), world.loadOriginality()]);
  const requestOf = (own: number): GenerationRequest => ({
    conditioning,
    ...work,
    seed: own,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
  });
  const pieces: GeneratedPiece[] = [];
  while (pieces.length < count) {
    const first = pieces.length;
    const together = Math.min(TOGETHER, count - first);
    const requests = Array.from({ length: together }, (_, i) => requestOf(seed + first + i));
    const of = count === 1 ? '' : `candidates ${first + 1} to ${first + together} of ${count}: `;
    const onProgress = sumProgress(together, `${of}bar`, terminal.progress);
    pieces.push(
      ...(await Promise.all(
        requests.map((request, i) => generator.generate(request, { onProgress: onProgress(i), signal })),
      )),
    );
  }
  const candidates = pieces.map((piece) => judge(piece, index));
  const isOwn = !work.task && !work.prompt; // given music may well be known
  for (let more = 0; isOwn && more < RETRIES && candidates.every(isOverFloor); more++) {
    const next = requestOf(seed + count + more);
    candidates.push(judge(await generator.generate(next, { onProgress: terminal.progress, signal }), index));
  }
  terminal.clear();
  const best = pickBest(candidates);
  const file = options.output ?? `attune-${best.piece.conditioning.style ?? 'piece'}-${best.piece.seed}.mid`;
  const { score, conditioning: made, seed: own } = best.piece;
  const played = options.perform
    ? performScore(score, { seed: own, ...(made.style && { style: made.style }) })
    : score;
  await writePiece(file, played, { onProgress: terminal.progress, signal });
  terminal.clear();
  report(file, best, options.json ?? false, terminal);
}

function parsePrecision(name: string): Precision {
  const found = PRECISIONS.find((precision) => precision === name);
  if (!found) {
    throw new AttuneError(
      'argument/invalid',
      `There is no precision ${name}; it is ${PRECISIONS.join(' or ')}.`,
      {
        precision: name,
      },
    );
  }
  return found;
}

/** Progress of several works of the same kind as one. */
function sumProgress(works: number, stage: string, tell: OnProgress): (work: number) => OnProgress {
  const each = Array.from({ length: works }, () => ({ done: 0, total: 0 }));
  return (work) =>
    ({ done, total }) => {
      each[work] = { done, total };
      tell({
        done: each.reduce((sum, progress) => sum + progress.done, 0),
        total: Math.max(total * works, 1),
        stage,
      });
    };
}

/** Judges a piece by craft and, where there is an index, by originality. */
export function judge(piece: GeneratedPiece, index: OriginalityIndex | undefined): Candidate {
  const craft = wellFormedness(piece.score, { bars: piece.bars });
  const found = index && originality(piece.score, index, { style: piece.conditioning.style });
  const rank = found?.exceedsFloor ? 0 : craft.score * (found?.score ?? 1);
  return { piece, craft, originality: found, rank };
}

function isOverFloor({ originality: found }: Candidate): boolean {
  return found?.exceedsFloor ?? false;
}

/** The candidate of highest rank; of equals the first. */
export function pickBest(candidates: readonly Candidate[]): Candidate {
  const first = candidates[0];
  if (!first) throw new AttuneError('argument/invalid', 'There is no candidate to pick from.');
  return candidates.reduce((best, next) => (next.rank > best.rank ? next : best), first);
}

function report(
  file: string,
  { piece, craft, originality: found }: Candidate,
  json: boolean,
  terminal: Terminal,
): void {
  if (json) {
    const { score: _, ...facts } = piece;
    terminal.print(
      JSON.stringify({ file, ...facts, wellFormedness: craft, ...(found && { originality: found }) }),
    );
    return;
  }
  terminal.print(file);
  const { style, tempo, meter } = piece.conditioning;
  const words = [
    style,
    meter && `${meter.numerator}/${meter.denominator}`,
    tempo !== undefined && `${Math.round(tempo)} bpm`,
    `${piece.bars} bars`,
    `seed ${piece.seed}`,
    `craft ${craft.score.toFixed(2)}`,
    found && `originality ${found.score.toFixed(2)}`,
  ].filter((word) => typeof word === 'string');
  terminal.say(words.join(', '));
  for (const fault of craft.faults) terminal.say(`note: ${fault.message}`);
  if (found?.exceedsFloor) {
    terminal.say(
      `warning: ${found.longestRun} notes in a row occur in the training music; try another --seed or more --candidates.`,
    );
  }
}
