import { AttuneError, type OnProgress, type Score } from '@attune/core';
import path from 'node:path';
import { readScoreFile } from '../../node/read-score-file.ts';
import { parseWhole } from '../../node/request-options.ts';
import { writePiece } from '../../node/write-piece.ts';
import { performScore } from '../../performance/index.ts';
import { arrangeLeadSheet } from '../arrange.ts';
import { leadSheetOfMusic } from '../lead-sheet-of-music.ts';
import { ARRANGED_STYLES, type ArrangedStyle } from '../style-rules.ts';

export interface ArrangeCommandOptions {
  readonly style: string;
  readonly seed: string;
  readonly output?: string;
  readonly perform?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** `attune-generate arrange FILE --style STYLE`: a band around the file's melody. Returns the file that it wrote. */
export async function arrangeCommand(file: string, options: ArrangeCommandOptions): Promise<string> {
  const style = parseArrangedStyle(options.style);
  const seed = parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
  const arranged = arrangeLeadSheet(leadSheetOfMusic(readScoreFile(file)), { style, seed });
  const score: Score = options.perform
    ? performScore(arranged, { seed, ...(style === 'jazz' && { style: 'standards' as const }) })
    : arranged;
  const output = options.output ?? `${path.basename(file, path.extname(file))}-${style}.mid`;
  await writePiece(output, score, {
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  });
  return output;
}

function parseArrangedStyle(text: string): ArrangedStyle {
  const style = ARRANGED_STYLES.find((name) => name === text.trim().toLowerCase());
  if (style) return style;
  throw new AttuneError(
    'argument/invalid',
    `Nothing is arranged in "${text}"; the styles are ${ARRANGED_STYLES.join(', ')}.`,
    { style: text },
  );
}
