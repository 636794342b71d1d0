import { AttuneError, type OnProgress } from '@attune/core';
import path from 'node:path';
import { readScoreFile } from '../../node/read-score-file.ts';
import { parseNumber, parseStyle, parseWhole } from '../../node/request-options.ts';
import { writePiece } from '../../node/write-piece.ts';
import { performScore } from '../perform-score.ts';
import { RULE_NAMES, type PerformanceRules } from '../rules.ts';

export interface PerformCommandOptions {
  readonly output?: string;
  readonly style?: string;
  readonly seed: string;
  /** NAME=K each. */
  readonly rule?: readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** `attune-generate perform FILE`: plays a written piece as musicians would. Returns the file that it wrote. */
export async function performCommand(file: string, options: PerformCommandOptions): Promise<string> {
  const style = options.style === undefined ? undefined : parseStyle(options.style);
  const rules = parseRules(options.rule ?? []);
  const seed = parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
  const played = performScore(readScoreFile(file), { seed, rules, ...(style && { style }) });
  const output = options.output ?? `${path.basename(file, path.extname(file))}-played.mid`;
  await writePiece(output, played, {
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  });
  return output;
}

/** From NAME=K. Throws `argument/invalid` for anything else. */
export function parseRules(values: readonly string[]): Partial<PerformanceRules> {
  return Object.fromEntries(
    values.map((value) => {
      const [name, quantity, ...rest] = value.split('=');
      if (quantity === undefined || rest.length > 0 || !(RULE_NAMES as readonly string[]).includes(name!)) {
        throw new AttuneError(
          'argument/invalid',
          `"${value}" is no rule with its quantity, such as swing=0.5; the rules are ${RULE_NAMES.join(', ')}.`,
          { rule: value },
        );
      }
      return [name!, parseNumber(`rule ${name}`, quantity, -4, 4)];
    }),
  );
}
