import { AttuneError } from '@attune/core';
import type { GenerationTask } from '../generator.ts';
import { readScoreFile } from './read-score-file.ts';
import { parseNumber, parseWhole } from './request-options.ts';

/** Tasks as they are typed: each names the MIDI file that is given. */
export interface TaskOptions {
  readonly bars?: string;
  readonly continue?: string;
  readonly infill?: string;
  readonly accompany?: string;
  readonly reorchestrate?: string;
  readonly vary?: string;
  readonly keep?: string;
  readonly unit?: string;
}

const FILE_TASKS = ['continue', 'infill', 'accompany', 'reorchestrate', 'vary'] as const;
const DEFAULT_BARS = '16';

/** The task that the options name, and the bars to compose where the task leaves them open. */
export interface ParsedTask {
  /** Absent: compose. A file to continue comes as a prompt. */
  readonly task?: GenerationTask;
  readonly prompt?: Extract<GenerationTask, { kind: 'continue' }>['score'];
  readonly bars?: number;
}

/** Throws `argument/invalid` for two tasks at once, options of another task, or a file that cannot be read. */
export function parseTask(options: TaskOptions): ParsedTask {
  const named = FILE_TASKS.filter((name) => options[name] !== undefined);
  if (named.length > 1) {
    throw new AttuneError(
      'argument/invalid',
      `--${named[0]} and --${named[1]} are two tasks; ask for one at a time.`,
    );
  }
  const [kind] = named;
  for (const option of ['keep', 'unit'] as const)
    if (options[option] !== undefined && kind !== 'vary')
      throw new AttuneError('argument/invalid', `--${option} goes with --vary.`, {
        [option]: options[option],
      });
  if (kind === undefined) return { bars: composedBars(options) };
  if (kind === 'continue') return { bars: composedBars(options), prompt: readScoreFile(options.continue!) };
  if (kind === 'infill') {
    const bars = parseBarRange(options.bars);
    return { task: { kind, score: readScoreFile(options.infill!), bars } };
  }
  if (options.bars !== undefined)
    throw new AttuneError(
      'argument/invalid',
      `--bars does not go with --${kind}: its bars are those of the file.`,
    );
  if (kind === 'vary') {
    const keep = parseNumber('keep', options.keep ?? '0.7', 0.01, 0.99);
    const unit = parseUnit(options.unit ?? 'bars');
    return { task: { kind, score: readScoreFile(options.vary!), keep, unit } };
  }
  return { task: { kind, score: readScoreFile(options[kind]!) } };
}

function composedBars({ bars }: TaskOptions): number {
  return parseWhole('bars', bars ?? DEFAULT_BARS, 1, 256);
}

/** '5-8', or '5' for one bar. */
function parseBarRange(text: string | undefined): [number, number] {
  const match = /^\s*(\d{1,6})\s*(?:[-–]\s*(\d{1,6}))?\s*$/.exec(text ?? '');
  if (match) return [Number(match[1]), Number(match[2] ?? match[1])];
  const found = text === undefined ? 'nothing' : `"${text}"`;
  throw new AttuneError(
    'argument/invalid',
    `--infill takes --bars FIRST-LAST, for example 5-8, not ${found}.`,
  );
}

function parseUnit(text: string): 'bars' | 'notes' {
  if (text === 'bars' || text === 'notes') return text;
  throw new AttuneError('argument/invalid', `--unit takes bars or notes, not "${text}".`, { unit: text });
}
