import { isAttuneError } from '@attune/core';
import { readFileSync, statSync } from 'node:fs';
import type { Classification } from '../classification.ts';
import { classifyBytes, detectFileKind } from './classify-file.ts';
import { readFeatureTable, tableRow } from './feature-table.ts';
import { isSystemError, systemMessage } from './system-error.ts';
import { loadClassifiers, loadShippedClassifiers } from './shipped.ts';

/** How files are classified and shown. */
export interface ClassifyOptions {
  readonly json?: boolean;
  /** Labels to show. */
  readonly top: number;
  /** Folders of models in place of the shipped ones. */
  readonly model?: readonly string[];
  /** A table with columns that the model reads beside the notes. */
  readonly features?: string;
}

/** Larger files are refused before they are read. */
const MOST_BYTES = 500e6;

/** Classifies each file; a bad one is named on standard error and the others continue. Resolves to the exit status. */
export async function classifyFiles(
  files: readonly string[],
  { json = false, top, model = [], features }: ClassifyOptions,
): Promise<number> {
  const classifiers = model.length === 0 ? await loadShippedClassifiers() : loadClassifiers(model);
  const table = features === undefined ? undefined : readFeatureTable(features);
  let status = 0;
  const width = Math.max(...files.map((file) => file.length));
  for (const file of files) {
    try {
      const bytes = readFile(file);
      const given = table && detectFileKind(bytes) === 'midi' ? tableRow(table, file, bytes) : undefined;
      const result = await classifyBytes(bytes, classifiers, given);
      process.stdout.write(
        `${json ? JSON.stringify(jsonOf(file, result, top)) : `${file.padEnd(width)}  ${textOf(result, top)}`}\n`,
      );
    } catch (error) {
      status = 1;
      process.stderr.write(`attune-classify: ${file}: ${faultOf(error)}\n`);
    }
  }
  return status;
}

/** The bytes of a file, none of more than 500 MB. Throws the system's errors. */
export function readFile(file: string): Uint8Array {
  const { size } = statSync(file);
  if (size > MOST_BYTES) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
  return new Uint8Array(readFileSync(file));
}

function jsonOf(file: string, result: Classification, top: number): object {
  return { file, ...result, probabilities: result.probabilities.slice(0, Math.max(top, 1)) };
}

function textOf({ label, confidence, probabilities, model, unsure }: Classification, top: number): string {
  const percent = (p: number): string => `${(100 * p).toFixed(1)} %`;
  const head =
    label === null
      ? `unsure (${unsure === 'unfamiliar' ? 'unlike the training data' : 'no clear winner'})`
      : `${label} ${percent(confidence)}`;
  const list = probabilities
    .slice(0, top)
    .map((p) => `${p.label} ${percent(p.probability)}`)
    .join(', ');
  return `${top > 1 || label === null ? `${head}: ${list}` : head}  [${model}]`;
}

/** What is wrong with a file, in one sentence. Throws errors on that are no fault of the file. */
export function faultOf(error: unknown): string {
  if (isAttuneError(error)) return error.message;
  if (isSystemError(error)) return systemMessage(error);
  throw error;
}
