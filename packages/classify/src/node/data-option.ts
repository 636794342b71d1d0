import { AttuneError, type Progress } from '@attune/core';
import { findDataDir } from '@attune/core/node';
import { InvalidArgumentError, Option } from 'commander';

/** Kinds of files as a user says them. */
export type KindOption = 'midi' | 'audio';

/** `--only midi|audio`, for a folder that holds both. */
export function kindOption(): Option {
  return new Option('--only <kind>', 'read only files of this kind, where the folder holds both').choices([
    'midi',
    'audio',
  ]);
}

/** A seed as commander parses it: refused, with the name of the option, before any file is read. */
export function seedNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number from 0.');
  return value;
}

/** The values of an option that may be given several times. One value each: a variadic option would swallow the files after it. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** The folder of the data sets: the option, else `ATTUNE_DATA_DIR` or ../shared/data. Throws `dataset/missing`. */
export function requireDataDir(option: string | undefined): string {
  const folder = option ?? findDataDir();
  if (folder !== undefined) return folder;
  throw new AttuneError(
    'dataset/missing',
    'No data sets were found: name their folder with --data or ATTUNE_DATA_DIR.',
  );
}

/** What goes beside the answer, on standard error. */
export function logLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One line that is written over, where a person watches. */
export function showProgress({ done, total, stage }: Progress): void {
  if (process.stderr.isTTY)
    process.stderr.write(
      `\r\u001b[K${done + 1}/${total} ${stage.slice(-60)}${done + 1 === total ? '\n' : ''}`,
    );
}

/** Runs the work with a signal that Ctrl-C fires; the work then ends with `cancelled`. */
export async function whileInterruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}
